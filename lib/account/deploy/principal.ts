import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { Failure } from '../../model/problem';
import type { Aws } from '../aws';
import { tryTo } from '../finding';

/**
 * What an ARN that STS GetCallerIdentity answers with stands for.
 *
 * A session of an assumed role is `arn:aws:sts::123456789012:assumed-role/<role>/<session>`: it has
 * the role's name and not the role's path, so the role's own ARN is known to IAM alone.
 */
export type CallerArn =
  | { readonly kind: 'principal'; readonly arn: string }
  | { readonly kind: 'session'; readonly role: string }
  | { readonly kind: 'unusable'; readonly reason: string };

/** Reads a caller's ARN. Access entries take IAM users and roles (EKS user guide, access entries). */
export function readCallerArn(arn: string): CallerArn {
  if (/^arn:[^:]+:iam::\d{12}:(user|role)\/.+$/.test(arn)) return { kind: 'principal', arn };
  const [, role] = /^arn:[^:]+:sts::\d{12}:assumed-role\/([^/]+)\/[^/]+$/.exec(arn) ?? [];
  if (role !== undefined) return { kind: 'session', role };
  if (/:root$/.test(arn)) return { kind: 'unusable', reason: 'the root user of the account' };
  if (/:federated-user\//.test(arn)) return { kind: 'unusable', reason: 'a federated user' };
  return { kind: 'unusable', reason: `the identity ${arn}` };
}

/**
 * The IAM user or role behind a caller's ARN, as an access entry must name it: with its path, so
 * roles of IAM Identity Center too (`role/aws-reserved/sso.amazonaws.com/<region>/AWSReservedSSO_...`).
 *
 * @throws Failure `no-principal` where the identity cannot have an access entry, or IAM does not say
 *   which role it is.
 */
export async function principalOf({ iam }: Pick<Aws, 'iam'>, callerArn: string): Promise<string> {
  const caller = readCallerArn(callerArn);
  switch (caller.kind) {
    case 'principal':
      return caller.arn;
    case 'unusable': {
      const problem = `an access entry of EKS cannot admit ${caller.reason}`;
      throw new Failure('no-principal', problem, 'sign in as an IAM role or an IAM user');
    }
    case 'session': {
      const { role: RoleName } = caller;
      const { Role } = await iam.send(new GetRoleCommand({ RoleName })).catch((error: unknown) => {
        throw unknownRole(RoleName, error);
      });
      if (Role?.Arn !== undefined) return Role.Arn;
      throw unknownRole(RoleName, new Error('IAM answered without an ARN'));
    }
  }
}

function unknownRole(role: string, error: unknown): Failure {
  const said = error instanceof Error ? error.message : String(error);
  const problem = `the ARN of your role ${role} is not known: ${said}`;
  const fix = `allow iam:GetRole on it, or name it with its path: --admin arn:aws:iam::<account>:role/<path>/${role}`;
  return new Failure('no-principal', problem, fix, { cause: error });
}

/**
 * The IAM user or role that signs the caller's tokens. Undefined where it cannot be found out:
 * preflight asks again, and says why.
 */
export async function callerPrincipal(aws: Aws): Promise<string | undefined> {
  const asked = await tryTo(async () => {
    const { Arn = '' } = await aws.sts.send(new GetCallerIdentityCommand({}));
    return principalOf(aws, Arn);
  });
  return asked.kind === 'done' ? asked.value : undefined;
}

import { GetRoleCommand } from '@aws-sdk/client-iam';
import type { Aws } from '../../lib/account/aws';
import { accessEntries, CLUSTER_ADMIN } from '../../lib/account/deploy/admission';
import type { Template } from '../../lib/account/template';

/** One line of aws-iam-authenticator's mapping. */
export interface RoleMapping {
  readonly rolearn: string;
  readonly username: string;
  readonly groups: readonly string[];
}

/**
 * The mapping that the access entries of a template amount to. As EKS does, it takes a role only by
 * its own ARN, path included; the verifier then knows it by its session, which has no path. Roles
 * that the stack makes itself are left out: nobody signs as them here.
 */
export async function mappingOf(
  { iam }: Aws,
  templates: readonly Template[],
): Promise<readonly RoleMapping[]> {
  const mappings: RoleMapping[] = [];
  for (const { principal, clusterWide } of accessEntries(templates)) {
    const [, account, name] =
      /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principal ?? '') ?? [];
    if (name === undefined) continue;
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
    if (Role?.Arn !== principal) throw new Error(`${principal} is no role of the account`);
    mappings.push({
      rolearn: `arn:aws:iam::${account}:role/${name}`,
      username: `${name}:{{SessionName}}`,
      groups: clusterWide.includes(CLUSTER_ADMIN) ? ['system:masters'] : [],
    });
  }
  return mappings;
}

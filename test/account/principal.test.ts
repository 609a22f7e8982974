import type { GetRoleCommand } from '@aws-sdk/client-iam';
import type { Aws } from '../../lib/account/aws';
import { principalOf, readCallerArn } from '../../lib/account/deploy/principal';

// Forms of the ARN that GetCallerIdentity answers with (IAM user guide, unique identifiers and ARNs).
test.each([
  [
    'an IAM user with a path',
    'arn:aws:iam::123456789012:user/ops/ana',
    { kind: 'principal', arn: 'arn:aws:iam::123456789012:user/ops/ana' },
  ],
  [
    'a session of a role',
    'arn:aws:sts::123456789012:assumed-role/Builder/ana@example.com',
    { kind: 'session', role: 'Builder' },
  ],
  [
    'IAM Identity Center',
    'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0a1b/ana',
    { kind: 'session', role: 'AWSReservedSSO_Admin_0a1b' },
  ],
  [
    'another partition',
    'arn:aws-cn:sts::123456789012:assumed-role/Builder/i-0123',
    { kind: 'session', role: 'Builder' },
  ],
  [
    'the root user',
    'arn:aws:iam::123456789012:root',
    { kind: 'unusable', reason: 'the root user of the account' },
  ],
  [
    'a federated user',
    'arn:aws:sts::123456789012:federated-user/ana',
    { kind: 'unusable', reason: 'a federated user' },
  ],
])('%s', (_, arn, expected) => {
  expect(readCallerArn(arn)).toEqual(expected);
});

type Iam = Pick<Aws, 'iam'>;

const knowing = (roles: Readonly<Record<string, string>>): Iam =>
  ({
    iam: {
      send: async ({ input: { RoleName = '' } }: GetRoleCommand) => {
        if (roles[RoleName] === undefined)
          throw new Error('not authorized to perform: iam:GetRole');
        return { Role: { Arn: roles[RoleName] } };
      },
    },
  }) as unknown as Iam;

test('the role of a session is named with its path, which the session does not have', async () => {
  const role = 'AWSReservedSSO_Admin_0a1b';
  const arn = `arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/${role}`;
  const session = `arn:aws:sts::123456789012:assumed-role/${role}/ana`;
  await expect(principalOf(knowing({ [role]: arn }), session)).resolves.toBe(arn);
});

test('where IAM does not say, the failure names the permission and the option', async () => {
  const session = 'arn:aws:sts::123456789012:assumed-role/Builder/ana';
  await expect(principalOf(knowing({}), session)).rejects.toMatchObject({
    code: 'no-principal',
    problem: expect.stringContaining('iam:GetRole'),
    fix: expect.stringContaining('--admin'),
  });
  await expect(principalOf(knowing({}), 'arn:aws:iam::123456789012:root')).rejects.toMatchObject({
    code: 'no-principal',
  });
});

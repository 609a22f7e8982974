import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CALLS } from '../../lib/account/calls';
import { policyFor } from '../../lib/account/permissions';

const room = resolve(__dirname, '../../lib/account');

/** `client command` of every command and paginator that the room's files import. */
const imported = readdirSync(room, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const text = readFileSync(join(room, file), 'utf8');
    return [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([^']+)'/g)];
  })
  .flatMap(([, names = '', client = '']) =>
    names.split(',').flatMap((name) => {
      const own = name.trim().split(/\s+as\s+/)[0] ?? '';
      const command = /^(\w+)Command$/.exec(own)?.[1] ?? /^paginate(\w+)$/.exec(own)?.[1];
      return command === undefined ? [] : [`${client} ${command}`];
    }),
  );

test('the table lists every call the room makes, and no other', () => {
  const listed = CALLS.filter(({ client }) => client !== '').map((c) => `${c.client} ${c.command}`);
  expect([...new Set(listed)].sort()).toEqual([...new Set(imported)].sort());
  expect(imported.length).toBeGreaterThan(60);
});

const options = { lab: 'capstone', account: '123456789012', region: 'eu-west-1' };

test('teardown may look anywhere, and remove only by tag, by name, or here', () => {
  const { Statement } = policyFor(['teardown'], options);
  expect(Statement.map(({ Sid }) => Sid).sort()).toEqual([
    'LabStacks',
    'Look',
    'RemoveBalancersOfTheCluster',
    'RemoveLogs',
    'RemoveTagged',
    'RemoveUntaggedInThisRegion',
    'RemoveVolumesOfTheCluster',
  ]);
  const [look, ...removals] = Statement;
  expect(look?.Action.filter((a) => !/:(Describe|List|Get)/.test(a))).toEqual([]);
  for (const { Resource, Condition } of removals) {
    expect(Resource === '*' ? Condition?.StringEquals?.['aws:RequestedRegion'] : 'named').toMatch(
      /^(eu-west-1|named)$/,
    );
  }
  expect(Statement.find(({ Sid }) => Sid === 'RemoveTagged')).toMatchObject({
    Condition: { StringEquals: { 'aws:ResourceTag/eks-network-labs:lab': 'capstone' } },
  });
});

test('deploying removes nothing and acts through the roles of the bootstrap', () => {
  const { Statement } = policyFor(['deploy'], options);
  const actions = Statement.flatMap(({ Action }) => Action);
  expect(actions.filter((a) => /Delete|Revoke|Terminate|Release|Detach/.test(a))).toEqual([]);
  expect(Statement.find(({ Action }) => Action.includes('sts:AssumeRole'))?.Resource).toBe(
    'arn:aws:iam::123456789012:role/cdk-hnb659fds-*-123456789012-eu-west-1',
  );
});

test('extending touches one schedule and passes one role', () => {
  expect(policyFor(['extend'], options).Statement.map(({ Resource }) => Resource)).toEqual([
    'arn:aws:scheduler:eu-west-1:123456789012:schedule/default/capstone-expiry',
    'arn:aws:iam::123456789012:role/eks-network-labs/capstone/*',
  ]);
});

test('every policy fits into a managed one (6,144 characters without spaces)', () => {
  for (const purpose of ['deploy', 'status', 'extend', 'teardown', 'export'] as const) {
    expect(JSON.stringify(policyFor([purpose], options)).length).toBeLessThan(6_144);
  }
});

test('the policies in PERMISSIONS.md are the ones made from the table', () => {
  const text = readFileSync(join(room, 'PERMISSIONS.md'), 'utf8');
  const shown = { lab: 'capstone', account: '123456789012', region: 'us-east-1' };
  const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) =>
    JSON.parse(json),
  );
  expect(blocks).toEqual([
    policyFor(['deploy', 'status', 'extend'], shown),
    policyFor(['teardown'], shown),
    policyFor(['export'], shown),
  ]);
});

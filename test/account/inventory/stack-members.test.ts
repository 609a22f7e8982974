import fc from 'fast-check';
import type { Leftover, LeftoverKind } from '../../../lib/account/inventory/leftover';
import { membersOfStack, withStack } from '../../../lib/account/inventory/stack-members';
import { sortByOwner } from '../../../lib/account/teardown/owner';
import { LAB_TAG } from '../../../lib/model/lab-tags';

const LAB = 'capstone';
const STACK = `${LAB}-cluster`;

const item = (kind: LeftoverKind, id: string, more: Partial<Leftover> = {}): Leftover => ({
  kind,
  id,
  name: '',
  tags: {},
  vpcs: [],
  status: { kind: 'idle' },
  perHour: 0,
  ...more,
});
const marked = (one: Leftover, ...resources: { type: string; physicalId: string }[]): boolean =>
  withStack(one, LAB, new Map(membersOfStack(STACK, resources))).tags[LAB_TAG] === LAB;

test.each<[string, string, string, Leftover]>([
  ['a VPC', 'AWS::EC2::VPC', 'vpc-1', item('vpc', 'vpc-1')],
  [
    'an address by its allocation',
    'AWS::EC2::EIP',
    '192.0.2.1|eipalloc-1',
    item('address', 'eipalloc-1'),
  ],
  [
    'an address by itself',
    'AWS::EC2::EIP',
    '192.0.2.1',
    item('address', 'eipalloc-1', { name: '192.0.2.1' }),
  ],
  [
    'a profile',
    'AWS::EKS::FargateProfile',
    'capstone|dns',
    item('fargate-profile', 'capstone/dns'),
  ],
  ['a log group', 'AWS::Logs::LogGroup', '/a/b', item('log-group', '/a/b')],
])('%s is known by its physical id', (_, type, physicalId, one) => {
  expect(marked(one, { type, physicalId })).toBe(true);
});

test.each<[string, string, string, Leftover]>([
  [
    "a VPC whose Name is the cluster's",
    'AWS::EKS::Cluster',
    'capstone',
    item('vpc', 'vpc-2', { name: 'capstone' }),
  ],
  [
    'a VPC whose Name is the id of ours',
    'AWS::EC2::VPC',
    'vpc-1',
    item('vpc', 'vpc-2', { name: 'vpc-1' }),
  ],
  [
    'a balancer with the name of an add-on',
    'AWS::EKS::Addon',
    'capstone|coredns',
    item('classic-load-balancer', 'coredns'),
  ],
  [
    'a volume with the name of an attachment',
    'AWS::EC2::VPCGatewayAttachment',
    'IGW|vpc-1',
    item('volume', 'vol', { name: 'IGW' }),
  ],
  ['the VPC of an attachment', 'AWS::EC2::VPCGatewayAttachment', 'IGW|vpc-1', item('vpc', 'vpc-1')],
  [
    'a log group with the name of a cluster',
    'AWS::EKS::Cluster',
    'capstone',
    item('log-group', 'capstone'),
  ],
  ['anything, where the stack gives no id yet', 'AWS::EC2::VPC', '', item('vpc', '')],
])('%s is not marked', (_, type, physicalId, one) => {
  expect(marked(one, { type, physicalId })).toBe(false);
});

test("a colleague's VPC with the cluster's name, and the load balancer in it, stay", () => {
  const vpc = item('vpc', 'vpc-bob', {
    name: LAB,
    tags: { Name: LAB, team: 'bob' },
    vpcs: ['vpc-bob'],
  });
  const site = item('load-balancer', 'arn:bobs-site', { name: 'bobs-site', vpcs: ['vpc-bob'] });
  const members = new Map(membersOfStack(STACK, [{ type: 'AWS::EKS::Cluster', physicalId: LAB }]));
  const seen = [vpc, site].map((one) => withStack(one, LAB, members));
  expect(sortByOwner(seen, LAB).ours).toEqual([]);
});

const TYPES = [
  ['AWS::EC2::VPC', 'vpc'],
  ['AWS::EC2::Subnet', 'subnet'],
  ['AWS::EC2::SecurityGroup', 'security-group'],
  ['AWS::EC2::Instance', 'instance'],
  ['AWS::EC2::Volume', 'volume'],
  ['AWS::EC2::NatGateway', 'nat-gateway'],
  ['AWS::EC2::LaunchTemplate', 'launch-template'],
  ['AWS::ElasticLoadBalancing::LoadBalancer', 'classic-load-balancer'],
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'load-balancer'],
  ['AWS::EKS::Cluster', 'cluster'],
  ['AWS::EKS::Addon', undefined],
  ['AWS::IAM::Role', undefined],
] as const;
const WORDS = [LAB, `${LAB}-network`, 'coredns', 'vpc-1', 'sg-1', 'i-1', 'arn:1', 'IGW'];

test('random stacks and accounts: marked is exactly what has the kind and the id', () => {
  const kinds = TYPES.flatMap(([, kind]) => kind ?? []);
  const word = fc.constantFrom(...WORDS);
  const resource = fc.record({ type: fc.constantFrom(...TYPES), physicalId: word });
  const seen = fc.record({ kind: fc.constantFrom(...kinds), id: word, name: word });
  fc.assert(
    fc.property(
      fc.array(resource, { maxLength: 8 }),
      fc.array(seen, { maxLength: 12 }),
      (stack, account) => {
        const resources = stack.map(({ type: [type], physicalId }) => ({ type, physicalId }));
        for (const { kind, id, name } of account) {
          const isOurs = stack.some(
            ({ type: [, made], physicalId }) => made === kind && physicalId === id,
          );
          const one = item(kind, id, { name, tags: { Name: name } });
          expect(marked(one, ...resources)).toBe(isOurs);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

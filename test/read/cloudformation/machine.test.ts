import { readTemplates } from '../../../lib/read/cloudformation/templates';
import { readFlows } from '../../../lib/read/flows/flows';
import { readWorld } from '../../../lib/read/world';
import { MACHINES, machineWorld } from '../../build/machines';

const ofMachines = () =>
  machineWorld()
    .vpcs.flatMap(({ interfaces }) => interfaces)
    .filter(({ owner }) => owner.kind === 'resource');

test('every machine has its interfaces: address, subnet, groups, public address, ports', () => {
  const lines = ofMachines().map(({ id, addresses, subnet, securityGroups, publicIp, serves }) =>
    [
      id.padEnd(14),
      addresses.join(' ').padEnd(11),
      subnet.replace('machines.', '').padEnd(5),
      securityGroups.map((group) => group.replace('machines.', '')).join(' '),
      ...(publicIp === undefined ? [] : [publicIp]),
      ...(serves?.length ? [`serves ${serves.join(' ')}`] : []),
    ].join(' '),
  );
  expect(lines).toEqual([
    'Spare          10.0.11.9   DataB Stores',
    // Its subnet gives public addresses; the others' do not.
    'Bastion        10.0.0.254  Edge  Open 198.51.100.129',
    'Worker         10.0.1.254  Apps  Clients Open',
    'Lost           10.0.10.77  DataA Open 198.51.100.2',
    'Plain          10.0.1.253  Apps  Vpc.default-group',
    'Fleet          10.0.11.254 DataB Clients',
    'Database/DataA 10.0.10.254 DataA Stores serves 5432',
    'Database/DataB 10.0.11.253 DataB Stores serves 5432',
    'Cache          10.0.11.252 DataB Stores serves 6379',
    'Reporter/Apps  10.0.1.252  Apps  Clients',
    'Reporter/DataB 10.0.11.251 DataB Clients',
    'Tasks          10.0.1.251  Apps  Clients serves 8080',
    'Files          10.0.10.253 DataA Stores serves 2049',
  ]);
});

test('machines change nobody else: the NAT gateway has the address it has without them', () => {
  const [vpc] = machineWorld().vpcs;
  expect(vpc?.natGateways.map(({ privateIp, publicIp }) => [privateIp, publicIp])).toEqual([
    ['10.0.0.4', '198.51.100.1'],
  ]);
});

test('a machine whose subnets are in no template is left out, and that is said', () => {
  const text = `${MACHINES}
  Stray: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: subnet-123 } }
  Default: { Type: 'AWS::EC2::Instance', Properties: {} }
`;
  const reading = readTemplates([{ path: 'm.yaml', text }]);
  expect(reading.kind === 'read' ? reading.warnings : reading.problems).toEqual([
    expect.objectContaining({
      path: 'Resources.Stray.Properties',
      problem: 'its subnets are in no template: it stands nowhere',
    }),
    expect.objectContaining({ path: 'Resources.Default.Properties' }),
  ]);
});

test('two machines of one name are called by their stack and logical id', () => {
  const world = machineWorld(`
  Other: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: !Ref Apps, Tags: [{ Key: Name, Value: Cache }] } }
`);
  const ids = world.vpcs.flatMap(({ interfaces }) => interfaces.map(({ id }) => id));
  expect(ids).toContain('machines.Cache');
  expect(ids).toContain('machines.Other');
});

test('a scaling group with the tag of a cluster starts its nodes, and is no machine beside it', () => {
  const text = `${MACHINES}
  Cluster: { Type: 'AWS::EKS::Cluster', Properties: { Name: shop, ResourcesVpcConfig: { SubnetIds: [!Ref Apps] } } }
  Nodes:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: '1'
      MaxSize: '5'
      DesiredCapacity: '3'
      VPCZoneIdentifier: [!Ref Apps]
      LaunchTemplate: { LaunchTemplateId: !Ref FleetTemplate, Version: '1' }
      Tags: [{ Key: kubernetes.io/cluster/shop, Value: owned, PropagateAtLaunch: true }]
`;
  const reading = readTemplates([{ path: 'machines.yaml', text }]);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  expect(reading.value.nodeGroups).toEqual([
    {
      id: 'machines.Nodes',
      name: 'Nodes',
      kind: 'self-managed',
      cluster: 'machines.Cluster',
      vpc: 'machines.Vpc',
      subnets: ['machines.Apps'],
      securityGroups: ['machines.Clients'],
      size: 3,
      maxSize: 5,
      labels: {},
      metadata: { metadataHops: { unknown: expect.stringContaining('HttpPutResponseHopLimit') } },
    },
  ]);
  const ids = reading.value.vpcs.flatMap(({ interfaces }) => interfaces.map(({ id }) => id));
  expect(ids.filter((id) => id.startsWith('Nodes'))).toEqual([]);
});

// RDS API, CreateDBInstance: PubliclyAccessible.
test.each([
  ['the VPC has an internet gateway', '', /PubliclyAccessible/],
  ['it has none', 'Attached', undefined],
])('whether a database is public where the template does not say: %s', (_, without, unknown) => {
  const text = MACHINES.split('\n')
    .filter((line) => without === '' || !line.startsWith(`  ${without}:`))
    .join('\n');
  const reading = readTemplates([{ path: 'machines.yaml', text }]);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  const [database] = reading.value.vpcs
    .flatMap(({ interfaces }) => interfaces)
    .filter(({ id }) => id === 'Database/DataA');
  expect(database?.publicIp).toBeUndefined();
  if (unknown === undefined) expect(database?.publicUnknown).toBeUndefined();
  else expect(database?.publicUnknown).toMatch(unknown);
});

// VPC user guide: exclusions of Block Public Access are for a VPC or a subnet.
test.each([
  ['none', '', 'ingress'],
  ['of this VPC', '!Ref Vpc', { unknown: 'what Free excludes from VPC Block Public Access' }],
  ['of another VPC', '!Ref Other', 'ingress'],
])('Block Public Access with an exclusion %s', (_, vpc, expected) => {
  const free = `Free: { Type: 'AWS::EC2::VPCBlockPublicAccessExclusion', Properties: { VpcId: ${vpc}, InternetGatewayExclusionMode: allow-bidirectional } }`;
  const { vpcs } = machineWorld(`
  Other: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.9.0.0/16 } }
  Block: { Type: 'AWS::EC2::VPCBlockPublicAccessOptions', Properties: { InternetGatewayBlockMode: block-ingress } }
  ${vpc === '' ? '' : free}
`);
  expect(vpcs.find(({ name }) => name === 'Vpc')?.publicAccessBlock).toEqual(expected);
});

describe('flows name interfaces', () => {
  const read = (to: string) =>
    readFlows(
      {
        path: 'flows.jsonl',
        text: JSON.stringify({ from: 'eni:Bastion', to, protocol: 'TCP', port: 5432 }),
      },
      machineWorld(),
    );

  test.each([
    ['eni:Cache', 'Cache'],
    ['eni:Database', 'Database'],
    ['eni:Database/DataB', 'Database/DataB'],
  ])('%s is %s', (text, name) => {
    const reading = read(text);
    expect(reading.kind === 'read' && reading.value[0]?.to).toEqual({ kind: 'eni', name });
  });

  test('one that does not exist is refused with the nearest', () => {
    const reading = read('eni:Datbase/DataB');
    expect(reading.kind === 'problems' && reading.problems).toEqual([
      expect.objectContaining({
        problem: "there is no interface 'Datbase/DataB'",
        fix: 'write eni:Database/DataB',
      }),
    ]);
  });
});

test('a logical id with an underscore is read, with a remark that CloudFormation refuses it', () => {
  const text = `
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.0.0.0/16 } }
  None_: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: !Ref Vpc, GroupDescription: none } }
`;
  const reading = readWorld({ manifests: [], templates: [{ path: 't.yaml', text }] });
  expect(reading).toMatchObject({
    kind: 'read',
    warnings: [
      {
        path: 'Resources.None_',
        problem: 'CloudFormation refuses the logical id None_: it has an underscore',
      },
    ],
  });
});

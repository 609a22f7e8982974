import { planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import { verdictOf } from '../../../lib/model/observation';
import { createEngine } from '../../../lib/reach/engine';
import { readFlows } from '../../../lib/read/flows/flows';
import { readWorld } from '../../../lib/read/world';
import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describePackets } from '../kernel';

const ref = (name: string) => ({ Ref: name });
const make = (type: string, properties: object = {}) => ({
  Type: `AWS::EC2::${type}`,
  Properties: properties,
});
const group = (vpc: string, more: object) =>
  make('SecurityGroup', { GroupDescription: 'test', VpcId: ref(vpc), ...more });
const id = (name: string) => ({ 'Fn::GetAtt': [name, 'GroupId'] });
const all = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };
const tcp = (port: number, more: object) => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  ...more,
});
const machine = (subnet: string, address: string, ofGroup: string) =>
  make('Instance', {
    SubnetId: ref(subnet),
    PrivateIpAddress: address,
    SecurityGroupIds: [id(ofGroup)],
  });
const route = (table: string, to: object, by: object) =>
  make('Route', { RouteTableId: ref(table), ...to, ...by });
const join = (subnet: string, table: string) =>
  make('SubnetRouteTableAssociation', { SubnetId: ref(subnet), RouteTableId: ref(table) });

/** A public VPC and one that is peered with it, whose groups name each other. */
const PEERED = {
  Net: make('VPC', { CidrBlock: '10.31.0.0/16' }),
  Far: make('VPC', { CidrBlock: '10.32.0.0/16' }),
  Peer: make('VPCPeeringConnection', { VpcId: ref('Net'), PeerVpcId: ref('Far') }),
  Igw: make('InternetGateway'),
  Attach: make('VPCGatewayAttachment', { VpcId: ref('Net'), InternetGatewayId: ref('Igw') }),
  A: make('Subnet', { VpcId: ref('Net'), CidrBlock: '10.31.1.0/24', MapPublicIpOnLaunch: true }),
  B: make('Subnet', { VpcId: ref('Far'), CidrBlock: '10.32.1.0/24' }),
  NetTable: make('RouteTable', { VpcId: ref('Net') }),
  FarTable: make('RouteTable', { VpcId: ref('Far') }),
  JoinA: join('A', 'NetTable'),
  JoinB: join('B', 'FarTable'),
  Out: route('NetTable', { DestinationCidrBlock: '0.0.0.0/0' }, { GatewayId: ref('Igw') }),
  There: route(
    'NetTable',
    { DestinationCidrBlock: '10.32.0.0/16' },
    { VpcPeeringConnectionId: ref('Peer') },
  ),
  Back: route(
    'FarTable',
    { DestinationCidrBlock: '10.31.0.0/16' },
    { VpcPeeringConnectionId: ref('Peer') },
  ),
  WebGroup: group('Net', { SecurityGroupIngress: [all] }),
  DbGroup: group('Far', {
    SecurityGroupIngress: [tcp(5432, { SourceSecurityGroupId: id('WebGroup') })],
  }),
  NarrowGroup: group('Net', {
    SecurityGroupEgress: [tcp(5432, { DestinationSecurityGroupId: id('DbGroup') })],
  }),
  DbAlso: make('SecurityGroupIngress', {
    GroupId: id('DbGroup'),
    ...tcp(5432, { SourceSecurityGroupId: id('NarrowGroup') }),
  }),
  Web: machine('A', '10.31.1.10', 'WebGroup'),
  Narrow: machine('A', '10.31.1.11', 'NarrowGroup'),
  Db: machine('B', '10.32.1.10', 'DbGroup'),
};

const flow = (from: string, to: string, port: number, protocol = 'TCP') => ({
  from,
  to,
  protocol,
  port,
});
const IN = flow('internet', 'eni:Web', 80);
const OUT = flow('eni:Web', 'internet', 443);
const DNS = flow('eni:Web', 'ip:169.254.169.253', 53, 'UDP');

const block = (mode: string) => ({
  Block: make('VPCBlockPublicAccessOptions', { InternetGatewayBlockMode: mode }),
});

/** A template, flows over it, and what AWS does with each. */
const CASES: readonly (readonly [string, object, readonly object[], readonly string[]])[] = [
  [
    'group references over a peering, in rules of both directions (VPC peering guide)',
    PEERED,
    [
      flow('eni:Web', 'eni:Db', 5432),
      flow('eni:Narrow', 'eni:Db', 5432),
      flow('eni:Narrow', 'eni:Db', 22),
      flow('eni:Db', 'eni:Narrow', 5432),
    ],
    ['allowed', 'allowed', 'denied', 'denied'],
  ],
  ['an open VPC', PEERED, [IN, OUT, DNS], ['allowed', 'allowed', 'allowed']],
  [
    'VPC Block Public Access in both directions',
    { ...PEERED, ...block('block-bidirectional') },
    [IN, OUT],
    ['denied', 'denied'],
  ],
  [
    'EnableDnsSupport: false',
    {
      ...PEERED,
      Net: make('VPC', { CidrBlock: '10.31.0.0/16', EnableDnsSupport: false }),
    },
    [DNS, OUT],
    ['denied', 'allowed'],
  ],
  [
    'an internet gateway of another VPC',
    {
      ...PEERED,
      Attach: make('VPCGatewayAttachment', { VpcId: ref('Far'), InternetGatewayId: ref('Igw') }),
      Own: make('InternetGateway'),
      OwnAttach: make('VPCGatewayAttachment', { VpcId: ref('Net'), InternetGatewayId: ref('Own') }),
    },
    [OUT],
    ['denied'],
  ],
  [
    'an interface endpoint begins no connection',
    {
      ...PEERED,
      Sts: make('VPCEndpoint', {
        VpcEndpointType: 'Interface',
        ServiceName: 'com.amazonaws.eu-west-1.sts',
        VpcId: ref('Net'),
        SubnetIds: [ref('A')],
        SecurityGroupIds: [id('WebGroup')],
      }),
    },
    [flow('eni:sts/A', 'eni:Web', 80), flow('eni:Web', 'eni:sts/A', 443)],
    ['denied', 'allowed'],
  ],
];

describePackets('what a VPC closes, by prediction and by packets', () => {
  test.each(CASES)('%s', async (_, resources, lines, right) => {
    const text = JSON.stringify({ Resources: resources });
    const reading = readWorld({ manifests: [], templates: [{ path: 'net.json', text }] });
    if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
    const world = reading.value;
    const list = lines.map((one) => JSON.stringify(one)).join('\n');
    const flows = readFlows({ path: 'flows.jsonl', text: list }, world);
    if (flows.kind === 'problems') throw new Error(JSON.stringify(flows.problems));
    const engine = createEngine(world, { staged: 'as-written' });
    expect(flows.value.map((one) => engine.explain(one).verdict)).toEqual(right);
    const sandbox = await openSandbox({ mode: 'tied' });
    try {
      await sandbox.run(planWorld(world));
      const probes = flows.value.map((one) => probeOf(world, one));
      const observed = await sandbox.probe(probes, { timeoutMs: 400, trace: 'off' });
      expect(observed.map(({ outcome }) => verdictOf(outcome))).toEqual(right);
    } finally {
      await sandbox.close();
    }
  });
});

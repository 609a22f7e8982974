import { balancersOf } from '../../../lib/account/cost/balancers';
import { type Cost, costOf } from '../../../lib/account/cost/cost';
import { compareText, costText } from '../../../lib/account/cost/text';
import type { Template } from '../../../lib/account/template';

const day = '2026-11-21';

const template = (name: string, Resources: object, more: object = {}): Template => ({
  name,
  body: { Resources, ...more },
});

/** The lines of one resource, as `count x what = per hour`. */
const lines = (cost: Cost): readonly string[] =>
  cost.lines.map((line) => `${line.count} x ${line.what} = ${line.perHour}`);

const costOfOne = (Type: string, Properties: object): Cost =>
  costOf([template('s', { It: { Type, Properties } })], { day });

test.each`
  type                                           | properties                                                               | expected
  ${'AWS::EKS::Cluster'}                         | ${{ Version: '1.35' }}                                                   | ${['1 x EKS control plane = 0.1']}
  ${'AWS::EKS::Cluster'}                         | ${{ Version: '1.33' }}                                                   | ${['1 x EKS control plane, extended support (1.33) = 0.6']}
  ${'AWS::EKS::Cluster'}                         | ${{ Version: '1.36', ControlPlaneScalingConfig: { Tier: 'tier-xl' } }}   | ${['1 x EKS control plane = 0.1', '1 x tier-xl = 1.65']}
  ${'AWS::EC2::NatGateway'}                      | ${{}}                                                                    | ${['1 x NAT gateway = 0.045']}
  ${'AWS::EC2::EIP'}                             | ${{}}                                                                    | ${['1 x public IPv4 = 0.005']}
  ${'AWS::EC2::VPCEndpoint'}                     | ${{ VpcEndpointType: 'Interface', SubnetIds: ['a', 'b', 'c'] }}          | ${['3 x interface endpoint = 0.03']}
  ${'AWS::EC2::VPCEndpoint'}                     | ${{ VpcEndpointType: 'Gateway' }}                                        | ${[]}
  ${'AWS::EC2::VPCEndpoint'}                     | ${{}}                                                                    | ${[]}
  ${'AWS::EKS::Nodegroup'}                       | ${{}}                                                                    | ${['2 x instance t3.medium = 0.0832', '2 x volume gp3 20 GiB = 0.004384']}
  ${'AWS::EKS::Nodegroup'}                       | ${{ ScalingConfig: { DesiredSize: '3' }, InstanceTypes: ['m6i.large'] }} | ${['3 x instance m6i.large = 0.288', '3 x volume gp3 20 GiB = 0.006575']}
  ${'AWS::EKS::Nodegroup'}                       | ${{ CapacityType: 'SPOT', DiskSize: 50 }}                                | ${['2 x instance t3.medium (spot: at most) = 0.0832', '2 x volume gp3 50 GiB = 0.010959']}
  ${'AWS::KMS::Key'}                             | ${{}}                                                                    | ${['1 x KMS key = 0.00137']}
  ${'AWS::ElasticLoadBalancingV2::LoadBalancer'} | ${{ Type: 'network', Scheme: 'internet-facing', Subnets: ['a', 'b'] }}   | ${['1 x network load balancer = 0.0225', '2 x public IPv4 of a load balancer = 0.01']}
  ${'AWS::ElasticLoadBalancingV2::LoadBalancer'} | ${{ Scheme: 'internal', Subnets: ['a', 'b'] }}                           | ${['1 x application load balancer = 0.0225']}
  ${'AWS::EC2::Volume'}                          | ${{ Size: 100, VolumeType: 'gp3' }}                                      | ${['1 x volume gp3 100 GiB = 0.010959']}
  ${'AWS::AutoScaling::AutoScalingGroup'}        | ${{ MinSize: '1', DesiredCapacity: '3' }}                                | ${['3 x volume gp3 8 GiB = 0.00263']}
  ${'AWS::AutoScaling::AutoScalingGroup'}        | ${{ MinSize: '1' }}                                                      | ${['1 x volume gp3 8 GiB = 0.000877']}
  ${'AWS::AutoScaling::AutoScalingGroup'}        | ${{}}                                                                    | ${[]}
  ${'AWS::EC2::Subnet'}                          | ${{}}                                                                    | ${[]}
`('$type $properties', ({ type, properties, expected }) => {
  expect(lines(costOfOne(type, properties))).toEqual(expected);
});

test('a launch template in another stack gives disks, and a public subnet addresses', () => {
  const network = template(
    'net',
    { Public: { Type: 'AWS::EC2::Subnet', Properties: { MapPublicIpOnLaunch: true } } },
    { Outputs: { S: { Value: { Ref: 'Public' }, Export: { Name: 'net:public' } } } },
  );
  const cluster = template('eks', {
    Launch: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: {
        LaunchTemplateData: {
          InstanceType: 'm7g.large',
          BlockDeviceMappings: [{ Ebs: { VolumeSize: 80, VolumeType: 'gp3' } }],
        },
      },
    },
    Nodes: {
      Type: 'AWS::EKS::Nodegroup',
      Properties: {
        LaunchTemplate: { Id: { Ref: 'Launch' } },
        ScalingConfig: { DesiredSize: { Ref: 'Size' } },
        Subnets: [{ 'Fn::ImportValue': 'net:public' }],
      },
    },
  });
  const sized = {
    ...cluster,
    body: { ...(cluster.body as object), Parameters: { Size: { Default: 4 } } },
  };
  expect(lines(costOf([network, sized], { day }))).toEqual([
    '4 x instance m7g.large = 0.3264',
    '4 x volume gp3 80 GiB = 0.035068',
    '4 x public IPv4 of nodes = 0.02',
  ]);
});

test('what has no price is listed, never dropped, and in no sum', () => {
  const cost = costOf(
    [
      template('s', {
        Db: { Type: 'AWS::RDS::DBInstance', Properties: {} },
        Node: { Type: 'AWS::EC2::Instance', Properties: { InstanceType: 'x99.large' } },
        Broken: {},
      }),
    ],
    { day },
  );
  expect(cost.unknown).toEqual([
    { what: '1 x instance x99.large', of: 's/Node' },
    { what: 'AWS::RDS::DBInstance', of: 's/Db' },
    { what: '(no type)', of: 's/Broken' },
  ]);
  expect(lines(cost)).toEqual(['1 x volume gp3 8 GiB = 0.000877']);
});

test('every resource is counted exactly once as billed, metered, free or unknown', () => {
  const cost = costOf(
    [
      template('s', {
        A: { Type: 'AWS::EC2::VPC' },
        B: { Type: 'AWS::EC2::VPC' },
        C: { Type: 'AWS::Logs::LogGroup' },
        D: { Type: 'Custom::VpcRestrictDefaultSG' },
        E: { Type: 'AWS::EC2::EIP' },
        F: { Type: 'AWS::Made::Up' },
      }),
    ],
    { day },
  );
  expect(cost.free).toEqual({ 'AWS::EC2::VPC': 2, 'Custom::VpcRestrictDefaultSG': 1 });
  expect(cost.metered.map(({ of }) => of)).toEqual(['s/C']);
  expect(cost.lines.map(({ of }) => of)).toEqual(['s/E']);
  expect(cost.unknown.map(({ of }) => of)).toEqual(['s/F']);
});

test('an hour, a session, a forgotten weekend', () => {
  const { perHour, session, weekend } = costOf(
    [template('s', { C: { Type: 'AWS::EKS::Cluster', Properties: { Version: '1.35' } } })],
    { day, sessionHours: 4 },
  );
  expect({ perHour, session, weekend }).toEqual({
    perHour: 0.1,
    session: { hours: 4, usd: 0.4 },
    weekend: { hours: 60, usd: 6 },
  });
});

const scheme = 'service.beta.kubernetes.io/aws-load-balancer-scheme';
const service = (name: string, type: string, annotations = {}) => ({
  kind: 'Service',
  metadata: { namespace: 'shop', name, annotations },
  spec: { type },
});
const ingress = (name: string, annotations: object) => ({
  kind: 'Ingress',
  metadata: { namespace: 'shop', name, annotations },
  spec: { ingressClassName: 'alb' },
});

test('load balancers that manifests ask for: two Ingresses of one group share one', () => {
  const group = { 'alb.ingress.kubernetes.io/group.name': 'all' };
  const manifests = [
    service('web', 'LoadBalancer', { [scheme]: 'internet-facing' }),
    service('db', 'ClusterIP'),
    { kind: 'List', items: [service('api', 'LoadBalancer')] },
    ingress('one', group),
    ingress('two', group),
    ingress('three', {}),
    { kind: 'Gateway', metadata: { name: 'gw' }, spec: { gatewayClassName: 'aws-nlb' } },
    { kind: 'Gateway', metadata: { name: 'mesh' }, spec: { gatewayClassName: 'istio' } },
  ];
  const balancers = balancersOf(manifests);
  expect(balancers).toEqual([
    { kind: 'network', scheme: 'internet-facing', of: 'Service shop/web' },
    { kind: 'network', scheme: 'internal', of: 'Service shop/api' },
    { kind: 'application', scheme: 'internal', of: 'Ingress group all' },
    { kind: 'application', scheme: 'internal', of: 'Ingress shop/three' },
    { kind: 'network', scheme: 'internet-facing', of: 'Gateway default/gw' },
  ]);
  expect(lines(costOf([], { day, balancers: balancers.slice(0, 1) }))).toEqual([
    '1 x network load balancer = 0.0225',
    '2 x public IPv4 of a load balancer = 0.01',
  ]);
});

test('as a person sees it', () => {
  const cost = costOf(
    [
      template('small-cluster', {
        Cluster: { Type: 'AWS::EKS::Cluster', Properties: { Version: '1.35' } },
        Nodes: { Type: 'AWS::EKS::Nodegroup' },
        Nat: { Type: 'AWS::EC2::NatGateway' },
        Vpc: { Type: 'AWS::EC2::VPC' },
        Odd: { Type: 'AWS::Made::Up' },
      }),
    ],
    { day },
  );
  expect(costText(cost)).toMatchInlineSnapshot(`
[
  "what                where                  count   each/h  per hour",
  "EKS control plane   small-cluster/Cluster      1    $0.10     $0.10",
  "instance t3.medium  small-cluster/Nodes        2  $0.0416   $0.0832",
  "volume gp3 20 GiB   small-cluster/Nodes        2  $0.0022   $0.0044",
  "NAT gateway         small-cluster/Nat          1  $0.0450   $0.0450",
  "total                                                         $0.23",
  "",
  "an hour                             $0.23",
  "a session of 8 hours                $1.86",
  "forgotten for a weekend, 60 hours  $13.96",
  "",
  "not in the sum, no price known:",
  "  AWS::Made::Up (small-cluster/Odd)",
  "",
  "not in the sum, billed by use:",
  "  1 x AWS::EKS::Nodegroup: $0.01 per GB each way between zones",
  "  1 x AWS::EC2::NatGateway: $0.045 per GB through a NAT gateway",
  "",
  "Free of charge: 1 (types: 1).",
  "Prices of 2026-11-21, us-east-1: AWS on-demand price lists (EKS, EC2, EBS, VPC, Elastic Load Balancing, KMS, CloudWatch).",
]
`);
  expect(compareText([{ name: 'a small', cost }])).toMatchInlineSnapshot(`
[
  "lab      an hour    8 h  weekend, 60 h  not priced",
  "a small    $0.23  $1.86         $13.96           1",
]
`);
});

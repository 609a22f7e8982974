import { VERDICTS, verdictAt } from '../../../lib/model/matrix';
import { createEngine } from '../../../lib/reach/engine';
import { parseFlow } from '../../../lib/read/flows/flows';
import { readWorld } from '../../../lib/read/world';
import { end, namespace, networkPolicy, pod, service } from '../../build/manifests';
import { readOf } from '../../build/reading';

/** A cluster whose node group has a subnet in each of two zones; `more` tells them apart. */
const template = (more = '', groups = 'Subnets: [!Ref A, !Ref B]'): string => `
Resources:
  V: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.0.0.0/16 } }
  A: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref V, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a } }
  B: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref V, CidrBlock: 10.0.2.0/24, AvailabilityZone: eu-west-1b } }
  C: { Type: 'AWS::EKS::Cluster', Properties: { Name: c, RoleArn: r, ResourcesVpcConfig: { SubnetIds: [!Ref A, !Ref B] } } }
  N: { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: !Ref C, NodeRole: r, ScalingConfig: { DesiredSize: 4, MaxSize: 4, MinSize: 4 }, ${groups} } }
${more}`;

/** Subnet B with a network ACL that lets nothing through. */
const CLOSED = `
  Acl: { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: !Ref V } }
  OnB: { Type: 'AWS::EC2::SubnetNetworkAclAssociation', Properties: { SubnetId: !Ref B, NetworkAclId: !Ref Acl } }
`;
const ZONES = ['eu-west-1a', 'eu-west-1b'] as const;
const inZone = (name: string, zone: string, labels = {}) => {
  const one = pod(name, { labels });
  const nodeSelector = { 'topology.kubernetes.io/zone': zone };
  return { ...one, spec: { ...(one as { spec: object }).spec, nodeSelector } };
};
const cli = pod('shop/cli');
const web = pod('shop/web', { labels: { app: 'web' } });
const fromBlock = (cidr: string) =>
  networkPolicy('shop/web', {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ ipBlock: { cidr } }] }],
  });

/** The verdicts of a single flow, a list of flows and a matrix, each once, and the first reason. */
function asked(items: readonly object[], text: string, to = 'shop/web:80') {
  const list = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [namespace('shop'), ...items],
  });
  const manifests = [{ path: 'm.json', text: list }];
  const templates = [{ path: 't.yaml', text }];
  const world = readOf(readWorld({ manifests, templates, addresses: 'unknown' }));
  const flow = parseFlow('shop/cli', to, world);
  if (!('from' in flow)) throw new Error(JSON.stringify(flow));
  const engine = createEngine(world, { staged: 'as-written' });
  const { verdict, by } = engine.explain(flow);
  const many = engine.explainAll(Array.from({ length: 200 }, () => flow));
  const { from, ...target } = flow;
  const { cells } = engine.matrix({ sources: [from], targets: [target] });
  const verdicts = [verdict, ...[...many].map((one) => one.verdict)];
  const all = [...new Set([...verdicts, ...[...cells].map((cell) => VERDICTS[cell])])];
  return { all, because: by[0]?.because ?? '' };
}

describe('pods without a node, in a VPC', () => {
  test.each<[string, readonly object[], string, string]>([
    ['subnets with different network ACLs', [cli, web], CLOSED, 'unknown'],
    ['subnets that are alike', [cli, web], '', 'allowed'],
    [
      'alike but for a block of one of them in a policy',
      [cli, web, fromBlock('10.0.1.0/24')],
      '',
      'unknown',
    ],
    [
      'alike but for a part of one of them in a policy',
      [cli, web, fromBlock('10.0.1.0/25')],
      '',
      'unknown',
    ],
    [
      'alike, and a policy with the block of the VPC',
      [cli, web, fromBlock('10.0.0.0/16')],
      '',
      'allowed',
    ],
    [
      'alike, and a policy with another block',
      [cli, web, fromBlock('192.168.0.0/24')],
      '',
      'denied',
    ],
    [
      'both held in the open zone',
      [inZone('shop/cli', ZONES[0]), inZone('shop/web', ZONES[0])],
      CLOSED,
      'allowed',
    ],
    [
      'held in different zones',
      [inZone('shop/cli', ZONES[0]), inZone('shop/web', ZONES[1])],
      CLOSED,
      'denied',
    ],
    ['one of them held in the open zone', [inZone('shop/cli', ZONES[0]), web], CLOSED, 'unknown'],
  ])('%s', (_, items, more, verdict) => {
    expect(asked(items, template(more)).all).toEqual([verdict]);
  });

  test('whose nodes are given', () => {
    const [one, two] = [pod('shop/cli', { node: 'node-a' }), pod('shop/web', { node: 'node-a' })];
    expect(asked([one, two], template(CLOSED)).all).toEqual(['allowed']);
  });

  test('a Service: its pods may be on any node', () => {
    const items = [cli, web, service('shop/web', { selector: { app: 'web' }, port: 80 })];
    expect(asked(items, template(CLOSED), 'svc:shop/web:80').all).toEqual(['unknown']);
    expect(asked(items, template(), 'svc:shop/web:80').all).toEqual(['allowed']);
  });

  test('the way to the internet: one of the subnets has a NAT gateway in its routes', () => {
    const nat = `
  G: { Type: 'AWS::EC2::InternetGateway' }
  Attached: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: !Ref V, InternetGatewayId: !Ref G } }
  P: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref V, CidrBlock: 10.0.9.0/24, AvailabilityZone: eu-west-1a } }
  PT: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: !Ref V } }
  PR: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: !Ref PT, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref G } }
  PA: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: !Ref P, RouteTableId: !Ref PT } }
  E: { Type: 'AWS::EC2::EIP' }
  Nat: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: !Ref P, AllocationId: !GetAtt E.AllocationId } }
  T: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: !Ref V } }
  R: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: !Ref T, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat } }
  TA: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: !Ref A, RouteTableId: !Ref T } }
`;
    const both = `${nat}
  TB: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: !Ref B, RouteTableId: !Ref T } }
`;
    expect(asked([cli], template(nat), 'internet:443').all).toEqual(['unknown']);
    expect(asked([cli], template(both), 'internet:443').all).toEqual(['allowed']);
  });

  test('a matrix tells pods that may stand anywhere from those that may not', () => {
    const items = [
      namespace('shop'),
      inZone('shop/cli', ZONES[0]),
      inZone('shop/held', ZONES[0]),
      web,
    ];
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const templates = [{ path: 't.yaml', text: template(CLOSED) }];
    const manifests = [{ path: 'm.json', text }];
    const world = readOf(readWorld({ manifests, templates, addresses: 'unknown' }));
    const engine = createEngine(world, { staged: 'as-written' });
    const ends = ['shop/cli', 'shop/held', 'shop/web'].map(end);
    const targets = ends.map((to) => ({ to, protocol: 'TCP' as const, port: 80 }));
    const matrix = engine.matrix({ sources: ends, targets });
    for (const [i, from] of ends.entries()) {
      for (const [j, target] of targets.entries()) {
        if (i === j) continue;
        const { verdict } = engine.explain({ from, ...target });
        expect([i, j, verdictAt(matrix, i, j)]).toEqual([i, j, verdict]);
      }
    }
  });

  test('the answer names the pod, the other verdict and what would tell', () => {
    expect(asked([cli, web], template(CLOSED)).because).toMatch(
      /^the input does not give the node of shop\/cli, which decides its subnet: with other nodes the verdict is (allowed|denied)\. Give the pods as the cluster has them/,
    );
  });

  test('many pods: any two of them are tried in every two kinds of places', () => {
    const pods = Array.from({ length: 40 }, (_, i) => pod(`shop/other-${i}`));
    expect(asked([cli, ...pods, web], template(CLOSED)).all).toEqual(['unknown']);
    expect(asked([cli, ...pods, web], template()).all).toEqual(['allowed']);
  });
});

import { lint } from '../../lib/lint/lint';
import { readWorld } from '../../lib/read/world';

/** A cluster whose nodes carry groups of their own, and an interface endpoint. */
const template = (nodes: string, endpoint: string): string => `
Resources:
  Vpc: {Type: "AWS::EC2::VPC", Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: "AWS::EC2::Subnet", Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a}}
  B: {Type: "AWS::EC2::Subnet", Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24, AvailabilityZone: eu-west-1b}}
  Nodes: {Type: "AWS::EC2::SecurityGroup", Properties: {VpcId: !Ref Vpc, GroupDescription: nodes, SecurityGroupIngress: [${nodes}]}}
  Private: {Type: "AWS::EC2::SecurityGroup", Properties: {VpcId: !Ref Vpc, GroupDescription: e, SecurityGroupIngress: [${endpoint}]}}
  Ecr: {Type: "AWS::EC2::VPCEndpoint", Properties: {VpcId: !Ref Vpc, VpcEndpointType: Interface, ServiceName: com.amazonaws.eu-west-1.ecr.api, SubnetIds: [!Ref A], SecurityGroupIds: [!Ref Private], PrivateDnsEnabled: true}}
  Cluster: {Type: "AWS::EKS::Cluster", Properties: {RoleArn: "arn:aws:iam::1:role/r", ResourcesVpcConfig: {SubnetIds: [!Ref A, !Ref B]}}}
  Template: {Type: "AWS::EC2::LaunchTemplate", Properties: {LaunchTemplateData: {SecurityGroupIds: [!Ref Nodes]}}}
  Workers: {Type: "AWS::EKS::Nodegroup", Properties: {ClusterName: !Ref Cluster, NodeRole: "arn:aws:iam::1:role/r", Subnets: [!Ref A, !Ref B], LaunchTemplate: {Id: !Ref Template, Version: "1"}, ScalingConfig: {MinSize: 2, DesiredSize: 2, MaxSize: 2}}}
`;
const PODS = ['coredns', 'web']
  .map(
    (name, i) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${i === 0 ? 'kube-system' : 'shop'}, labels: {k8s-app: ${i === 0 ? 'kube-dns' : 'web'}}}
spec: {nodeName: node-${'ab'[i]}, containers: [{name: m, image: n, ports: [{containerPort: 53, protocol: UDP}]}]}
`,
  )
  .join('---');

function found(nodes: string, endpoint: string) {
  const reading = readWorld({
    manifests: [{ path: 'm.yaml', text: PODS }],
    templates: [{ path: 'vpc.yaml', text: template(nodes, endpoint) }],
    addresses: 'unknown',
  });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  const errors = lint(reading.value).filter(({ severity }) => severity === 'error');
  return { codes: errors.map(({ code }) => code).sort(), fixes: errors.map(({ fix }) => fix) };
}

const rule = (protocol: string, port: number, block = '10.0.0.0/16'): string =>
  `{IpProtocol: ${protocol}, FromPort: ${port}, ToPort: ${port}, CidrIp: ${block}}`;
const OPEN = '{IpProtocol: "-1", CidrIp: 10.0.0.0/16}';

test.each([
  ['open groups', OPEN, rule('tcp', 443), []],
  ['kubelets', rule('udp', 53), rule('tcp', 443), ['control-plane-cut']],
  ['CoreDNS', rule('tcp', 10250), rule('tcp', 443), ['dns-cut']],
  ['the endpoint', OPEN, rule('tcp', 80), ['endpoint-unreachable']],
  ['the endpoint by block', OPEN, rule('tcp', 443, '192.168.0.0/16'), ['endpoint-unreachable']],
  [
    'all',
    rule('tcp', 22),
    rule('tcp', 80),
    ['control-plane-cut', 'dns-cut', 'endpoint-unreachable'],
  ],
])('groups that refuse: %s', (_, nodes, endpoint, codes) => {
  const { codes: own, fixes } = found(nodes, endpoint);
  expect(own).toEqual(codes);
  for (const fix of fixes) expect(fix).toMatch(/lab explain \S+ \S+:\d+\S* shows the path/);
});

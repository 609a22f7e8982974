import { createEngine } from '../../../lib/reach/engine';
import type { Parameter } from '../../../lib/read/cloudformation/parameter';
import { readFlows } from '../../../lib/read/flows/flows';
import { readWorld } from '../../../lib/read/world';

/** What differs from a cluster of two zones with pods in subnets of their own and a peered database. */
export interface EksCluster {
  /** Properties of the node group. */
  readonly group?: object;
  /** Data of its launch template; absent: it names none. */
  readonly template?: object;
  /** Values of the vpc-cni add-on; absent: there is none. */
  readonly addon?: object | string;
  /** Properties of the cluster. */
  readonly cluster?: object;
  /** Resources that are added or replaced. */
  readonly more?: object;
  /** Block that the database admits. */
  readonly admits?: string;
  readonly manifests?: readonly object[];
  readonly parameters?: object;
  /** Values of parameters, and of ids. */
  readonly given?: readonly Parameter[];
}

const ref = (name: string) => ({ Ref: name });
const make = (type: string, properties: object) => ({
  Type: `AWS::${type}`,
  Properties: properties,
});
const subnet = (vpc: string, block: string, zone: string) =>
  make('EC2::Subnet', {
    VpcId: ref(vpc),
    CidrBlock: block,
    AvailabilityZone: `eu-west-1${zone}`,
    Tags: [{ Key: 'kubernetes.io/role/internal-elb', Value: '1' }],
  });
const table = (vpc: string, to: string) => ({
  [`${vpc}Table`]: make('EC2::RouteTable', { VpcId: ref(vpc) }),
  [`${vpc}Route`]: make('EC2::Route', {
    RouteTableId: ref(`${vpc}Table`),
    DestinationCidrBlock: to,
    VpcPeeringConnectionId: ref('Peer'),
  }),
});
const joined = (name: string, vpc: string) => ({
  [`${name}Join`]: make('EC2::SubnetRouteTableAssociation', {
    SubnetId: ref(name),
    RouteTableId: ref(`${vpc}Table`),
  }),
});

const NETWORK = {
  Net: make('EC2::VPC', { CidrBlock: '10.4.0.0/16' }),
  PodBlock: make('EC2::VPCCidrBlock', { VpcId: ref('Net'), CidrBlock: '100.66.0.0/16' }),
  Data: make('EC2::VPC', { CidrBlock: '10.7.0.0/16' }),
  Peer: make('EC2::VPCPeeringConnection', { VpcId: ref('Net'), PeerVpcId: ref('Data') }),
  A: subnet('Net', '10.4.1.0/24', 'a'),
  B: subnet('Net', '10.4.2.0/24', 'b'),
  PodsA: subnet('Net', '100.66.1.0/24', 'a'),
  PodsB: subnet('Net', '100.66.2.0/24', 'b'),
  Far: subnet('Data', '10.7.1.0/24', 'a'),
  ...table('Net', '10.7.0.0/16'),
  ...table('Data', '10.4.0.0/16'),
  BackToPods: make('EC2::Route', {
    RouteTableId: ref('DataTable'),
    DestinationCidrBlock: '100.66.0.0/16',
    VpcPeeringConnectionId: ref('Peer'),
  }),
  ...joined('A', 'Net'),
  ...joined('B', 'Net'),
  ...joined('PodsA', 'Net'),
  ...joined('PodsB', 'Net'),
  ...joined('Far', 'Data'),
};

const database = (block: string) => ({
  DbGroup: make('EC2::SecurityGroup', {
    GroupDescription: 'database',
    VpcId: ref('Data'),
    SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 3306, ToPort: 3306, CidrIp: block }],
  }),
  Db: make('EC2::Instance', {
    SubnetId: ref('Far'),
    PrivateIpAddress: '10.7.1.50',
    SecurityGroupIds: [{ 'Fn::GetAtt': ['DbGroup', 'GroupId'] }],
  }),
});

function templateOf(one: EksCluster): string {
  const { group = {}, template, addon, cluster = {}, more = {}, admits = '0.0.0.0/0' } = one;
  const values = typeof addon === 'object' && !('Ref' in addon) ? JSON.stringify(addon) : addon;
  return JSON.stringify({
    Parameters: one.parameters ?? {},
    ...('Forgotten' in (one.parameters ?? {}) && {
      Conditions: { Perhaps: { 'Fn::Equals': [ref('Forgotten'), 'x'] } },
    }),
    Resources: {
      ...NETWORK,
      ...database(admits),
      Eks: make('EKS::Cluster', {
        Name: 'orders',
        RoleArn: 'arn:aws:iam::111122223333:role/eks',
        ResourcesVpcConfig: { SubnetIds: [ref('A'), ref('B')] },
        ...cluster,
      }),
      ...(template === undefined
        ? {}
        : { Lt: make('EC2::LaunchTemplate', { LaunchTemplateData: template }) }),
      Group: make('EKS::Nodegroup', {
        ClusterName: ref('Eks'),
        NodeRole: 'arn:aws:iam::111122223333:role/node',
        Subnets: [ref('A'), ref('B')],
        ScalingConfig: { MinSize: 2, DesiredSize: 2, MaxSize: 2 },
        ...(template === undefined ? {} : { LaunchTemplate: { Id: ref('Lt'), Version: '1' } }),
        ...group,
      }),
      ...(addon === undefined
        ? {}
        : {
            Cni: make('EKS::Addon', {
              AddonName: 'vpc-cni',
              ClusterName: ref('Eks'),
              ConfigurationValues: values,
            }),
          }),
      ...more,
    },
  });
}

/** Pods `shop/web` on node-a and `shop/api` on node-b. */
export const PODS: readonly object[] = [
  ['web', 'node-a'],
  ['api', 'node-b'],
].map(([name = '', nodeName]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: { nodeName, containers: [{ name: 'main', image: 'none', ports: [{ containerPort: 80 }] }] },
}));

/** ENIConfig objects of both zones. */
export const ENI_CONFIGS: readonly object[] = ['a', 'b'].map((zone) => ({
  apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
  kind: 'ENIConfig',
  metadata: { name: `eu-west-1${zone}` },
  spec: { subnet: `Pods${zone.toUpperCase()}` },
}));

/** The DaemonSet of the VPC CNI with an environment. */
export const awsNode = (env: readonly object[], init: readonly object[] = [], more = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'aws-node', namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { 'k8s-app': 'aws-node' } },
    template: {
      metadata: { labels: { 'k8s-app': 'aws-node' } },
      spec: {
        hostNetwork: true,
        initContainers: [{ name: 'aws-vpc-cni-init', image: 'none', env: init }],
        containers: [{ name: 'aws-node', image: 'none', env, ...more }],
      },
    },
  },
});

const readCluster = (one: EksCluster) =>
  readWorld({
    manifests: [
      {
        path: 'objects.json',
        text: JSON.stringify({
          apiVersion: 'v1',
          kind: 'List',
          items: [...PODS, ...(one.manifests ?? [])],
        }),
      },
    ],
    templates: [{ path: 'eks.json', text: templateOf(one) }],
    parameters: one.given ?? [],
  });

type Asked = readonly [from: string, to: string, port?: number, protocol?: string];

/** `<verdict>: <because>` of each flow, or the problems of a cluster that is not read. */
export function answersOf(one: EksCluster, asked: readonly Asked[]): readonly string[] {
  const reading = readCluster(one);
  if (reading.kind === 'problems') {
    const all = reading.problems.map(({ problem }) => problem).join('; ');
    return asked.map(() => `refused: ${all}`);
  }
  const engine = createEngine(reading.value, { staged: 'as-written' });
  return asked.map(([from, to, port, protocol = 'TCP']) => {
    const flow = { from, to, protocol, ...(port !== undefined && { port }) };
    const flows = readFlows({ path: 'flows.jsonl', text: JSON.stringify(flow) }, reading.value);
    if (flows.kind === 'problems') return `refused: ${flows.problems[0]?.problem}`;
    const [first] = flows.value;
    if (first === undefined) return 'refused: no flow';
    const { verdict, by } = engine.explain(first);
    return `${verdict}: ${by.map(({ because }) => because).join('; ')}`;
  });
}

/** The same of one flow. */
export const answerOf = (one: EksCluster, asked: Asked): string => answersOf(one, [asked])[0] ?? '';

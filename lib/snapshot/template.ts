import { parseIp } from '../model/address';
import type { Problem, Reading, SourceFile } from '../model/problem';
import type { Vpc } from '../model/vpc';
import type { LoadBalancer } from '../model/world';
import { type Allocator, createAllocator } from './template-address';
import { type Cluster, type NodeGroup, readClusters, readNodeGroups } from './template-cluster';
import { readInterfaces, readNats } from './template-device';
import { readStack, type Stack } from './template-document';
import { readEndpoints, readPrefixLists } from './template-endpoint';
import { readAcls } from './template-filter';
import { readGroups } from './template-group';
import { type Machine, readMachines } from './template-machine';
import { MACHINE_PARTS, MACHINE_TYPES } from './template-machine-forms';
import { type Ground, readGround } from './template-network';
import { type Parameter, withParameters } from './template-parameter';
import { readPeerings, refuseOverlaps } from './template-peering';
import { listAt, type Resources, readResources } from './template-resource';
import { assemble } from './template-scope';
import { isValueMap } from './template-value';

/** What templates say about the network: VPCs, and the clusters that stand in them. */
export interface Cloud {
  readonly vpcs: readonly Vpc[];
  readonly clusters: readonly Cluster[];
  readonly nodeGroups: readonly NodeGroup[];
  /** Subnets tagged for load balancers of each scheme (`kubernetes.io/role/elb`, `internal-elb`). */
  readonly balancerSubnets: Readonly<Record<LoadBalancer['scheme'], readonly string[]>>;
  /** The region that `AWS::Region` was taken for. */
  readonly region: string;
}

/** Resource types that are read; all others are counted as skipped. */
const TYPES: ReadonlySet<string> = new Set([
  ...[
    'VPC',
    'VPCCidrBlock',
    'Subnet',
    'RouteTable',
    'Route',
    'SubnetRouteTableAssociation',
    'InternetGateway',
    'VPCGatewayAttachment',
    'EgressOnlyInternetGateway',
    'EIP',
    'NatGateway',
    'NetworkAcl',
    'NetworkAclEntry',
    'SubnetNetworkAclAssociation',
    'SecurityGroup',
    'SecurityGroupIngress',
    'SecurityGroupEgress',
    'VPCEndpoint',
    'VPCPeeringConnection',
    'PrefixList',
    'LaunchTemplate',
  ].map((name) => `AWS::EC2::${name}`),
  'AWS::EKS::Cluster',
  'AWS::EKS::Nodegroup',
  'AWS::EKS::Addon',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'Custom::AWSCDK-EKS-Cluster',
  'Custom::AWSCDK-EKS-KubernetesResource',
  'AWS::Scheduler::Schedule',
  'Custom::VpcRestrictDefaultSG',
  ...MACHINE_TYPES,
  ...MACHINE_PARTS,
]);

/**
 * Reads CloudFormation templates together (what one exports another may import) into VPCs and
 * node groups. All problems are answered at once; what only a deployment can tell is `unknown`
 * with its name, unless `parameters` says it; what gets an address then has the same one at every
 * reading.
 */
export function readTemplates(
  files: readonly SourceFile[],
  parameters: readonly Parameter[] = [],
): Reading<Cloud> {
  const read = files.map(readStack);
  const problems: Problem[] = read.filter((stack) => 'problem' in stack);
  const written = read.filter((stack): stack is Stack => !('problem' in stack));
  const { stacks: readable, problems: strange } = withParameters(written, parameters);
  problems.push(...strange, ...twins(readable));
  const assembly = assemble(readable, problems);
  const { resources, skipped } = readResources(assembly, TYPES);
  const value = readCloud(resources);
  if (problems.length > 0) return { kind: 'problems', problems: distinct(problems) };
  const warnings = [...resources.warnings, ...withoutVpc(readable, value)];
  return { kind: 'read', value, warnings, skipped };
}

/** Whoever gives templates expects their VPC to be judged. */
function withoutVpc([first]: readonly Stack[], { vpcs }: Cloud): readonly Problem[] {
  if (first === undefined || vpcs.length > 0) return [];
  const problem = 'no template makes a VPC: nothing but policies is judged';
  const fix = 'give the template that makes it as well';
  return [{ file: first.file, document: 0, path: '', problem, fix }];
}

function readCloud(resources: Resources): Cloud {
  const grounds = readGround(resources);
  refuseOverlaps(resources, grounds);
  const subnets = new Map(
    grounds.flatMap(({ id, subnets }) => subnets.map((s) => [s.id, { ...s, vpc: id }] as const)),
  );
  const clusters = readClusters(resources, subnets);
  const nodeGroups = readNodeGroups(resources, clusters);
  const theirs = new Set(nodeGroups.map(({ id }) => id));
  const machines = readMachines(resources, grounds, theirs);
  return {
    vpcs: grounds.map((ground) => {
      const own = clusters.filter((cluster) => cluster.vpc === ground.id);
      return readVpc(resources, ground, { clusters: own, machines, allocator: createAllocator() });
    }),
    clusters,
    nodeGroups,
    balancerSubnets: {
      internal: taggedSubnets(resources, 'kubernetes.io/role/internal-elb'),
      'internet-facing': taggedSubnets(resources, 'kubernetes.io/role/elb'),
    },
    region: resources.region,
  };
}

const taggedSubnets = (resources: Resources, tag: string): readonly string[] =>
  resources
    .ofType('AWS::EC2::Subnet')
    .filter(({ properties }) =>
      listAt(properties, 'Tags').some((one) => isValueMap(one) && one.Key === tag),
    )
    .map(({ id }) => id);

interface Inhabitants {
  readonly clusters: readonly Cluster[];
  readonly machines: readonly Machine[];
  readonly allocator: Allocator;
}

function readVpc(
  resources: Resources,
  ground: Ground,
  { clusters, machines, allocator }: Inhabitants,
): Vpc {
  for (const { privateIp = '' } of machines) {
    const given = parseIp(privateIp);
    if (given !== undefined) allocator.take(given);
  }
  const nats = readNats(resources, ground, allocator);
  const endpoints = readEndpoints(resources, ground.id);
  const groups = clusters.map(({ clusterSecurityGroup: group, name }) => ({ group, name }));
  return {
    ...ground,
    networkAcls: readAcls(resources, ground),
    securityGroups: readGroups(resources, ground, groups),
    interfaces: readInterfaces(
      { resources, nats, endpoints, clusters, machines },
      ground,
      allocator,
    ),
    natGateways: nats,
    endpoints,
    peerings: readPeerings(resources, ground.id),
    prefixLists: readPrefixLists(resources),
  };
}

/** Two files of one name would be one stack, their resources mixed. */
function twins(stacks: readonly Stack[]): readonly Problem[] {
  return stacks.flatMap((stack, i) => {
    const twin = stacks.slice(0, i).find((other) => other.name === stack.name);
    if (twin === undefined) return [];
    const problem = `stack ${stack.name} is also in ${twin.file}`;
    return [{ file: stack.file, document: 0, path: '', problem, fix: 'give each stack once' }];
  });
}

/** The same wrong value may be met on several ways: one mention is enough. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map(problems.map((p) => [`${p.file} ${p.path} ${p.problem}`, p] as const));
  return [...seen.values()];
}

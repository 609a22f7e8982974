import { parseIp } from '../../model/address';
import type { Problem, Reading, SourceFile } from '../../model/problem';
import type { Vpc } from '../../model/vpc';
import type { LoadBalancer } from '../../model/world';
import { type Allocator, createAllocator } from './address';
import { assemble } from './assembly';
import { balancerDoubts } from './balancer';
import {
  readClusters,
  readNodeGroups,
  type TemplateCluster,
  type TemplateNodeGroup,
} from './cluster';
import { readInterfaces } from './device';
import { readStack, refusedId, type Stack } from './document';
import { readEndpoints, readPrefixLists } from './endpoint';
import { readAcls } from './filter';
import { readGroups } from './group';
import { isLiteralId, withLiteralIds } from './literal-ids';
import { type Machine, readMachines } from './machine';
import { MACHINE_PARTS, MACHINE_TYPES } from './machine-forms';
import { readNats } from './nat';
import { type Ground, readGround } from './network';
import { type Parameter, withParameters } from './parameter';
import { checkParameters } from './parameter-check';
import { readPeerings, refuseOverlaps } from './peering';
import { remoteAccessGroups } from './remote-access';
import { listAt, type Resources, readResources, wrong } from './resource';
import { autoModeGroups, type FargateProfile, readFargate } from './serverless-nodes';
import { isValueMap } from './value';

/** What templates say about the network: VPCs, and the clusters that stand in them. */
export interface Cloud {
  readonly vpcs: readonly Vpc[];
  readonly clusters: readonly TemplateCluster[];
  readonly nodeGroups: readonly TemplateNodeGroup[];
  readonly fargate: readonly FargateProfile[];
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
    'SubnetCidrBlock',
    'GatewayRouteTableAssociation',
    'VPCBlockPublicAccessOptions',
    'VPCBlockPublicAccessExclusion',
    'VPNGateway',
    'VPNGatewayRoutePropagation',
    'TransitGateway',
    'TransitGatewayAttachment',
    'TransitGatewayVpcAttachment',
    'TransitGatewayRouteTable',
    'TransitGatewayRoute',
    'TransitGatewayRouteTableAssociation',
    'TransitGatewayRouteTablePropagation',
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
    'NetworkInterfaceAttachment',
  ].map((name) => `AWS::EC2::${name}`),
  'AWS::AutoScaling::LaunchConfiguration',
  'AWS::EKS::Cluster',
  'AWS::EKS::Nodegroup',
  'AWS::EKS::Addon',
  'AWS::EKS::FargateProfile',
  'AWS::ElasticLoadBalancing::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'Custom::AWSCDK-EKS-Cluster',
  'Custom::AWSCDK-EKS-KubernetesResource',
  'Custom::AWSCDK-EKS-HelmChart',
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
  const { stacks: mapped, problems: lost } = withLiteralIds(written, parameters);
  const plain = parameters.filter((one) => !isLiteralId(one));
  const { stacks: readable, problems: strange } = withParameters(mapped, plain);
  problems.push(...lost, ...strange, ...twins(readable), ...checkParameters(readable));
  const assembly = assemble(readable, problems);
  const { resources, skipped } = readResources(assembly, TYPES);
  const value = readCloud(resources);
  if (problems.length > 0) return { kind: 'problems', problems: distinct(problems) };
  const warnings = [
    ...resources.warnings,
    ...readable.flatMap(underscored),
    ...withoutVpc(readable, value),
  ];
  return { kind: 'read', value, warnings, skipped };
}

/** A logical id that CloudFormation does not deploy. */
function underscored(stack: Stack): readonly Problem[] {
  const id = refusedId(stack);
  if (id === undefined) return [];
  const problem = `CloudFormation refuses the logical id ${id}: it has an underscore`;
  const fix = 'use letters and digits, at most 255';
  return [{ file: stack.file, document: 0, path: `Resources.${id}`, problem, fix }];
}

/** Templates without a VPC are a problem: there is nothing in them to judge. */
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
  const nodeGroups = [
    ...readNodeGroups(resources, clusters),
    ...autoModeGroups(resources, clusters),
  ];
  const theirs = new Set(nodeGroups.map(({ id }) => id));
  const { placed: machines, unplaced } = readMachines(resources, grounds, theirs);
  const doubts = [...unplaced, ...balancerDoubts(resources)];
  return {
    vpcs: grounds.map((ground) => {
      const own = clusters.filter((cluster) => cluster.vpc === ground.id);
      const unplaced = [...(ground.unplaced ?? []), ...doubts];
      const complete = unplaced.length === 0 ? ground : { ...ground, unplaced };
      const allocator = createAllocator();
      return readVpc(resources, complete, {
        clusters: own,
        machines,
        nodeGroups: new Set(nodeGroups.filter(({ vpc }) => vpc === ground.id).map(({ id }) => id)),
        allocator,
      });
    }),
    clusters,
    nodeGroups,
    fargate: readFargate(resources, clusters),
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
  readonly clusters: readonly TemplateCluster[];
  readonly machines: readonly Machine[];
  /** Ids of the node groups that start their nodes here. */
  readonly nodeGroups: ReadonlySet<string>;
  readonly allocator: Allocator;
}

function readVpc(
  resources: Resources,
  ground: Ground,
  { clusters, machines, nodeGroups, allocator }: Inhabitants,
): Vpc {
  takeGiven(ground, machines, allocator);
  const nats = readNats(resources, ground, allocator);
  const endpoints = readEndpoints(resources, ground.id);
  const groups = clusters.map(
    ({ clusterSecurityGroup: group, name, listsGroupRules: isListed = false }) => ({
      group,
      name,
      isListed,
    }),
  );
  return {
    ...ground,
    networkAcls: readAcls(resources, ground),
    securityGroups: [
      ...readGroups(resources, ground, groups),
      ...remoteAccessGroups(resources, nodeGroups),
    ],
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

/** The addresses that templates give are taken; EC2 refuses one that is given twice in a VPC. */
function takeGiven(ground: Ground, machines: readonly Machine[], allocator: Allocator): void {
  const taken = new Map<string, string>();
  for (const { addresses = [], homes, name, resource } of machines) {
    if (!homes.some((home) => ground.subnets.includes(home))) continue;
    for (const text of addresses) {
      const given = parseIp(text);
      if (given === undefined) continue;
      allocator.take(given);
      const other = taken.get(given);
      if (other !== undefined) {
        const problem = `${given} is also the address of ${other}`;
        wrong(resource, 'PrivateIpAddress', { problem, fix: 'give each an address of its own' });
      }
      taken.set(given, name);
    }
  }
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

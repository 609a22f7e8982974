import { LAB_TAG } from '../../model/lab-tags';
import type { Leftover, LeftoverKind } from './leftover';

/** What a stack says that it made: a resource of one type, by its physical id. */
export interface StackResource {
  readonly type: string;
  readonly physicalId: string;
}

/** Kind and physical id of a resource to the name of the stack that made it. */
export type StackMembers = ReadonlyMap<string, string>;

/**
 * Resource types of CloudFormation whose physical id is the id, name or ARN by which the inventory
 * knows the resource (CloudFormation's Template Reference, "Return values: Ref"). Other types prove
 * nothing: the physical id of an add-on is its name, such as `coredns`.
 */
const KIND_OF_TYPE: Readonly<Record<string, LeftoverKind>> = {
  'AWS::EC2::EIP': 'address',
  'AWS::EC2::EgressOnlyInternetGateway': 'egress-only-internet-gateway',
  'AWS::EC2::FlowLog': 'flow-log',
  'AWS::EC2::Instance': 'instance',
  'AWS::EC2::InternetGateway': 'internet-gateway',
  'AWS::EC2::LaunchTemplate': 'launch-template',
  'AWS::EC2::NatGateway': 'nat-gateway',
  'AWS::EC2::NetworkAcl': 'network-acl',
  'AWS::EC2::NetworkInterface': 'network-interface',
  'AWS::EC2::RouteTable': 'route-table',
  'AWS::EC2::SecurityGroup': 'security-group',
  'AWS::EC2::Subnet': 'subnet',
  'AWS::EC2::TransitGatewayAttachment': 'transit-gateway-attachment',
  'AWS::EC2::TransitGatewayVpcAttachment': 'transit-gateway-attachment',
  'AWS::EC2::VPC': 'vpc',
  'AWS::EC2::VPCEndpoint': 'vpc-endpoint',
  'AWS::EC2::VPCPeeringConnection': 'peering',
  'AWS::EC2::VPNGateway': 'vpn-gateway',
  'AWS::EC2::Volume': 'volume',
  'AWS::EKS::Cluster': 'cluster',
  'AWS::EKS::FargateProfile': 'fargate-profile',
  'AWS::EKS::Nodegroup': 'node-group',
  'AWS::ElasticLoadBalancing::LoadBalancer': 'classic-load-balancer',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'load-balancer',
  'AWS::ElasticLoadBalancingV2::TargetGroup': 'target-group',
  'AWS::Logs::LogGroup': 'log-group',
};

/** The entries of a stack in `StackMembers`. */
export const membersOfStack = (
  stack: string,
  resources: readonly StackResource[],
): readonly (readonly [string, string])[] =>
  resources.flatMap(({ type, physicalId }) => {
    const kind = KIND_OF_TYPE[type];
    if (kind === undefined || physicalId === '') return [];
    return idsIn(kind, physicalId).map((id) => [keyFor(kind, id), stack] as const);
  });

/**
 * Marks what one of the lab's stacks made as the lab's, also where its service has no tags. Only the
 * exact id of the same kind of resource is a proof, and a name that a person may give is not.
 */
export function withStack(item: Leftover, lab: string, members: StackMembers): Leftover {
  const stack = identitiesOf(item).flatMap((id) => members.get(keyFor(item.kind, id)) ?? [])[0];
  return stack === undefined || item.kind === 'stack'
    ? item
    : { ...item, tags: { [LAB_TAG]: lab, 'aws:cloudformation:stack-name': stack, ...item.tags } };
}

/** An address has two ids of its own: its allocation and the address itself, which `Ref` answers. */
const identitiesOf = ({ kind, id, name }: Leftover): readonly string[] =>
  kind === 'address' ? [id, name] : [id];

/** Physical ids with several parts: `<cluster>|<profile>`, and `<address>|<allocation>`. */
const idsIn = (kind: LeftoverKind, physicalId: string): readonly string[] =>
  kind === 'address' ? physicalId.split('|') : [physicalId.replaceAll('|', '/')];

const keyFor = (kind: LeftoverKind, id: string): string => `${kind} ${id}`;

import { type Cidr, contains, type Ip, offsetIp } from '../model/address';
import type {
  NetworkAcl,
  NetworkInterface,
  PrefixList,
  RouteTable,
  RouteTarget,
  SecurityGroup,
  Subnet,
  Vpc,
} from '../model/vpc';
import type { NodePlacement, World } from '../model/world';

/** An interface with the subnet and VPC it stands in. */
export interface Standpoint {
  readonly vpc: Vpc;
  readonly subnet: Subnet;
  readonly interface: NetworkInterface;
}

/** Finds things of a world's VPCs by address and id. */
export interface VpcIndex {
  readonly at: (address: Ip) => Standpoint | undefined;
  /** Who is known by an address on the internet. */
  readonly public: (address: Ip) => Standpoint | undefined;
  /** The VPC whose blocks hold an address. */
  readonly holding: (address: Ip) => Vpc | undefined;
  readonly interface: (id: string) => Standpoint | undefined;
  readonly acl: (subnet: Subnet) => NetworkAcl | undefined;
  readonly table: (subnet: Subnet) => RouteTable | undefined;
  readonly group: (id: string) => SecurityGroup | undefined;
  readonly prefixList: (id: string) => PrefixList | undefined;
  readonly vpc: (id: string) => Vpc | undefined;
  readonly placement: (node: string) => NodePlacement | undefined;
  /** What a person calls the device a route leads to. */
  readonly deviceName: (target: DeviceTarget) => string;
}

export type DeviceTarget = Extract<RouteTarget, { readonly id: string }>;

export function indexVpcs({ vpcs, nodes }: Pick<World, 'vpcs' | 'nodes'>): VpcIndex {
  const subnets = new Map(
    vpcs.flatMap((vpc) => vpc.subnets.map((s) => [s.id, { vpc, subnet: s }])),
  );
  const standpoints = vpcs.flatMap((vpc) =>
    vpc.interfaces.flatMap((own): Standpoint[] => {
      const home = subnets.get(own.subnet);
      return home === undefined ? [] : [{ ...home, interface: own }];
    }),
  );
  const byAddress = new Map(standpoints.flatMap((s) => s.interface.addresses.map((a) => [a, s])));
  const byPublic = new Map(
    standpoints.flatMap((s) => (s.interface.publicIp ? [[s.interface.publicIp, s] as const] : [])),
  );
  const looked = new Map<Ip, Standpoint | undefined>();
  const delegated = standpoints.flatMap((s) => s.interface.prefixes.map((block) => ({ block, s })));
  const byId = <T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
    new Map(items.map((item) => [item.id, item]));
  const acls = byId(vpcs.flatMap((vpc) => vpc.networkAcls));
  const tables = byId(vpcs.flatMap((vpc) => vpc.routeTables));
  const groups = byId(vpcs.flatMap((vpc) => vpc.securityGroups));
  const lists = byId(vpcs.flatMap((vpc) => vpc.prefixLists));
  const vpcsById = byId(vpcs);
  const interfaces = new Map(standpoints.map((s) => [s.interface.id, s]));
  const nats = byId(vpcs.flatMap((vpc) => vpc.natGateways));
  const endpoints = byId(vpcs.flatMap((vpc) => vpc.endpoints));
  const placements = new Map(nodes.map((node) => [node.name, node.placement]));
  return {
    at: (address) => {
      const known = byAddress.get(address);
      if (known !== undefined) return known;
      if (!looked.has(address)) {
        looked.set(address, delegated.find(({ block }) => contains(block, address))?.s);
      }
      return looked.get(address);
    },
    public: (address) => byPublic.get(address),
    holding: (address) => vpcs.find((vpc) => vpc.cidrs.some((block) => contains(block, address))),
    interface: (id) => interfaces.get(id),
    acl: (subnet) => acls.get(subnet.networkAcl),
    table: (subnet) => tables.get(subnet.routeTable),
    group: (id) => groups.get(id),
    prefixList: (id) => lists.get(id),
    vpc: (id) => vpcsById.get(id),
    placement: (node) => placements.get(node),
    deviceName: ({ kind, id }) => {
      const known = nats.get(id)?.name ?? endpoints.get(id)?.service ?? joins(vpcs, id);
      // Ids are `<stack>.<logical id>`; nothing else of a gateway has a name in a template.
      return `${kind} ${known ?? id.replace(/^.*\./, '')}`;
    },
  };
}

/** Gateways have no names of their own: they are called after the VPCs they belong to. */
function joins(vpcs: readonly Vpc[], id: string): string | undefined {
  const owner = vpcs.find(({ internetGateway }) => internetGateway === id);
  if (owner !== undefined) return `of ${owner.name}`;
  const peering = vpcs.flatMap(({ peerings }) => peerings).find((one) => one.id === id);
  const nameOf = (vpc: string | undefined) => vpcs.find((one) => one.id === vpc)?.name ?? vpc;
  return peering && `of ${nameOf(peering.requester)} and ${nameOf(peering.accepter)}`;
}

/** Addresses every VPC answers at itself, link-local ones first (EC2 and VPC user guides). */
const OF_AWS = new Map<string, string>([
  ['169.254.169.254', 'the instance metadata service'],
  ['fd00:ec2::254', 'the instance metadata service'],
  ['169.254.169.253', 'the VPC resolver'],
  ['fd00:ec2::253', 'the VPC resolver'],
  ['169.254.169.123', 'the time service'],
  ['fd00:ec2::123', 'the time service'],
]);

/**
 * What stands at an address that neither security groups nor network ACLs filter (VPC user guide:
 * both sections say so of the resolver, metadata and time); the resolver is also the VPC's base
 * address plus two.
 */
export function unfiltered(vpc: Vpc, address: Ip): string | undefined {
  const [first]: readonly (Cidr | undefined)[] = vpc.cidrs;
  const isResolver = first !== undefined && address === offsetIp(first.address, 2);
  return isResolver ? 'the VPC resolver' : OF_AWS.get(address);
}

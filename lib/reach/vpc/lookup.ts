import { type Cidr, contains, type Ip, offsetIp } from '../../model/address';
import type { Vpc } from '../../model/vpc';
import type { World } from '../../model/world';
import type { VpcIndex, VpcInterface } from './types';

/** Indexes the VPCs of a world by address and id. */
export function indexVpcs({ vpcs, nodes }: Pick<World, 'vpcs' | 'nodes'>): VpcIndex {
  const subnets = new Map(
    vpcs.flatMap((vpc) => vpc.subnets.map((s) => [s.id, { vpc, subnet: s }])),
  );
  const placed = vpcs.flatMap((vpc) =>
    vpc.interfaces.flatMap((own): VpcInterface[] => {
      const home = subnets.get(own.subnet);
      return home === undefined ? [] : [{ ...home, interface: own }];
    }),
  );
  const addresses = placed.flatMap((s) => s.interface.addresses.map((a) => [a, s] as const));
  const byAddress = new Map(addresses.map(([a, s]) => [`${s.vpc.id} ${a}`, s]));
  const all = new Map<Ip, readonly VpcInterface[]>();
  for (const [address, one] of addresses) all.set(address, [...(all.get(address) ?? []), one]);
  const byPublic = new Map(
    placed.flatMap((s) => (s.interface.publicIp ? [[s.interface.publicIp, s] as const] : [])),
  );
  const delegated = placed.flatMap((s) => s.interface.prefixes.map((block) => ({ block, s })));
  const byId = <T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
    new Map(items.map((item) => [item.id, item]));
  const acls = byId(vpcs.flatMap((vpc) => vpc.networkAcls));
  const tables = byId(vpcs.flatMap((vpc) => vpc.routeTables));
  const groups = byId(vpcs.flatMap((vpc) => vpc.securityGroups));
  const lists = byId(vpcs.flatMap((vpc) => vpc.prefixLists));
  const vpcsById = byId(vpcs);
  const homes = new Map(
    vpcs.flatMap((vpc) => [...vpc.networkAcls, ...vpc.routeTables].map(({ id }) => [id, vpc])),
  );
  const interfaces = new Map(placed.map((s) => [s.interface.id, s]));
  const nats = byId(vpcs.flatMap((vpc) => vpc.natGateways));
  const endpoints = byId(vpcs.flatMap((vpc) => vpc.endpoints));
  const placements = new Map(nodes.map((node) => [node.name, node.placement]));
  const at = (vpc: Vpc, address: Ip): VpcInterface | undefined =>
    byAddress.get(`${vpc.id} ${address}`) ??
    delegated.find(({ block, s }) => s.vpc.id === vpc.id && contains(block, address))?.s;
  const peersOf = (vpc: Vpc): readonly Vpc[] =>
    vpc.peerings.flatMap(
      ({ requester, accepter }) => vpcsById.get(requester === vpc.id ? accepter : requester) ?? [],
    );
  return {
    at,
    everywhere: (address) => {
      const known = all.get(address);
      if (known !== undefined) return known;
      return delegated.filter(({ block }) => contains(block, address)).map(({ s }) => s);
    },
    seenFrom: (vpc, address) =>
      at(vpc, address) ?? peersOf(vpc).flatMap((peer) => at(peer, address) ?? [])[0],
    public: (address) => byPublic.get(address),
    holding: (address) => vpcs.find((vpc) => vpc.cidrs.some((block) => contains(block, address))),
    interface: (id) => interfaces.get(id),
    acl: (subnet) => acls.get(subnet.networkAcl),
    table: (subnet) => tables.get(subnet.routeTable),
    group: (id) => groups.get(id),
    prefixList: (id) => lists.get(id),
    vpc: (id) => vpcsById.get(id),
    vpcOfAcl: (id) => homes.get(id),
    vpcOfTable: (id) => homes.get(id),
    placement: (node) => placements.get(node),
    deviceId: ({ kind, id }) => `${kind}:${id}`,
    deviceName: ({ kind, id }) => {
      const known = nats.get(id)?.name ?? endpoints.get(id)?.service ?? joins(vpcs, id);
      // Ids are `<stack>.<logical id>`; nothing else of a gateway has a name in a template.
      return `${kind} ${known ?? id.replace(/^.*\./, '')}`;
    },
  };
}

/** Gateways have no names of their own, so they are named after the VPCs they belong to. */
function joins(vpcs: readonly Vpc[], id: string): string | undefined {
  const owner = vpcs.find(({ internetGateway }) => internetGateway === id);
  if (owner !== undefined) return `of ${owner.name}`;
  const peering = vpcs.flatMap(({ peerings }) => peerings).find((one) => one.id === id);
  const nameOf = (vpc: string | undefined) => vpcs.find((one) => one.id === vpc)?.name ?? vpc;
  return peering && `of ${nameOf(peering.requester)} and ${nameOf(peering.accepter)}`;
}

/** Addresses at which every VPC answers by itself (EC2 and VPC user guides). */
const OF_AWS = new Map<string, string>([
  ['169.254.169.254', 'the instance metadata service'],
  ['fd00:ec2::254', 'the instance metadata service'],
  ['169.254.169.253', 'the VPC resolver'],
  ['fd00:ec2::253', 'the VPC resolver'],
  ['169.254.169.123', 'the time service'],
  ['fd00:ec2::123', 'the time service'],
  ['169.254.170.2', 'the credentials of an ECS task'],
  ['169.254.169.250', 'Windows license activation'],
  ['169.254.169.251', 'Windows license activation'],
]);

export const RESOLVER = 'the VPC resolver';

/**
 * The AWS service at an address that neither security groups nor network ACLs filter (VPC user guide:
 * both sections list the resolver, instance metadata, time, task credentials and Windows activation); the resolver is also at the VPC's base
 * address plus two.
 */
export function unfilteredService(vpc: Vpc, address: Ip): string | undefined {
  const [first]: readonly (Cidr | undefined)[] = vpc.cidrs;
  const isResolver = first !== undefined && address === offsetIp(first.address, 2);
  return isResolver ? RESOLVER : OF_AWS.get(address);
}

import { type Cidr, formatCidr, within } from '../../model/address';
import type { NetworkInterface, Subnet, Vpc } from '../../model/vpc';
import type { NodeEndpoint, World } from '../../model/world';

/** Where a pod may stand: a node, and the network interface whose subnet its address is of. */
export interface PodPlace {
  readonly node: NodeEndpoint;
  readonly vpc: Vpc;
  readonly subnet: Subnet;
  readonly networkInterface: NetworkInterface;
  /** A block of a rule that lies inside the subnet, from which the address is; absent: from none of them. */
  readonly inside?: Cidr;
}

/** The places of a world's nodes; those of a group are alike to every filter and every route. */
export function placeGroups(world: World): readonly (readonly PodPlace[])[] {
  const groups = new Map<string, PodPlace[]>();
  const blocks = blocksOf(world);
  for (const node of world.nodes) {
    for (const place of placesOf(world, node, blocks)) {
      const key = keyOf(place, blocks, world);
      groups.set(key, [...(groups.get(key) ?? []), place]);
    }
  }
  return [...groups.values()];
}

/** The VPC CNI takes addresses from the last interface that is no branch: the second with custom networking. */
function placeOf({ vpcs }: World, node: NodeEndpoint): PodPlace | undefined {
  const vpc = vpcs.find(({ id }) => id === node.placement?.vpc);
  const networkInterface = vpc?.interfaces.findLast(
    ({ owner }) => owner.kind === 'node' && owner.node === node.name && !owner.branch,
  );
  const subnet = vpc?.subnets.find(({ id }) => id === networkInterface?.subnet);
  if (vpc === undefined || networkInterface === undefined || subnet === undefined) return undefined;
  return { node, vpc, subnet, networkInterface };
}

/** The place of a node, and one for each block of a rule that is a part of its subnet. */
function placesOf(world: World, node: NodeEndpoint, blocks: readonly Cidr[]): readonly PodPlace[] {
  const place = placeOf(world, node);
  if (place === undefined) return [];
  const parts = blocks.filter((block) => isPart(block, place.subnet));
  return [place, ...parts.map((inside) => ({ ...place, inside }))];
}

/** Whether a block is a part of a subnet, and not all of it. */
export const isPart = (block: Cidr, { cidrs }: Subnet): boolean =>
  cidrs.some((own) => within(block, own) && !within(own, block));

/** What filters and routes see of a place. */
function keyOf(
  { node, vpc, subnet, networkInterface, inside }: PodPlace,
  blocks: readonly Cidr[],
  world: World,
): string {
  const { interfaces: _, zone, ...placement } = node.placement ?? {};
  const primary = vpc.interfaces.find(({ id }) => id === node.placement?.interfaces[0]);
  const own = vpc.subnets.find(({ id }) => id === primary?.subnet);
  const hasHosts = world.hostEndpoints.some((host) => host.node === node.name);
  return JSON.stringify([
    placement,
    isHinted(world) && zone,
    hasHosts && node.name,
    edgeOf(vpc, subnet),
    edgeOf(vpc, own),
    networkInterface.securityGroups.toSorted(),
    primary?.securityGroups.toSorted(),
    primary?.publicIp !== undefined,
    inside && formatCidr(inside),
    blocks.map((block) => subnet.cidrs.some((own) => within(own, block))),
  ]);
}

const isHinted = ({ services }: World): boolean =>
  services.some(({ ports }) =>
    ports.some(({ backends }) =>
      backends.some(({ zoneHints, nodeHints }) => zoneHints ?? nodeHints),
    ),
  );

/** The network ACL and the routes of a subnet; a NAT gateway counts by its own subnet. */
function edgeOf(vpc: Vpc, subnet: Subnet | undefined): unknown {
  const table = vpc.routeTables.find(({ id }) => id === subnet?.routeTable);
  const routes = table?.routes.map(({ target, ...route }) => {
    if (target.kind !== 'nat-gateway') return [route, target];
    const nat = vpc.natGateways.find(({ id }) => id === target.id);
    const home = vpc.subnets.find(({ id }) => id === nat?.subnet);
    const isPublic = nat?.publicIp !== undefined;
    return [route, 'nat-gateway', isPublic, nat?.publicUnknown, home?.networkAcl, home?.routeTable];
  });
  return [subnet?.networkAcl, routes ?? subnet?.routeTable];
}

/** Every block of a rule, an ACL, a group, a route or a list that lies inside a VPC. */
export function blocksOf({ policies, networkSets, vpcs }: World): readonly Cidr[] {
  const found = new Map<string, Cidr>();
  const ofVpcs = vpcs.map(({ networkAcls, securityGroups, routeTables, prefixLists }) => [
    networkAcls,
    securityGroups,
    routeTables,
    prefixLists,
  ]);
  collect([policies, networkSets, ofVpcs], found);
  const own = vpcs.flatMap(({ cidrs }) => cidrs);
  return [...found.values()].filter((block) => own.some((cidr) => within(block, cidr)));
}

function collect(value: unknown, into: Map<string, Cidr>): void {
  if (typeof value !== 'object' || value === null) return;
  if (isCidr(value)) into.set(formatCidr(value), value);
  else for (const inner of Object.values(value)) collect(inner, into);
}

const isCidr = (value: object): value is Cidr => 'address' in value && 'prefix' in value;

import { type Cidr, cidr, formatCidr } from '../../model/address';
import { uniqueBy } from '../../model/unique';
import type { Peering, Route, RouteTable, RouteTarget, Vpc } from '../../model/vpc';
import type { World } from '../../model/world';
import type { Command, LinkEnd, Plan } from '../commands/command';
import { routerDevice } from '../commands/names';
import { endOf, trunk } from '../wiring/cables';
import { anywhere, askLast, nowhere, routeVia, signErrors, TABLE } from '../wiring/routes';
import { addWaysBack } from './balancers';
import { familiesOfVpc, towards } from './border';
import { gatewayEndpoints } from './endpoints';
import { ownInterfaces } from './gateways';
import { endpointNetns, farEnd, igwNetns, natAddress, natNetns, vpcNetns } from './places';

/** Before any subnet's table: what stands in the VPC itself (the local route always wins). */
const PRIORITY = { local: 100, own: 150, subnet: 200 } as const;

/** A regional NAT gateway stands in no subnet: it knows only the internet gateway. */
const REGIONAL: RouteTable = {
  id: '',
  name: 'regional NAT gateways',
  routes: [
    {
      destination: cidr('0.0.0.0/0'),
      target: { kind: 'internet-gateway', id: '' },
    },
  ],
};

/** Route tables of a VPC, and by which device a packet came decides which is asked. */
export const addRoutes = (world: World, vpc: Vpc): Plan => [
  { kind: 'add-rule', netns: vpcNetns(vpc.id), priority: PRIORITY.own, table: OWN, iif: 'lo' },
  ...peeringsOf(world).flatMap((peering) => waysToPeer(world, vpc, peering)),
  { kind: 'add-rule', netns: vpcNetns(vpc.id), priority: PRIORITY.local, table: TABLE.main },
  ...addWaysBack(vpc),
  ...askLast(vpcNetns(vpc.id), familiesOfVpc(vpc)),
  ...signErrors(vpcNetns(vpc.id), familiesOfVpc(vpc)),
  ...familiesOfVpc(vpc).map((family) => nowhere(vpcNetns(vpc.id), anywhere(family), TABLE.last)),
  ...tablesOf(vpc).flatMap((table, i) => addTable(world, { vpc, table, number: FIRST + i })),
  ...arrivals(vpc).map(
    ({ device, table }, i): Command => ({
      kind: 'add-rule',
      netns: vpcNetns(vpc.id),
      priority: PRIORITY.subnet + i,
      table: FIRST + tablesOf(vpc).findIndex(({ id }) => id === table),
      iif: device,
    }),
  ),
];

/** What a router says itself (`no route`) finds the peered VPC too, whose tables may not. */
const OWN = 900;

const FIRST = 1000;

const tablesOf = (vpc: Vpc): readonly RouteTable[] => [...vpc.routeTables, REGIONAL];

/** Devices at the router by which packets leave a subnet, and the subnet's table. */
function arrivals(vpc: Vpc): readonly { readonly device: string; readonly table: string }[] {
  const tableOf = (subnet: string | undefined): string =>
    vpc.subnets.find(({ id }) => id === subnet)?.routeTable ?? REGIONAL.id;
  const nodes = vpc.interfaces.filter(({ owner }) => owner.kind === 'node');
  return [
    ...[...nodes, ...ownInterfaces(vpc)].map((eni) => ({
      device: farEnd(vpc, eni).device,
      table: tableOf(eni.subnet),
    })),
    ...vpc.natGateways.map((nat) => ({
      device: routerDevice(natNetns(nat.id)),
      table: tableOf(nat.subnet),
    })),
  ];
}

interface NumberedTable {
  readonly vpc: Vpc;
  readonly table: RouteTable;
  readonly number: number;
}

/**
 * A route table. Addresses of the VPC that no interface has are unreachable, so that no wider route
 * takes them away; so is a blackhole: AWS is silent there, but what a person asks is whether a
 * route leads on, and silence is what filters answer.
 */
function addTable(world: World, { vpc, table, number }: NumberedTable): Plan {
  const local = vpc.cidrs.map((to) => ({ to, hop: undefined, isForeign: false }));
  // A static route comes before one to a prefix list with the same block (VPC user guide: route priority).
  const isList = ({ destination }: Route): number => ('prefixList' in destination ? 0 : 1);
  const ordered = table.routes.toSorted((a, b) => isList(a) - isList(b));
  const routes = ordered.flatMap((route) =>
    destinationsOf(vpc, route).map((to) => ({
      to,
      hop: hopTo(world, vpc, route.target),
      isForeign: isForeign(vpc, route.target),
    })),
  );
  // Of two routes to one block the VPC's own wins; the kernel would refuse the second.
  const distinct = new Map([...routes, ...local].map((route) => [formatCidr(route.to), route]));
  const netns = vpcNetns(vpc.id);
  return [...distinct.values()].map(({ to, hop, isForeign: drops }): Command => {
    if (hop !== undefined) return routeVia(hop.end, to, { ...hop.through, table: number });
    if (!drops) return nowhere(netns, to, number);
    return { kind: 'add-route', netns, to, hop: { kind: 'blackhole' }, table: number };
  });
}

/** An internet gateway that is attached to another VPC drops what is sent to it. */
const isForeign = ({ foreignGateways = [] }: Vpc, target: RouteTarget): boolean =>
  target.kind === 'internet-gateway' && foreignGateways.includes(target.id);

const destinationsOf = (vpc: Vpc, { destination }: Route): readonly Cidr[] =>
  'prefixList' in destination
    ? (vpc.prefixLists.find(({ id }) => id === destination.prefixList)?.cidrs ?? [])
    : [destination];

interface Hop {
  readonly end: LinkEnd;
  readonly through: { readonly gateway?: Cidr['address'] };
}

/** Which cable a target is behind; none where nothing here leads there. */
function hopTo(world: World, vpc: Vpc, target: RouteTarget): Hop | undefined {
  switch (target.kind) {
    case 'internet-gateway':
    case 'egress-only-internet-gateway':
      return vpc.internetGateway === undefined || isForeign(vpc, target)
        ? undefined
        : { end: towards(vpc, igwNetns(vpc.id)), through: {} };
    case 'nat-gateway': {
      const nat = vpc.natGateways.find(({ id }) => id === target.id);
      return (
        nat && { end: towards(vpc, natNetns(nat.id)), through: { gateway: natAddress(vpc, nat) } }
      );
    }
    case 'vpc-endpoint':
      return gatewayEndpoints(vpc).some(({ id }) => id === target.id)
        ? { end: towards(vpc, endpointNetns(target.id)), through: {} }
        : undefined;
    case 'peering': {
      const peering = peeringsOf(world).find(({ id }) => id === target.id);
      return peering && { end: peeringEnd(vpc.id, peering), through: {} };
    }
    case 'network-interface': {
      const eni = vpc.interfaces.find(({ id }) => id === target.id);
      const gateway = eni?.addresses[0];
      return eni && gateway && { end: farEnd(vpc, eni), through: { gateway } };
    }
    case 'local':
    case 'blackhole':
    case 'transit-gateway':
    case 'unknown':
      return undefined;
  }
}

/** Peerings of which both sides are known. */
export function peeringsOf(world: World): readonly Peering[] {
  const known = new Set(world.vpcs.map(({ id }) => id));
  const all = world.vpcs.flatMap(({ peerings }) => peerings);
  return uniqueBy(all, (peering) => peering.id).filter(
    ({ requester, accepter }) => known.has(requester) && known.has(accepter),
  );
}

function waysToPeer(world: World, vpc: Vpc, peering: Peering): Plan {
  const { requester, accepter } = peering;
  if (vpc.id !== requester && vpc.id !== accepter) return [];
  const other = world.vpcs.find(({ id }) => id === (vpc.id === requester ? accepter : requester));
  const end = peeringEnd(vpc.id, peering);
  return (other?.cidrs ?? []).map((to) => routeVia(end, to, { table: OWN }));
}

/** A peering is a cable between two routers. Nothing leads through one to a third. */
export const addPeering = (world: World, peering: Peering): Plan => {
  const families = world.vpcs.filter(({ id }) => id === peering.requester).flatMap(familiesOfVpc);
  const [a, b] = [peering.requester, peering.accepter].map((id) => peeringEnd(id, peering));
  return a === undefined || b === undefined ? [] : trunk(a, b, families);
};

const peeringEnd = (vpc: string, { id }: Peering): LinkEnd =>
  endOf(vpcNetns(vpc), routerDevice(`peering/${id}`));

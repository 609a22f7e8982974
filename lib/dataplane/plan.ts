import type { Ip } from '../model/address';
import type { Datapath } from '../model/datapath';
import type { StagedMode } from '../model/policy-order';
import type { Vpc } from '../model/vpc';
import type { OutsideEndpoint, PodEndpoint, World } from '../model/world';
import type { Command, Netns, Plan } from './commands/command';
import { isVirtual, netnsOf, nodeNetns, podsOn } from './commands/names';
import { compilePolicies } from './nft/policies';
import { dropTable, type NftTable, switchTable } from './nft/ruleset';
import { servicesTable } from './nft/services';
import { resolverOf, serveDns } from './servers/dns';
import { serveHttp, stopHttp } from './servers/http-frontends';
import { listenersOf, speakerOf } from './servers/listeners';
import { vpcFabric } from './vpc/fabric';
import { isInVpc, knownAt } from './vpc/places';
import type { NodeNetwork } from './wiring/fabric';
import { flatFabric } from './wiring/flat';
import { bridgeOf, overlayFabric, tunnelPortOf } from './wiring/overlay';

export interface PlanOptions {
  /** Addresses of flows that no endpoint has; each becomes an outside host. @default none */
  readonly extraAddresses?: readonly Ip[];
  /** Do staged policies decide, or only count? Default: `as-written`. */
  readonly staged?: StagedMode;
  /** How packets travel between nodes without a VPC. Default: `vpc-cni`. */
  readonly datapath?: Datapath;
}

/** How one world follows another. */
export interface StageOptions extends PlanOptions {
  /** How packets travelled until now, where that changes too. Default: as they will. */
  readonly datapathBefore?: Datapath;
}

/** Everything to do in an empty sandbox so that it behaves as the world says. */
export function planWorld(world: World, options: PlanOptions = {}): Plan {
  const outside = outsideOf(world, options.extraAddresses ?? []);
  const pods = world.pods.filter((pod) => !pod.hostNetwork);
  const fabric = fabricOf(world, options);
  return [
    ...fabric.ground(outside),
    ...world.nodes.flatMap(fabric.addNode),
    ...fabric.connect(),
    ...pods.flatMap((pod) => [...fabric.addPod(pod), ...resolverOf(world, pod)]),
    ...switchTables(undefined, world, options),
    ...listenersOf(world, [
      ...outside.filter((host) => !isWithinVpc(world, host)).map(speakerOf),
      ...fabric.speakers(),
    ]),
    ...serveDns(world),
    ...serveHttp(world),
    ...fabric.resolvers(),
  ];
}

/**
 * What to do when one world follows another: pods that went and came, then one atomic switch of
 * each node's rules, then no memory of older connections (established ones would outlive the
 * policy). Where nodes, outside hosts, VPCs, their listeners or the data path differ, everything is
 * built anew.
 */
export function planStage(before: World, after: World, options: StageOptions = {}): Plan {
  const was = { ...options, datapath: options.datapathBefore ?? options.datapath ?? 'vpc-cni' };
  if (!sameGround(before, after, options) || datapathIn(before, was) !== datapathIn(after, options))
    return [...removeAll(before, was), ...planWorld(after, options)];
  const went = missingIn(after, before.pods);
  const came = missingIn(before, after.pods);
  const fresh = new Set(came.map(netnsOf));
  const [old, fabric] = [fabricOf(before, options), fabricOf(after, options)];
  const speaking = (world: World, { speakers }: NodeNetwork): Plan =>
    listenersOf(world, [
      ...outsideOf(world, options.extraAddresses ?? []).map(speakerOf),
      ...speakers(),
    ]);
  const [spoke, heard] = [speaking(before, old), speaking(after, fabric)];
  return [
    ...stopHttp(before, after),
    ...went.flatMap(old.removePod),
    ...came.flatMap((pod) => [...fabric.addPod(pod), ...resolverOf(after, pod)]),
    ...switchTables(before, after, options),
    ...silence(spoke, heard, new Set(went.map(netnsOf))),
    ...changed(spoke, heard, fresh),
    ...changed(serveDns(before), serveDns(after), fresh),
    ...changed(serveHttp(before), serveHttp(after), fresh),
    ...changed(old.resolvers(), fabric.resolvers()),
    ...[...after.nodes.map(netnsOf), ...fabric.tables().map(({ netns }) => netns)].map(
      (netns): Command => ({ kind: 'flush-conntrack', netns }),
    ),
  ];
}

/**
 * One pod's namespace, cable, routes and listeners: how to take them away, and how to make them.
 * No rule changes: what decides about the pod's traffic knows it by its name and address.
 */
export function planPod(
  world: World,
  pod: PodEndpoint,
  options: PlanOptions = {},
): { readonly remove: Plan; readonly add: Plan } {
  const fabric = fabricOf(world, options);
  const own = netnsOf(pod);
  const isOwn = (command: Command): boolean => 'netns' in command && command.netns === own;
  return {
    remove: fabric.removePod(pod),
    add: [
      ...fabric.addPod(pod),
      ...resolverOf(world, pod),
      ...[...listenersOf(world, []), ...serveDns(world), ...serveHttp(world)].filter(isOwn),
    ],
  };
}

/** The world's outside hosts, and one for each address that no endpoint has. */
export function outsideOf(world: World, extra: readonly Ip[]): readonly OutsideEndpoint[] {
  const unknown = [...new Set(extra)].filter(
    (address) => knownAt(world, address) === undefined && !isVirtual(world, address),
  );
  return [
    ...world.outside,
    ...unknown.map(
      (address): OutsideEndpoint => ({
        kind: 'outside',
        name: address,
        addresses: [address],
        ports: [],
      }),
    ),
  ];
}

/** AWS carries pods' own addresses, so within a VPC no other data path is needed. */
const datapathIn = (world: World, { datapath = 'vpc-cni' }: PlanOptions): Datapath =>
  world.vpcs.length > 0 ? 'vpc-cni' : datapath;

function fabricOf(world: World, options: PlanOptions): NodeNetwork {
  if (world.vpcs.length > 0) return vpcFabric(world);
  const [flat, datapath] = [flatFabric(world), datapathIn(world, options)];
  return datapath === 'vpc-cni' ? flat : overlayFabric(world, flat, datapath);
}

/** A name for an address inside a VPC that no machine has: nothing listens there. */
const isWithinVpc = (world: World, host: OutsideEndpoint): boolean =>
  host.addresses.some((address) => isInVpc(world.vpcs, address));

/** A table and where it belongs. */
interface PlacedTable {
  readonly netns: Netns;
  readonly table: NftTable;
}

function switchTables(before: World | undefined, after: World, options: PlanOptions): Plan {
  const old = before === undefined ? [] : tablesOf(before, options);
  const wanted = tablesOf(after, options);
  const samePlace = (a: PlacedTable) => (b: PlacedTable) =>
    a.netns === b.netns && a.table.purpose === b.table.purpose;
  return [
    ...wanted.flatMap((one) => switchTable(one.netns, old.find(samePlace(one))?.table, one.table)),
    ...old
      .filter((one) => !wanted.some(samePlace(one)))
      .map(({ netns, table }) => dropTable(netns, table)),
  ];
}

function tablesOf(world: World, options: PlanOptions): readonly PlacedTable[] {
  const { staged = 'as-written' } = options;
  const datapath = datapathIn(world, options);
  const policyTable = compilePolicies(world, {
    staged,
    bridge: bridgeOf(datapath),
    tunnelPort: tunnelPortOf(datapath),
  });
  const fabric = fabricOf(world, options);
  const ofNodes = world.nodes.flatMap((node) =>
    [servicesTable(world, node), policyTable(node), ...fabric.tablesOf(node)].map((table) => ({
      netns: netnsOf(node),
      table,
    })),
  );
  return [...ofNodes, ...fabric.tables()];
}

const sameGround = (before: World, after: World, options: PlanOptions): boolean =>
  isSame(before.nodes.map(withoutLabels), after.nodes.map(withoutLabels)) &&
  isSame(before.outside, after.outside) &&
  isSame(before.vpcs.map(withoutFilters), after.vpcs.map(withoutFilters)) &&
  isSame(fabricOf(before, options).speakers(), fabricOf(after, options).speakers());

const withoutLabels = ({ labels: _, ...rest }: World['nodes'][number]) => rest;

/** Filters are rules: they are switched like policies, and no cable is touched. */
const withoutFilters = ({ networkAcls: _, securityGroups: __, ...vpc }: Vpc) => ({
  ...vpc,
  subnets: vpc.subnets.map(({ networkAcl: _, ...subnet }) => subnet),
  interfaces: vpc.interfaces.map(({ securityGroups: _, ...eni }) => eni),
});

/** Pods of their own that the world has not, or not in the same place with the same listeners. */
function missingIn(world: World, pods: readonly PodEndpoint[]): readonly PodEndpoint[] {
  const known = new Set(world.pods.map((pod) => JSON.stringify(groundOf(pod))));
  return pods.filter((pod) => !pod.hostNetwork && !known.has(JSON.stringify(groundOf(pod))));
}

const groundOf = ({ namespace, name, addresses, node, ports, securityGroups }: PodEndpoint) => ({
  namespace,
  name,
  addresses,
  node,
  ports,
  securityGroups,
});

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * The commands of `after` that `before` had not; all of them for `fresh` namespaces, in which nothing
 * of before is left (a pod that came back with another address).
 */
const changed = (before: Plan, after: Plan, fresh: ReadonlySet<Netns> = new Set()): Plan => {
  const known = new Set(before.map((command) => JSON.stringify(command)));
  const isFresh = (command: Command): boolean => 'netns' in command && fresh.has(command.netns);
  return after.filter((command) => isFresh(command) || !known.has(JSON.stringify(command)));
};

/** Emits an empty `listen` for every remaining namespace that has no listeners in the new plan. */
function silence(before: Plan, after: Plan, gone: ReadonlySet<Netns>): Plan {
  const netnsIn = (plan: Plan) => plan.flatMap((one) => ('netns' in one ? [one.netns] : []));
  const heard = new Set(netnsIn(after));
  return netnsIn(before)
    .filter((netns) => !heard.has(netns) && !gone.has(netns))
    .map((netns) => ({ kind: 'listen', netns, listeners: [] }));
}

function removeAll(world: World, options: PlanOptions): Plan {
  const all = [
    ...world.nodes.flatMap((node) => podsOn(world, node)).map(netnsOf),
    ...outsideOf(world, options.extraAddresses ?? []).map(netnsOf),
    ...world.nodes.map((node) => nodeNetns(node.name)),
    ...fabricOf(world, options).namespaces(),
  ];
  return all.map((netns) => ({ kind: 'remove-netns', netns }));
}

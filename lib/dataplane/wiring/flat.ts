import { familyOf, hostCidr, type IpFamily } from '../../model/address';
import { uniqueBy } from '../../model/unique';
import type { NodeEndpoint, OutsideEndpoint, PodEndpoint, World } from '../../model/world';
import type { Command, Netns, Plan } from '../commands/command';
import { netnsOf, nodeNetns, podDevice, ROUTER, routerDevice } from '../commands/names';
import { balancedIn, balancersTable } from '../nft/load-balancers';
import { familiesOf } from '../nft/rules';
import type { NftTable } from '../nft/ruleset';
import { addLeaf, endOf } from './cables';
import { type NodeNetwork, nodeOf } from './fabric';
import { addNetns } from './netns';
import {
  anywhere,
  askLast,
  NO_ROUTE,
  nowhere,
  type RouteCommand,
  routeVia,
  signErrors,
  TABLE,
} from './routes';

/** Without a template: nodes and the outside are one routed hop apart, and only policies decide. */
export const flatFabric = (world: World): NodeNetwork => ({
  ground: (outside) => [...addRouter(world), ...outside.flatMap(addOutside)],
  addNode: (node) =>
    addLeaf({ ...behindRouter(netnsOf(node)), addresses: node.addresses }, { role: 'router' }),
  connect: () => routesToExternal(world),
  addPod: (pod) => [...addPodLeaf(pod), ...routesToPod(world, pod)],
  removePod: (pod) => [
    ...routesToPod(world, pod).map((route): Command => ({ ...route, kind: 'remove-route' })),
    { kind: 'remove-netns', netns: netnsOf(pod) },
  ],
  tablesOf: () => [],
  tables: () => [
    { netns: ROUTER, table: ROUTES },
    ...(balancedIn(world).length === 0 ? [] : [{ netns: ROUTER, table: balancersTable(world) }]),
  ],
  speakers: () => [],
  resolvers: () => [],
  namespaces: () => [ROUTER],
});

/** The router in the middle, and what it does with whom it does not know. */
export const addRouter = (world: World): Plan => [
  ...addNetns(ROUTER, 'router', familiesOf(world)),
  ...askLast(ROUTER, familiesOf(world)),
  ...signErrors(ROUTER, familiesOf(world)),
  ...familiesOf(world).map((family) => nowhere(ROUTER, anywhere(family), TABLE.last)),
];

export const ROUTES: NftTable = { purpose: 'routes', sets: [], chains: [NO_ROUTE] };

/** A host outside, one hop behind the router. */
export const addOutside = (host: OutsideEndpoint): Plan =>
  addLeaf({ ...behindRouter(netnsOf(host)), addresses: host.addresses });

const behindRouter = (netns: Netns) => ({ netns, upstream: endOf(ROUTER, routerDevice(netns)) });

/** A pod's namespace and its cable to its node, as the VPC CNI makes them. */
export const addPodLeaf = (pod: PodEndpoint, table: number = TABLE.main): Plan =>
  addLeaf(
    {
      netns: netnsOf(pod),
      addresses: pod.addresses,
      upstream: endOf(nodeNetns(pod.node), podDevice(pod)),
    },
    { table },
  );

/** The router's way to a pod: through its node. */
const routesToPod = (world: World, pod: PodEndpoint): readonly RouteCommand[] =>
  pod.addresses.flatMap((address) => {
    const gateway = gatewayTo(nodeOf(world, pod), familyOf(address));
    const device = routerDevice(nodeNetns(pod.node));
    const near = { netns: ROUTER, device };
    return gateway === undefined ? [] : [routeVia(near, hostCidr(address), { gateway })];
  });

/**
 * The router's way to addresses that kube-proxy serves and that AWS does not balance: to the node of an
 * endpoint, as a health check would choose it, else to the first.
 */
function routesToExternal(world: World): readonly RouteCommand[] {
  const held = world.nodes.flatMap(({ addresses }) => addresses);
  const routes = world.services.flatMap((service) => {
    const homes = new Set(service.ports.flatMap(({ backends }) => backends.map((b) => b.node)));
    const entry = world.nodes.find(({ name }) => homes.has(name)) ?? world.nodes[0];
    const vips = service.loadBalancer === undefined ? (service.balancerVips ?? []) : [];
    return [...(service.externalIps ?? []), ...vips].flatMap((address) => {
      const gateway = entry && gatewayTo(entry, familyOf(address));
      if (entry === undefined || gateway === undefined || held.includes(address)) return [];
      const near = { netns: ROUTER, device: routerDevice(netnsOf(entry)) };
      return [routeVia(near, hostCidr(address), { gateway })];
    });
  });
  return uniqueBy(routes, (route) => JSON.stringify(route.to));
}

const gatewayTo = (node: NodeEndpoint | undefined, family: IpFamily) =>
  node?.addresses.find((address) => familyOf(address) === family);

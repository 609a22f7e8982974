import { familyOf, hostCidr, type IpFamily } from '../model/address';
import type { NodeEndpoint, OutsideEndpoint, PodEndpoint, World } from '../model/world';
import { addLeaf, endOf } from './cables';
import type { Command, Netns, Plan } from './command';
import { type Fabric, nodeOf } from './fabric';
import { balancedIn, balancersTable } from './load-balancers';
import { netnsOf, nodeNetns, podDevice, ROUTER, routerDevice } from './names';
import { addNetns } from './netns';
import {
  anywhere,
  askLast,
  NO_ROUTE,
  nowhere,
  type Route,
  routeVia,
  signErrors,
  TABLE,
} from './routes';
import { familiesOf } from './rules';
import type { NftTable } from './ruleset';

/** Without a template: nodes and the outside are one routed hop apart, and only policies decide. */
export const flatFabric = (world: World): Fabric => ({
  ground: (outside) => [...addRouter(world), ...outside.flatMap(addOutside)],
  addNode: (node) =>
    addLeaf({ ...behindRouter(netnsOf(node)), addresses: node.addresses }, { role: 'router' }),
  connect: () => [],
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
const routesToPod = (world: World, pod: PodEndpoint): readonly Route[] =>
  pod.addresses.flatMap((address) => {
    const gateway = gatewayTo(nodeOf(world, pod), familyOf(address));
    const device = routerDevice(nodeNetns(pod.node));
    const near = { netns: ROUTER, device };
    return gateway === undefined ? [] : [routeVia(near, hostCidr(address), { gateway })];
  });

const gatewayTo = (node: NodeEndpoint | undefined, family: IpFamily) =>
  node?.addresses.find((address) => familyOf(address) === family);

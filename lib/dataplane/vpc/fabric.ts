import type { Vpc } from '../../model/vpc';
import type { OutsideEndpoint, PodEndpoint, World } from '../../model/world';
import type { Netns, Plan } from '../commands/command';
import { netnsOf, ROUTER } from '../commands/names';
import { type NodeNetwork, nodeOf } from '../wiring/fabric';
import { addOutside, addRouter, flatFabric, ROUTES } from '../wiring/flat';
import { addNetns } from '../wiring/netns';
import { familiesOfVpc } from './border';
import { resolversOf } from './dns';
import { vpcTable } from './filters';
import { addGateways, gatewayNamespaces, gatewaySpeakers, gatewayTables } from './gateways';
import { addNodeInVpc, addPodInVpc, forgetPodInVpc, translationTable } from './node';
import { isInVpc, placeOf, vpcNetns } from './places';
import { addPeering, addRoutes, peeringsOf } from './routes';

/**
 * With a template: each VPC is a router of its own, its nodes' interfaces, its gateways and its
 * filters around it; the internet is the router they all lead to. A node that no template places
 * stands beside the internet's hosts.
 */
export function vpcFabric(world: World): NodeNetwork {
  const flat = flatFabric(world);
  const placeOfPod = (pod: PodEndpoint) => {
    const node = nodeOf(world, pod);
    return node && placeOf(world, node);
  };
  return {
    ground: (outside) => [
      ...addRouter(world),
      ...outside.flatMap((host) => addHost(world, host)),
      ...world.vpcs.flatMap((vpc) => [
        ...addNetns(vpcNetns(vpc.id), 'router', familiesOfVpc(vpc)),
        ...addGateways(vpc),
      ]),
      ...peeringsOf(world).flatMap((peering) => addPeering(world, peering)),
    ],
    addNode: (node) => {
      const place = placeOf(world, node);
      return place === undefined ? flat.addNode(node) : addNodeInVpc(node, place);
    },
    connect: () => world.vpcs.flatMap((vpc) => addRoutes(world, vpc)),
    addPod: (pod) => {
      const place = placeOfPod(pod);
      return place === undefined ? flat.addPod(pod) : addPodInVpc(pod, place);
    },
    removePod: (pod) => {
      const place = placeOfPod(pod);
      if (place === undefined) return flat.removePod(pod);
      return [...forgetPodInVpc(pod, place), { kind: 'remove-netns', netns: netnsOf(pod) }];
    },
    tablesOf: (node) => {
      const place = placeOf(world, node);
      return place === undefined ? [] : [translationTable(world, node, place)];
    },
    tables: () => [
      { netns: ROUTER, table: ROUTES },
      ...world.vpcs.flatMap((vpc) => [
        { netns: vpcNetns(vpc.id), table: vpcTable(world, vpc, familiesOfVpc(vpc)) },
        ...gatewayTables(world, vpc),
      ]),
    ],
    speakers: () => world.vpcs.flatMap((vpc) => gatewaySpeakers(world, vpc)),
    resolvers: () => resolversOf(world),
    namespaces: () => [ROUTER, ...world.vpcs.flatMap(namespacesOfVpc)],
  };
}

const namespacesOfVpc = (vpc: Vpc): readonly Netns[] => [
  vpcNetns(vpc.id),
  ...gatewayNamespaces(vpc),
];

/** A host whose address is in a VPC and on no interface gets no cable. */
const addHost = (world: World, host: OutsideEndpoint): Plan =>
  host.addresses.some((address) => isInVpc(world.vpcs, address))
    ? addNetns(netnsOf(host), 'host', [4])
    : addOutside(host);

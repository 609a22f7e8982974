import type { OutsideEndpoint, World } from '../model/world';
import type { Plan } from './command';
import { type Fabric, nodeOf } from './fabric';
import { addOutside, addRouter, flatFabric, ROUTES } from './flat';
import { netnsOf, ROUTER } from './names';
import { addNetns } from './netns';
import { familiesOfVpc } from './vpc-border';
import { resolversOf } from './vpc-dns';
import { vpcTable } from './vpc-filters';
import { addGateways, gatewayNamespaces, gatewaySpeakers, gatewayTables } from './vpc-gateways';
import { addNodeInVpc, addPodInVpc, forgetPodInVpc, translationTable } from './vpc-node';
import { isInVpc, placeOf, vpcNetns } from './vpc-places';
import { addPeering, addRoutes, peeringsOf } from './vpc-routes';

/**
 * With a template: each VPC is a router of its own, its nodes' interfaces, its gateways and its
 * filters around it; the internet is the router they all lead to. A node that no template places
 * stands beside the internet's hosts.
 */
export function vpcFabric(world: World): Fabric {
  const flat = flatFabric(world);
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
      const node = nodeOf(world, pod);
      const place = node && placeOf(world, node);
      return place === undefined ? flat.addPod(pod) : addPodInVpc(pod, place);
    },
    removePod: (pod) => {
      const node = nodeOf(world, pod);
      const place = node && placeOf(world, node);
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
    namespaces: () => [
      ROUTER,
      ...world.vpcs.flatMap((vpc) => [vpcNetns(vpc.id), ...gatewayNamespaces(vpc)]),
    ],
  };
}

/** An address of a VPC that no interface has is nowhere: whoever claims it has no cable. */
const addHost = (world: World, host: OutsideEndpoint): Plan =>
  host.addresses.some((address) => isInVpc(world.vpcs, address))
    ? addNetns(netnsOf(host), 'host', [4])
    : addOutside(host);

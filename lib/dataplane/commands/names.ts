import { contains, type Ip } from '../../model/address';
import { hash64 } from '../../model/hash';
import type { Endpoint, NodeEndpoint, PodEndpoint, World } from '../../model/world';
import type { Netns } from './command';

/** The namespace that stands for the network between the nodes. */
export const ROUTER: Netns = 'router';

/** The device of a pod, a node or an outside host that leads to the rest of the world. */
export const UPLINK = 'eth0';

/** The namespace an endpoint sends from: a host-network pod's is its node's. */
export function netnsOf(endpoint: Endpoint): Netns {
  switch (endpoint.kind) {
    case 'pod':
      return endpoint.hostNetwork
        ? nodeNetns(endpoint.node)
        : `pod/${endpoint.namespace}/${endpoint.name}`;
    case 'node':
      return nodeNetns(endpoint.name);
    case 'outside':
      return outsideNetns(endpoint.name);
  }
}

export const nodeNetns = (name: string): Netns => `node/${name}`;

export const outsideNetns = (name: string): Netns => `outside/${name}`;

/** The node's end of a pod's cable: `eni` and a hash of the pod's name, as the VPC CNI names it. */
export const podDevice = (pod: Pick<PodEndpoint, 'namespace' | 'name'>): string =>
  `eni${hash64(`${pod.namespace}/${pod.name}`).slice(0, 11)}`;

/** The router's end of a cable to a namespace: at most 15 characters. */
export const routerDevice = (netns: Netns): string => `to${hash64(netns).slice(0, 12)}`;

/** A unicast, locally administered MAC address that follows from where the device is. */
export function macOf(netns: Netns, device: string): string {
  const digits = hash64(`${netns}|${device}`).slice(0, 10);
  return `02:${(digits.match(/../g) ?? []).join(':')}`;
}

/** The endpoint that has an address: a pod before its node; `undefined` if the world has none. */
export function ownerOf(world: World, address: Ip): Endpoint | undefined {
  const holds = (endpoint: Endpoint): boolean => endpoint.addresses.includes(address);
  const pods = world.pods.filter((pod) => !pod.hostNetwork);
  return pods.find(holds) ?? world.nodes.find(holds) ?? world.outside.find(holds);
}

/** Is it an address that Services stand behind, so no host can have it? */
export const isVirtual = (world: World, address: Ip): boolean =>
  contains(world.serviceCidr, address) ||
  world.services.some(
    ({ clusterIps, loadBalancer, externalIps, balancerVips }) =>
      clusterIps.includes(address) ||
      [loadBalancer?.addresses, externalIps, balancerVips].some((own) => own?.includes(address)),
  );

/** The pods of a node that have a namespace of their own. */
export const podsOn = (world: World, node: NodeEndpoint): readonly PodEndpoint[] =>
  world.pods.filter((pod) => pod.node === node.name && !pod.hostNetwork);

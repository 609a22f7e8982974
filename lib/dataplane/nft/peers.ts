import type { Cidr, Ip, IpFamily } from '../../model/address';
import { hostCidr } from '../../model/address';
import type { Peer } from '../../model/policy';
import { matches, type Selector } from '../../model/selector';
import type { World } from '../../model/world';
import { type AddressSide, ANY, atSockets, inRanges, type Match } from './match';
import { complement, everything, intersection, ofCidrs, type Ranges, union } from './ranges';

/** One side of a rule, as conditions of which one must hold. */
export function matchPeers(
  world: World,
  family: IpFamily,
  question: { readonly peers: 'any' | readonly Peer[]; readonly side: AddressSide },
): readonly Match[] {
  const { peers, side } = question;
  if (peers === 'any') return [ANY];
  // At the source a Service stands for its backends' addresses alone; at the destination for
  // their ports too (Calico: EntityRule.services), which no set of addresses can say.
  const byPort = (peer: Peer): boolean => peer.service !== undefined && side === 'destination';
  const addresses = peers.filter((peer) => !byPort(peer)).map((p) => addressesOf(world, family, p));
  const sockets = peers.filter(byPort).flatMap((peer) => socketsOf(world, family, peer));
  return [...inRanges(union(family, addresses), side), ...atSockets(family, side, sockets)];
}

/** The addresses a peer's fields leave, all of them together. */
export function addressesOf(world: World, family: IpFamily, peer: Peer): Ranges {
  const some = (cidrs: readonly Cidr[]): Ranges => ofCidrs(family, cidrs);
  const conditions: readonly (Ranges | undefined)[] = [
    peer.selector && some(selected(world, peer.selector)),
    peer.notSelector && complement(some(selected(world, peer.notSelector))),
    peer.nets && some(peer.nets),
    peer.notNets && complement(some(peer.notNets)),
    peer.service && some(backendsOf(world, peer).map((backend) => hostCidr(backend.address))),
    peer.nodes && some(addressesOfNodes(world, peer.nodes).map(hostCidr)),
    peer.domainNames && some(addressesOfNames(world, peer.domainNames).map(hostCidr)),
  ];
  const [first = everything(family), ...rest] = conditions.filter((ranges) => ranges !== undefined);
  return rest.reduce(intersection, first);
}

/**
 * Blocks of everything known that a selector matches: pods, network sets, host endpoints. Pods on
 * the host network are not known by labels; only their node's address is.
 */
export function selected(world: World, selector: Selector): readonly Cidr[] {
  const known = remembered.get(world) ?? new Map<string, readonly Cidr[]>();
  remembered.set(world, known);
  const key = JSON.stringify(selector);
  const blocks = known.get(key) ?? select(world, selector);
  known.set(key, blocks);
  return blocks;
}

/** Policies of a cluster say the same few selectors again and again; worlds never change. */
const remembered = new WeakMap<World, Map<string, readonly Cidr[]>>();

const select = (world: World, selector: Selector): readonly Cidr[] => [
  ...world.pods
    .filter((pod) => !pod.hostNetwork && matches(selector, pod.labels))
    .flatMap((pod) => pod.addresses.map(hostCidr)),
  ...world.networkSets.filter((set) => matches(selector, set.labels)).flatMap((set) => set.nets),
  ...world.hostEndpoints
    .filter((endpoint) => matches(selector, endpoint.labels))
    .flatMap((endpoint) => endpoint.expectedIps.map(hostCidr)),
];

const addressesOfNodes = (world: World, selector: Selector): readonly Ip[] =>
  world.nodes.filter((node) => matches(selector, node.labels)).flatMap((node) => node.addresses);

/** ClusterNetworkPolicy domain names: exact, or `*.` and at least one more label in front. */
const addressesOfNames = (world: World, names: readonly string[]): readonly Ip[] =>
  world.outside
    .filter((host) =>
      names.some((name) =>
        name.startsWith('*.') ? host.name.endsWith(name.slice(1)) : host.name === name,
      ),
    )
    .flatMap((host) => host.addresses);

function backendsOf(world: World, { service: wanted }: Peer) {
  return world.services
    .filter((s) => s.namespace === wanted?.namespace && s.name === wanted.name)
    .flatMap((service) =>
      service.ports.flatMap(({ protocol, backends }) =>
        backends.map((backend) => ({ ...backend, protocol: protocol.toLowerCase() })),
      ),
    );
}

/** Backends' sockets within what the peer's other fields leave. */
function socketsOf(world: World, family: IpFamily, peer: Peer) {
  const addresses = addressesOf(world, family, peer);
  const within = (address: Ip): boolean =>
    intersection(addresses, ofCidrs(family, [hostCidr(address)])).spans.length > 0;
  return backendsOf(world, peer).filter((backend) => within(backend.address));
}

import type { Peer } from '../../model/policy';
import type { Destination, Party } from '../ends/types';
import { type Bits, bitsWhere, emptyBits } from './bits';
import { both, complement, either, type Fuzzy, fuzzy } from './fuzzy';
import { backendAddresses, type Members } from './members';

/**
 * Which members one of the peers matches. `targets` says where each member's packets go, for the
 * side that is the destination: there a Service stands for its backends' ports too.
 */
export function matchPeers(
  peers: 'any' | readonly Peer[],
  members: Members,
  targets?: readonly Destination[],
): Fuzzy {
  if (peers === 'any') return { sure: members.all };
  // A rule may list thousands of blocks, so those that ask for nothing else are asked together.
  const blocks = peers.flatMap((peer) => (isBlocks(peer) ? (peer.nets ?? []) : []));
  return peers
    .filter((peer) => !isBlocks(peer))
    .map((peer) => matchPeer(peer, members, targets))
    .reduce(either, members.inNets(blocks));
}

/** Whether a peer is nothing but blocks of addresses. */
const isBlocks = ({ nets, ...rest }: Peer): boolean =>
  nets !== undefined && Object.values(rest).every((asked) => asked === undefined);

function matchPeer(
  peer: Peer,
  members: Members,
  targets: readonly Destination[] | undefined,
): Fuzzy {
  const { selector, notSelector, nets, notNets, service, nodes, domainNames } = peer;
  const asked: Fuzzy[] = [{ sure: members.all }];
  if (selector !== undefined) asked.push(members.known(selector));
  if (notSelector !== undefined) asked.push(complement(members.all, members.known(notSelector)));
  if (nets !== undefined) asked.push(members.inNets(nets));
  if (notNets !== undefined) asked.push(complement(members.all, members.inNets(notNets)));
  if (nodes !== undefined) asked.push(members.nodes(nodes));
  if (service !== undefined) asked.push({ sure: behindService(service, members, targets) });
  if (domainNames !== undefined) asked.push(named(domainNames, members));
  return asked.reduce(both);
}

function behindService(
  name: NonNullable<Peer['service']>,
  members: Members,
  targets: readonly Destination[] | undefined,
): Bits {
  const service = members.service(name.namespace, name.name);
  if (service === undefined) return emptyBits(members.size);
  if (targets === undefined) {
    const addresses = backendAddresses(service);
    return bitsWhere(members.size, (i) => {
      const address = members.parties[i]?.address;
      return address !== undefined && addresses.has(address);
    });
  }
  return bitsWhere(members.size, (i) => {
    const target = targets[i];
    return service.ports.some(
      ({ protocol, backends }) =>
        protocol === target?.protocol &&
        backends.some((b) => b.address === target.party.address && b.port === target.port),
    );
  });
}

/**
 * A domain name matches the addresses that the world lists for it. The addresses of an unlisted name
 * are unknown, so such a rule matches `perhaps` every address outside the cluster.
 */
function named(domains: readonly string[], members: Members): Fuzzy {
  const outside = members.world.outside.map(({ name }) => name);
  const isUnknown = domains.some((domain) => !outside.some((name) => isNamed(domain, name)));
  const sure = bitsWhere(members.size, (i) =>
    (members.parties[i]?.names ?? []).some((name) => domains.some((d) => isNamed(d, name))),
  );
  const perhaps = bitsWhere(members.size, (i) => isUnknown && isOutside(members.parties[i]));
  return fuzzy(sure, perhaps);
}

const isOutside = (party: Party | undefined): boolean =>
  party !== undefined && party.pod === undefined && party.node === undefined;

/** `*.example.com` stands for every name below it, at any depth (ClusterNetworkPolicy). */
const isNamed = (domain: string, name: string): boolean =>
  domain.startsWith('*.') ? name.endsWith(domain.slice(1)) : name === domain;

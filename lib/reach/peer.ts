import type { Peer } from '../model/policy';
import { and, type Bits, bitsWhere, emptyBits, without } from './bits';
import { either, type Fuzzy, fuzzy } from './fuzzy';
import { backendAddresses, type Members } from './members';
import type { Party } from './party';
import type { Target } from './traffic';

/**
 * Which members one of the peers matches. `targets` says where each member's packets go, for the
 * side that is the destination: there a Service stands for its backends' ports too.
 */
export function matchPeers(
  peers: 'any' | readonly Peer[],
  members: Members,
  targets?: readonly Target[],
): Fuzzy {
  if (peers === 'any') return { sure: members.all };
  return peers
    .map((peer) => matchPeer(peer, members, targets))
    .reduce(either, { sure: emptyBits(members.size) });
}

function matchPeer(peer: Peer, members: Members, targets: readonly Target[] | undefined): Fuzzy {
  const { selector, notSelector, nets, notNets, service, nodes, domainNames } = peer;
  let bits = members.all;
  if (selector !== undefined) bits = and(bits, members.known(selector));
  if (notSelector !== undefined) bits = without(bits, members.known(notSelector));
  if (nets !== undefined) bits = and(bits, members.inNets(nets));
  if (notNets !== undefined) bits = without(bits, members.inNets(notNets));
  if (nodes !== undefined) bits = and(bits, members.nodes(nodes));
  if (service !== undefined) bits = and(bits, behindService(service, members, targets));
  return domainNames === undefined ? { sure: bits } : named(domainNames, members, bits);
}

function behindService(
  name: NonNullable<Peer['service']>,
  members: Members,
  targets: readonly Target[] | undefined,
): Bits {
  const service = members.service(name.namespace, name.name);
  if (service === undefined) return emptyBits(members.size);
  if (targets === undefined) {
    const addresses = backendAddresses(service);
    return bitsWhere(members.size, (i) => addresses.has(members.parties[i]?.address as never));
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
 * Domain names are the addresses that the world's resolver gives them. What a name nobody here
 * knows resolves to is not known, so such a rule matches any address outside the cluster perhaps.
 */
function named(domains: readonly string[], members: Members, within: Bits): Fuzzy {
  const outside = members.world.outside.map(({ name }) => name);
  const strange = domains.some((domain) => !outside.some((name) => isNamed(domain, name)));
  const sure = bitsWhere(members.size, (i) =>
    (members.parties[i]?.names ?? []).some((name) => domains.some((d) => isNamed(d, name))),
  );
  const perhaps = bitsWhere(members.size, (i) => strange && isOutside(members.parties[i]));
  return fuzzy(and(sure, within), and(perhaps, within));
}

const isOutside = (party: Party | undefined): boolean =>
  party !== undefined && party.pod === undefined && party.node === undefined;

/** `*.example.com` stands for every name below it, at any depth (ClusterNetworkPolicy). */
const isNamed = (domain: string, name: string): boolean =>
  domain.startsWith('*.') ? name.endsWith(domain.slice(1)) : name === domain;

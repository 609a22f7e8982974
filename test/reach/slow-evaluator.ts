import { contains, type Ip } from '../../lib/model/address';
import type { Direction, Protocol } from '../../lib/model/flow';
import type { Peer, Policy, Rule, Traffic } from '../../lib/model/policy';
import { BUILT_IN_TIERS } from '../../lib/model/policy';
import { type Labels, matches } from '../../lib/model/selector';
import type { PodEndpoint, World } from '../../lib/model/world';

/**
 * A second evaluator, as slow and as plain as the rules are written down: one packet, every policy,
 * no index. It knows pods and addresses, no Services; source ports are not its business.
 */

export interface OraclePacket {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: Protocol;
  readonly port: number | undefined;
}

/** May this packet pass, as far as policies go? */
export function oracle(world: World, packet: OraclePacket): 'allowed' | 'denied' {
  if (packet.source === packet.destination) return 'allowed';
  const from = podAt(world, packet.source);
  const to = podAt(world, packet.destination);
  const out = from === undefined || decide(world, from, packet, 'egress');
  const hostOf = world.nodes.find((node) => node.addresses.includes(packet.source))?.name;
  const excused = to !== undefined && hostOf === to.node;
  const into = to === undefined || excused || decide(world, to, packet, 'ingress');
  return out && into ? 'allowed' : 'denied';
}

const podAt = (world: World, address: Ip): PodEndpoint | undefined =>
  world.pods.find((pod) => !pod.hostNetwork && pod.addresses.includes(address));

function decide(
  world: World,
  pod: PodEndpoint,
  packet: OraclePacket,
  direction: Direction,
): boolean {
  const applied = world.policies.filter(
    (policy) =>
      policy.staged === 'no' &&
      (policy.hook === 'normal' || policy.hook === 'apply-on-forward') &&
      policy[direction] !== undefined &&
      matches(policy.subject, pod.labels),
  );
  const names = [...new Set(applied.map((policy) => policy.tier))];
  const tierOf = (name: string) =>
    [...world.tiers, ...BUILT_IN_TIERS].find((tier) => tier.name === name) ?? fail(name);
  const tiers = names.map(tierOf).sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
  for (const tier of tiers) {
    const rules = applied
      .filter((policy) => policy.tier === tier.name)
      .sort(asAsked)
      .flatMap((policy) => policy[direction] ?? []);
    const first = rules.find((rule) => rule.action !== 'log' && admits(world, rule, packet));
    if (first?.action === 'allow') return true;
    if (first?.action === 'deny') return false;
    if (first === undefined && tier.defaultAction === 'deny') return false;
  }
  return true;
}

const fail = (tier: string): never => {
  throw new Error(`tier ${tier} does not exist`);
};

function asAsked(a: Policy, b: Policy): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  const text = (p: Policy) => `${p.name}/${p.namespace ?? ''}/${p.kind}`;
  return text(a) < text(b) ? -1 : 1;
}

const admits = (world: World, rule: Rule, packet: OraclePacket): boolean =>
  (rule.ipVersion === undefined || rule.ipVersion === 4) &&
  isPeer(world, rule.source, packet.source) &&
  isPeer(world, rule.destination, packet.destination) &&
  (rule.traffic === 'any' || rule.traffic.some((line) => carries(world, line, packet)));

const isPeer = (world: World, peers: 'any' | readonly Peer[], address: Ip): boolean =>
  peers === 'any' || peers.some((peer) => isOne(world, peer, address));

function isOne(world: World, peer: Peer, address: Ip): boolean {
  const sets: readonly Labels[] = world.networkSets
    .filter(({ nets }) => nets.some((net) => contains(net, address)))
    .map(({ labels }) => labels);
  const pod = podAt(world, address);
  const known = pod === undefined ? sets : [...sets, pod.labels];
  const { selector, notSelector, nets, notNets } = peer;
  if (selector !== undefined && !known.some((labels) => matches(selector, labels))) return false;
  if (notSelector !== undefined && known.some((labels) => matches(notSelector, labels)))
    return false;
  if (nets !== undefined && !nets.some((net) => contains(net, address))) return false;
  return notNets === undefined || !notNets.some((net) => contains(net, address));
}

const NUMBERS: Readonly<Record<string, number>> = {
  TCP: 6,
  UDP: 17,
  SCTP: 132,
  ICMP: 1,
  ICMPv6: 58,
  UDPLite: 136,
};

const number = (protocol: Traffic['protocol']): number | undefined =>
  typeof protocol === 'number' ? protocol : NUMBERS[protocol];

function carries(world: World, line: Traffic, packet: OraclePacket): boolean {
  const own = NUMBERS[packet.protocol];
  if (line.protocol !== 'any' && number(line.protocol) !== own) return false;
  if (line.notProtocol !== undefined && number(line.notProtocol) === own) return false;
  const { port } = packet;
  const named = podAt(world, packet.destination)?.ports ?? [];
  const inPorts = (ports: Exclude<Traffic['destinationPorts'], 'any'>): boolean =>
    port !== undefined &&
    ports.some((p) =>
      'name' in p
        ? named.some((n) => n.name === p.name && n.port === port && n.protocol === packet.protocol)
        : p.first <= port && port <= p.last,
    );
  if (line.destinationPorts !== 'any' && !inPorts(line.destinationPorts)) return false;
  if (line.notDestinationPorts !== undefined && inPorts(line.notDestinationPorts)) return false;
  // Only pings are asked about: type 8, code 0.
  const isPing = (wanted: { readonly type: number; readonly code?: number }): boolean =>
    packet.protocol === 'ICMP' && wanted.type === 8 && (wanted.code ?? 0) === 0;
  return (
    (line.icmp === undefined || isPing(line.icmp)) &&
    (line.notIcmp === undefined || !isPing(line.notIcmp))
  );
}

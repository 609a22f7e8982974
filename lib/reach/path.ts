import type { Evidence, Trace, Verdict } from '../model/explanation';
import { type Delivery, told } from './delivery';
import type { Directory } from './directory';
import { ARRIVES, hopsOf } from './hops';
import type { Hosts } from './host-endpoint';
import type { HostCrossing } from './host-opinion';
import type { Judge, Packet } from './judge';
import { isWorkload, type Party } from './party';
import { deadEnd, hostStation, type Segment, type Station, station } from './station';
import { isTo, onlyKnocking, stayingUntranslated } from './untranslated';
import type { Fabric } from './vpc';
import { cross } from './vpc-crossing';
import { partyName } from './words';

/** One way through the network: what every device on it says, there and back. */
export interface Walked {
  readonly verdict: Verdict;
  readonly by: readonly Evidence[];
  readonly trace: Trace;
}

/** Everybody who can refuse a packet on its way. */
export interface Filters {
  readonly directory: Directory;
  readonly policies: Judge;
  readonly hosts: Hosts;
  /** The VPC between nodes, where templates describe one. */
  readonly fabric: Fabric | undefined;
}

/**
 * Walks one delivery: egress policy, the source's node, the VPC, whoever translates, the
 * destination's node, ingress policy; then the replies' way, for what keeps no state.
 */
export function walkPath(filters: Filters, delivery: Delivery): Walked {
  const walked = throughAll(
    stayingUntranslated(filters, delivery) ?? [
      ...departure(filters, delivery),
      ...arrival(filters, delivery),
    ],
  );
  return walked.by.length > 0 ? walked : { ...walked, by: [unfiltered(delivery)] };
}

/** Asks the way there, and where it is open the way back. */
export function throughAll(segments: readonly Segment[]): Walked {
  const stations = segments.flatMap((segment) => segment.forward);
  const there = overall(stations);
  const replies = there === 'allowed' ? segments.toReversed().flatMap(({ back }) => back()) : [];
  const verdict = there === 'allowed' ? overall(replies) : there;
  const by = [...stations, ...replies]
    .flatMap((one) => one.answers)
    .filter((answer) => answer.verdict === verdict)
    .flatMap((answer) => answer.by);
  return {
    ...{ verdict, by },
    trace: { forward: hopsOf(stations), return: hopsOf(replies) },
  };
}

/** A refusal anywhere is final, whatever is unknown elsewhere; the first one met comes first. */
function overall(stations: readonly Station[]): Verdict {
  const verdicts = stations.flatMap(({ answers }) => answers.map(({ verdict }) => verdict));
  const refusal = verdicts.find((verdict) => verdict === 'denied' || verdict === 'no-route');
  return refusal ?? (verdicts.includes('unknown') ? 'unknown' : 'allowed');
}

/** From the source to the edge of its node. */
export function departure(filters: Filters, delivery: Delivery) {
  const { policies, hosts } = filters;
  const { called, sent, via, received, note } = delivery;
  const { source } = sent;
  const { node } = source;
  // By a load balancer it leaves even for a target on its own node.
  const [first = received] = via?.crossings ?? [];
  const next = first.target.party.node ?? (via === undefined ? undefined : 'elsewhere');
  // Where the source's own node translates, it is asked about both packets.
  const before = called === undefined ? {} : { before: called };
  const after = hidden(filters, first, via === undefined ? received : sent);
  const leaving = (kind: HostCrossing['kind']) =>
    node === undefined || node === next
      ? []
      : [hosts.leaving({ ...{ node, packet: sent, kind, after }, ...before })];
  const here = via === undefined ? told(note, called ?? sent, received) : {};
  if (!isWorkload(source)) return [hostStation(deviceOf(source), leaving('local'), here)];
  const egress = policies.workload(sent, 'egress');
  return [
    station(deviceOf(source), egress === undefined ? [] : [egress]),
    hostStation(`node ${source.node}`, leaving('forwarded'), here),
  ];
}

/** The packet as its own node sends it, where that hides its pods: replies come back to the node. */
export function hidden({ fabric, directory }: Filters, first: Packet, packet: Packet): Packet {
  if (fabric === undefined || directory.world.hostEndpoints.length === 0) return packet;
  const [station] = cross(fabric, first).segments.flatMap(({ forward }) => forward);
  const own = station?.device === `node ${first.source.node}` ? station.becomes?.source : undefined;
  return own === undefined ? packet : { ...packet, source: directory.at(own) };
}

/** From the edge of the source's node, over whoever translates, to the destination. */
function arrival(filters: Filters, delivery: Delivery): readonly Segment[] {
  const { fabric, directory } = filters;
  const { received, via } = delivery;
  const [first = received, ...rest] = via?.crossings ?? [received];
  const crossing = cross(fabric, first);
  // Whoever translated the source on the way is whom everybody sees from there on. A node may put
  // its address before its own call, so it is the caller that is looked for, not the address.
  const seen = (packet: Packet): Packet =>
    crossing.source === first.source.address || packet.source.end !== first.source.end
      ? packet
      : { ...packet, source: directory.at(crossing.source) };
  const knocking = onlyKnocking(filters, delivery, seen);
  if (knocking !== undefined) return [...crossing.segments, ...knocking];
  return [
    ...crossing.segments,
    ...translation(filters, delivery, seen),
    ...rest.flatMap((packet) => cross(fabric, seen(packet)).segments),
    ...destination(filters, delivery, seen(received)),
    ...lostReplies(delivery),
  ];
}

const lostReplies = ({ lost, received }: Delivery): readonly Segment[] =>
  lost === undefined ? [] : [deadEnd(deviceOf(received.target.party), lost)];

/** A node whose port was called, or a load balancer. */
function translation({ hosts }: Filters, delivery: Delivery, seen: (packet: Packet) => Packet) {
  const { sent, received, via, note } = delivery;
  if (via === undefined) return [];
  const { node } = via;
  const said = told(note, sent, received);
  if (node === undefined) return [station(via.device, [], said)];
  const before = seen(via.crossings.find(isTo(node)) ?? sent);
  const packet: Packet = { ...received, source: before.source };
  const crossing = { node, packet, before, after: seen(received), kind: 'forwarded' } as const;
  const elsewhere = received.target.party.node !== node;
  const answers = [hosts.entering(crossing), ...(elsewhere ? [hosts.leaving(crossing)] : [])];
  return [hostStation(via.device, answers, said)];
}

function destination({ policies, hosts }: Filters, { sent, via }: Delivery, seen: Packet) {
  const { party } = seen.target;
  const { node } = party;
  const last = via === undefined ? sent.source.node : via.node;
  const entering = (kind: HostCrossing['kind']) =>
    node === undefined || node === last ? [] : [hosts.entering({ node, packet: seen, kind })];
  if (!isWorkload(party)) {
    return [hostStation(deviceOf(party), entering('local'), { note: ARRIVES })];
  }
  const ingress = policies.workload(seen, 'ingress');
  const passing = node === last ? [] : [hostStation(`node ${node}`, entering('forwarded'))];
  return [...passing, station(deviceOf(party), ingress === undefined ? [] : [ingress])];
}

export const deviceOf = (party: Party): string =>
  party.end.kind === 'pod' ? `pod ${partyName(party)}` : partyName(party);

const unfiltered = ({ sent, received }: Delivery): Evidence => ({
  ...{ filter: 'route', direction: 'egress', object: 'routed', rule: null },
  because: `no policy can stand between ${partyName(sent.source)} and ${partyName(received.target.party)}: neither is a pod of its own`,
});

import type { Evidence } from '../../model/explanation';
import { deviceOf, partyName } from '../ends/names';
import { isWorkload } from '../ends/party';
import type { Packet } from '../ends/types';
import { routeEvidence } from '../hops/evidence';
import { doubtful, lostReplies, trackedSegment } from '../hops/segment';
import type { Segment } from '../hops/types';
import { hostSegment } from '../hosts/segment';
import type { HostPacket } from '../hosts/types';
import { translationOf } from '../services/delivery';
import type { Delivery } from '../services/types';
import { cross } from './cross';
import { departure } from './departure';
import { judgePath } from './judge-path';
import { ARRIVES } from './trace';
import type { JudgedPath, PathFilters } from './types';
import { isTo, rejectedAtNode, untranslatedCall } from './untranslated';

/**
 * Follows one delivery: egress policy, the source's node, the VPC, the device that translates, the
 * destination's node, ingress policy; then the path of the replies, for filters that track no
 * connections.
 */
export function walkPath(filters: PathFilters, delivery: Delivery): JudgedPath {
  const judged = judgePath(
    untranslatedCall(filters, delivery) ?? [
      ...departure(filters, delivery),
      ...arrival(filters, delivery),
    ],
    filters.isTraced,
  );
  return judged.by.length > 0 ? judged : { ...judged, by: [unfiltered(delivery)] };
}

/** From the edge of the source's node, through the device that translates, to the destination. */
function arrival(filters: PathFilters, delivery: Delivery): readonly Segment[] {
  const { fabric, directory } = filters;
  const { received, via, lost, doubt } = delivery;
  const [first = received, ...rest] = via?.crossings ?? [received];
  const crossing = cross(fabric, first);
  // Every later filter sees the source that the VPC translated to. A node may translate the source of
  // its own call before that, so the ends are compared, not the addresses.
  const seen = (packet: Packet): Packet =>
    crossing.source === first.source.address || packet.source.end !== first.source.end
      ? packet
      : { ...packet, source: directory.at(crossing.source) };
  const rejected = rejectedAtNode(filters, delivery, seen);
  if (rejected !== undefined) return [...crossing.segments, ...rejected];
  return [
    ...crossing.segments,
    ...translation(filters, delivery, seen),
    ...rest.flatMap((packet) => cross(fabric, seen(packet)).segments),
    ...destination(filters, delivery, seen(received)),
    ...(doubt === undefined ? [] : [doubtful(deviceOf(received.target.party), doubt)]),
    ...(lost === undefined ? [] : [lostReplies(deviceOf(received.target.party), lost)]),
  ];
}

/** A node whose port was called, or a load balancer. */
function translation(
  { hosts }: PathFilters,
  delivery: Delivery,
  seen: (packet: Packet) => Packet,
): readonly Segment[] {
  const { sent, received, via } = delivery;
  if (via === undefined) return [];
  const { node } = via;
  const change = translationOf(delivery, sent, received);
  if (node === undefined) return [trackedSegment(via.device, [], change)];
  const before = seen(via.crossings.find(isTo(node)) ?? sent);
  const packet: Packet = { ...received, source: before.source };
  const atNode = { node, packet, before, after: seen(received), kind: 'forwarded' } as const;
  const leaves = received.target.party.node !== node;
  const answers = [hosts.entering(atNode), ...(leaves ? [hosts.leaving(atNode)] : [])];
  return [hostSegment(via.device, answers, change)];
}

function destination(
  { policies, hosts }: PathFilters,
  { sent, via }: Delivery,
  packet: Packet,
): readonly Segment[] {
  const { party } = packet.target;
  const { node } = party;
  const last = via === undefined ? sent.source.node : via.node;
  const entering = (kind: HostPacket['kind']) =>
    node === undefined || node === last ? [] : [hosts.entering({ node, packet, kind })];
  if (!isWorkload(party)) {
    return [hostSegment(deviceOf(party), entering('local'), { note: ARRIVES })];
  }
  const ingress = policies.workload(packet, 'ingress');
  const passing = node === last ? [] : [hostSegment(`node ${node}`, entering('forwarded'))];
  return [...passing, trackedSegment(deviceOf(party), ingress === undefined ? [] : [ingress])];
}

function unfiltered({ sent, received }: Delivery): Evidence {
  const [from, to] = [partyName(sent.source), partyName(received.target.party)];
  const because = `no policy filters between ${from} and ${to}: neither is a pod with an address of its own`;
  return routeEvidence('routed', because);
}

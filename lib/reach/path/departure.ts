import { deviceOf } from '../ends/names';
import { isWorkload } from '../ends/party';
import type { Packet } from '../ends/types';
import { trackedSegment } from '../hops/segment';
import type { Segment } from '../hops/types';
import { hostSegment } from '../hosts/segment';
import type { HostPacket } from '../hosts/types';
import { translationOf } from '../services/delivery';
import type { Delivery } from '../services/types';
import { cross } from './cross';
import type { PathFilters } from './types';

/** From the source to the edge of its node. */
export function departure(filters: PathFilters, delivery: Delivery): readonly Segment[] {
  const { policies, hosts } = filters;
  const { called, sent, via, received } = delivery;
  const { source } = sent;
  const { node } = source;
  // Through a load balancer the packet leaves its node even for a target on the same node.
  const [first = received] = via?.crossings ?? [];
  const next = first.target.party.node ?? (via === undefined ? undefined : 'elsewhere');
  // Where the source's own node translates, its host endpoint filters both packets.
  const before = called === undefined ? {} : { before: called };
  const after = behindNode(filters, first, via === undefined ? received : sent);
  const leaving = (kind: HostPacket['kind']) =>
    node === undefined || node === next
      ? []
      : [hosts.leaving({ node, packet: sent, kind, after, ...before })];
  const change = via === undefined ? translationOf(delivery, called ?? sent, received) : {};
  if (!isWorkload(source)) return [hostSegment(deviceOf(source), leaving('local'), change)];
  const egress = policies.workload(sent, 'egress');
  return [
    trackedSegment(deviceOf(source), egress === undefined ? [] : [egress]),
    hostSegment(`node ${source.node}`, leaving('forwarded'), change),
  ];
}

/** The packet as its own node sends it, where the node translates the source: replies go to the node. */
export function behindNode(
  { fabric, directory }: PathFilters,
  first: Packet,
  packet: Packet,
): Packet {
  if (fabric === undefined || directory.world.hostEndpoints.length === 0) return packet;
  const [hop] = cross(fabric, first).segments.flatMap(({ forward }) => forward);
  const own = hop?.device === `node ${first.source.node}` ? hop.becomes?.source : undefined;
  return own === undefined ? packet : { ...packet, source: directory.at(own) };
}

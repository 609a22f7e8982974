import type { Verdict } from '../../model/explanation';
import { deviceOf } from '../ends/names';
import { isWorkload } from '../ends/party';
import type { Packet } from '../ends/types';
import { trackedSegment } from '../hops/segment';
import type { Segment } from '../hops/types';
import { hostSegment } from '../hosts/segment';
import type { HostAnswer } from '../hosts/types';
import { direct } from '../services/delivery';
import type { StoppedPacket, StoppedRouting } from '../services/types';
import { cross } from './cross';
import { behindNode, departure } from './departure';
import { judgePath } from './judge-path';
import type { JudgedPath, PathFilters } from './types';

/** Follows a packet to the device that stops it before policies are evaluated. */
export function walkToStop(
  filters: PathFilters,
  { packet: toward, stoppedAt }: StoppedPacket,
  { verdict, evidence }: Pick<StoppedRouting, 'verdict' | 'evidence'>,
): JudgedPath {
  const { source, target } = toward;
  const kind = verdict === 'allowed' ? 'unknown' : verdict;
  const stopping = trackedSegment(deviceOf(target.party), [
    { verdict, decisions: [{ kind, evidence }], by: [evidence] },
  ]);
  const at = (node: string | undefined) =>
    ({ node: node ?? '', packet: toward, kind: 'stopped' }) as const;
  if (stoppedAt === 'own-node') {
    const leaving = filters.hosts.leaving(at(source.node));
    const own = [hostSegment(deviceOf(source), [leaving]), stopping];
    return judgePath(own, filters.isTraced);
  }
  const entering = filters.hosts.entering(at(target.party.node));
  const segments = [
    ...departure(filters, direct(toward)),
    ...cross(filters.fabric, toward).segments,
    hostSegment(deviceOf(target.party), withLostError(entering, verdict)),
    ...(verdict === 'no-route' ? errorAtSource(filters, toward) : []),
    stopping,
  ];
  return judgePath(segments, filters.isTraced);
}

/** The ICMP error may be dropped by the egress policy of the rejecting host endpoint; the caller then times out. */
function withLostError(entering: HostAnswer, verdict: Verdict): readonly HostAnswer[] {
  const isOpen = entering.answers.every((answer) => answer.verdict === 'allowed');
  const replies = verdict === 'no-route' && isOpen ? entering.replies() : [];
  const answers = replies.filter((answer) => answer.verdict !== 'allowed');
  return [entering, { answers, untracked: false, replies: () => [] }];
}

/** The ICMP error may be dropped by the host endpoint of the caller's node. */
function errorAtSource(filters: PathFilters, packet: Packet): readonly Segment[] {
  const { source } = packet;
  const { node } = source;
  if (node === undefined) return [];
  const kind = isWorkload(source) ? 'forwarded' : 'local';
  const after = behindNode(filters, packet, packet);
  const replies = filters.hosts.leaving({ node, packet, after, kind, refused: true }).replies();
  const lost = replies.filter(({ verdict }) => verdict !== 'allowed');
  return lost.length === 0 ? [] : [trackedSegment(deviceOf(source), lost)];
}

import type { Evidence, Verdict } from '../model/explanation';
import { direct, type Toward } from './delivery';
import type { HostAnswer } from './host-endpoint';
import type { Packet } from './judge';
import { isWorkload } from './party';
import { departure, deviceOf, type Filters, hidden, throughAll, type Walked } from './path';
import { hostStation, type Segment, station } from './station';
import { cross } from './vpc-crossing';

/** Walks as far as whoever stops the packet before policies are asked, and stops there. */
export function walkToStop(
  filters: Filters,
  { packet: toward, stoppedAt }: Toward,
  stop: { readonly verdict: Verdict; readonly evidence: Evidence },
): Walked {
  const { source, target } = toward;
  const { verdict, evidence } = stop;
  const kind = verdict === 'allowed' ? 'unknown' : verdict;
  const stopping = station(deviceOf(target.party), [
    { verdict, decisions: [{ kind, evidence }], by: [evidence] },
  ]);
  const at = (node: string | undefined) =>
    ({ node: node ?? '', packet: toward, kind: 'stopped' }) as const;
  if (stoppedAt === 'own-node') {
    const leaving = filters.hosts.leaving(at(source.node));
    return throughAll([hostStation(deviceOf(source), [leaving]), stopping]);
  }
  return throughAll([
    ...departure(filters, direct(toward)),
    ...cross(filters.fabric, toward).segments,
    hostStation(
      deviceOf(target.party),
      refused(filters.hosts.entering(at(target.party.node)), verdict),
    ),
    ...(verdict === 'no-route' ? untold(filters, toward) : []),
    stopping,
  ]);
}

/** A refusal comes back to the caller's node, whose host endpoint may not let it in. */
function untold(filters: Filters, packet: Packet): readonly Segment[] {
  const { source } = packet;
  const { node } = source;
  if (node === undefined) return [];
  const kind = isWorkload(source) ? 'forwarded' : 'local';
  const after = hidden(filters, packet, packet);
  const replies = filters.hosts.leaving({ node, packet, after, kind, refused: true }).replies();
  const lost = replies.filter(({ verdict }) => verdict !== 'allowed');
  return lost.length === 0 ? [] : [station(deviceOf(source), lost)];
}

/** Who refuses says so, and the host endpoint may not let that out: its caller then hears nothing. */
function refused(entering: HostAnswer, verdict: Verdict): readonly HostAnswer[] {
  const isOpen = entering.judgements.every((judgement) => judgement.verdict === 'allowed');
  const lost = verdict === 'no-route' && isOpen ? entering.replies() : [];
  const judgements = lost.filter((judgement) => judgement.verdict !== 'allowed');
  return [entering, { judgements, untracked: false, replies: () => [] }];
}

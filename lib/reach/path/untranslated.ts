import { partyName } from '../ends/names';
import { isWorkload } from '../ends/party';
import type { Packet } from '../ends/types';
import { routeEvidence } from '../hops/evidence';
import { answerOf } from '../hops/hop';
import { trackedSegment } from '../hops/segment';
import type { Segment } from '../hops/types';
import { hostSegment } from '../hosts/segment';
import type { Delivery } from '../services/types';
import { cross } from './cross';
import type { PathFilters } from './types';

/** Whether a packet is for the node itself, not for a pod with an address of its own on it. */
export const isTo =
  (node: string) =>
  ({ target: { party } }: Packet): boolean =>
    party.node === node && !isWorkload(party);

/**
 * A node's own call to a Service's address that the node's untracked policies decide: they deny it, or
 * allow it untracked. An untracked packet is not translated (kernel: nf_nat works on tracked packets),
 * and no interface has the Service's address. `undefined` where the call is translated as usual.
 */
export function untranslatedCall(
  { hosts }: PathFilters,
  { called, sent: { source } }: Delivery,
): readonly Segment[] | undefined {
  const { node } = source;
  if (called === undefined || node === undefined || isWorkload(source)) return undefined;
  const isOwn = isTo(node)(called);
  const raw = isOwn ? undefined : hosts.leaving({ node, packet: called, kind: 'stopped' });
  if (raw === undefined) return undefined;
  const here = hostSegment(partyName(source), [raw]);
  if (raw.answers.some(({ verdict }) => verdict === 'denied')) return [here];
  if (!raw.untracked) return undefined;
  const { address } = called.target.party;
  const because = `a doNotTrack policy lets the call out untracked, so kube-proxy does not translate it, and no interface has ${address}`;
  const evidence = routeEvidence(address, because);
  return [here, trackedSegment(address, [answerOf([{ kind: 'no-route', evidence }])])];
}

/**
 * A call to a node's port that the node's untracked policies allow: it is not translated, so it ends
 * at the node itself, which has no listener there. `undefined` where it is translated as usual.
 */
export function rejectedAtNode(
  { fabric, hosts }: PathFilters,
  { via, sent }: Delivery,
  seen: (packet: Packet) => Packet,
): readonly Segment[] | undefined {
  if (via?.node === undefined) return undefined;
  const { node, device, crossings } = via;
  const packet = seen(crossings.find(isTo(node)) ?? sent);
  const entering = hosts.entering({ node, packet, kind: 'local' });
  if (!entering.untracked) return undefined;
  const note = 'let in untracked, so kube-proxy does not translate it: the node itself refuses it';
  return [
    ...crossings
      .slice(1)
      .filter(isTo(node))
      .flatMap((one) => cross(fabric, seen(one)).segments),
    hostSegment(device, [entering], { note }),
  ];
}

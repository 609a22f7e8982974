import { type Delivery, stopped } from './delivery';
import type { Packet } from './judge';
import { isWorkload } from './party';
import type { Filters } from './path';
import { hostStation, type Segment, station } from './station';
import { cross } from './vpc-crossing';
import { partyName } from './words';

/** Is a packet for the node itself, rather than for a pod of its own on it? */
export const isTo =
  (node: string) =>
  ({ target: { party } }: Packet): boolean =>
    party.node === node && !isWorkload(party);

/**
 * A node's own call to a Service's address, where its raw table has the last word on it: denied
 * there, or let out untracked, and then nobody translates it (kernel: nf_nat works on tracked
 * packets) and nobody has that address. `undefined` where it goes its usual way.
 */
export function stayingUntranslated(
  { hosts }: Filters,
  { called, sent: { source } }: Delivery,
): readonly Segment[] | undefined {
  const { node } = source;
  if (called === undefined || node === undefined || isWorkload(source)) return undefined;
  const isOwn = isTo(node)(called);
  const raw = isOwn ? undefined : hosts.leaving({ node, packet: called, kind: 'stopped' });
  if (raw === undefined) return undefined;
  const here = hostStation(partyName(source), [raw]);
  if (raw.judgements.some(({ verdict }) => verdict === 'denied')) return [here];
  if (!raw.untracked) return undefined;
  const { address } = called.target.party;
  const because = `a doNotTrack policy lets the call out untracked, so kube-proxy does not translate it, and nobody has ${address}`;
  const { verdict, evidence } = stopped('no-route', address, { because });
  const by = [evidence];
  return [here, station(address, [{ verdict, by, decisions: [{ kind: 'no-route', evidence }] }])];
}

/**
 * A call to a node's port that its raw table lets in untracked: nobody translates it, so it ends at
 * the node itself, where nobody listens. `undefined` where it is translated as usual.
 */
export function onlyKnocking(
  { fabric, hosts }: Filters,
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
    hostStation(device, [entering], { note }),
  ];
}

import type { Evidence, Explanation, Hop, Trace } from './explanation';
import { said } from './saying';
import type { PairWords } from './worded';

/** The note of a device that tracks connections, at their replies. */
export const REPLY_NOTE = 'replies to an allowed connection are allowed';

/** A device on the way of a pair, with the side whose decisions it shows. */
export interface PairHop {
  readonly way: keyof Trace;
  readonly device: string;
  readonly id: string;
  readonly side?: 'egress' | 'ingress';
  readonly note?: string;
}

/** The devices that a pair's packets and replies pass, in order, and those that a refused one does not reach. */
export function pairHops({ from, to, egress, verdict }: PairWords): readonly PairHop[] {
  const rest: PairHop['way'] = egress.verdict === 'denied' ? 'unreached' : 'forward';
  const first = { device: from.device, id: `pod:${from.name}` };
  const last = { device: to.device, id: `pod:${to.name}` };
  const nodes = from.node === to.node ? [from.node] : [from.node, to.node];
  const passing = nodes.map((node) => ({ device: `node ${node}`, id: `node:${node}` }));
  const there: readonly PairHop[] = [
    { way: 'forward', ...first, side: 'egress' },
    ...passing.map((hop): PairHop => ({ way: rest, ...hop })),
    { way: rest, ...last, side: 'ingress' },
  ];
  if (verdict !== 'allowed') return there;
  return [
    ...there,
    { way: 'return', ...last, note: REPLY_NOTE },
    ...passing.toReversed().map((hop): PairHop => ({ way: 'return', ...hop })),
    { way: 'return', ...first, note: REPLY_NOTE },
  ];
}

/** What a side calls its peer. */
export const pairPeer = ({ from, to, traffic }: PairWords, side: 'egress' | 'ingress'): string =>
  `${side === 'egress' ? to.name : from.name} on ${traffic}`;

/** The explanation that a pair's words make. */
export function pairExplanation(pair: PairWords, isTraced: boolean): Explanation {
  const decisions = {
    egress: pair.egress.sayings.map((saying) => said(saying, pairPeer(pair, 'egress'))),
    ingress: pair.ingress.sayings.map((saying) => said(saying, pairPeer(pair, 'ingress'))),
  };
  const hops = isTraced ? pairHops(pair) : [];
  const way = (asked: PairHop['way']): readonly Hop[] =>
    hops
      .filter((hop) => hop.way === asked)
      .map(({ device, id, side, note }) => ({
        device,
        id,
        decisions: side === undefined ? [] : decisions[side],
        ...(note === undefined ? {} : { note }),
      }));
  const by = (['egress', 'ingress'] as const).flatMap((side): readonly Evidence[] =>
    pair[side].verdict === pair.verdict
      ? pair[side].deciding.flatMap((place) => decisions[side][place]?.evidence ?? [])
      : [],
  );
  const unreached = way('unreached');
  const trace = { forward: way('forward'), return: way('return') };
  return {
    flow: pair.flow,
    verdict: pair.verdict,
    by,
    trace: unreached.length === 0 ? trace : { ...trace, unreached },
  };
}

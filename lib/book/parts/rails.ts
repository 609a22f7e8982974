import type { Decision, Explanation, Hop } from '../../model/explanation';
import { ruleName } from '../../model/rule-name';

/** A device on the way there, on the way back, or on both. */
export interface RailRow {
  readonly device: string;
  readonly there?: RailHop;
  readonly back?: RailHop;
}

/** A hop with its number, counted through there and back from 1. */
export interface RailHop {
  readonly number: number;
  readonly hop: Hop;
  readonly state: 'reached' | 'stop' | 'unreached';
}

/** An explanation as rows of devices: down on the left, back up on the right. */
export interface Rails {
  readonly rows: readonly RailRow[];
  /** Hops that are numbered. */
  readonly count: number;
  /** Number of the hop that decided, and on which way it is. */
  readonly stop?: { readonly number: number; readonly way: 'there' | 'back' };
}

/**
 * Lays the way back along the way there, one row a device. Where the way there ends, there is no way
 * back; what comes after the hop that decided is not reached.
 */
export function railsOf({ trace, by, verdict }: Explanation): Rails {
  const cited = new Set(by.map(ruleName));
  const stopsAt = (hops: readonly Hop[]): number =>
    verdict === 'allowed'
      ? -1
      : hops.findIndex(({ decisions }) => decisions.some((one) => isStop(one, cited)));
  const stopThere = stopsAt(trace.forward);
  const back = stopThere >= 0 ? [] : trace.return;
  const stopBack = stopThere >= 0 ? -1 : stopsAt(back);
  const there = numbered(trace.forward, stopThere, 0);
  const home = numbered(back, stopBack, there.length);
  return {
    rows: merged(there, home.toReversed()),
    count: there.length + home.length,
    ...(stopThere >= 0 && { stop: { number: stopThere + 1, way: 'there' } as const }),
    ...(stopBack >= 0 && { stop: { number: there.length + stopBack + 1, way: 'back' } as const }),
  };
}

const isStop = ({ kind, evidence }: Decision, cited: ReadonlySet<string>): boolean =>
  (kind === 'denied' || kind === 'no-route' || kind === 'unknown') && cited.has(ruleName(evidence));

const numbered = (hops: readonly Hop[], stop: number, offset: number): readonly RailHop[] =>
  hops.map((hop, i) => ({ number: offset + i + 1, hop, state: stateAt(i, stop) }));

function stateAt(place: number, stop: number): RailHop['state'] {
  if (stop < 0 || place < stop) return 'reached';
  return place === stop ? 'stop' : 'unreached';
}

/** Both ways by device: what only one of them visits has a row of its own, in its order. */
function merged(there: readonly RailHop[], back: readonly RailHop[]): readonly RailRow[] {
  const rows: RailRow[] = [];
  let next = 0;
  const onlyBack = (until: number): void => {
    for (const hop of back.slice(next, until)) rows.push({ device: hop.hop.device, back: hop });
    next = until;
  };
  for (const hop of there) {
    const { device } = hop.hop;
    const found = back.findIndex((one, i) => i >= next && one.hop.device === device);
    if (found < 0) {
      rows.push({ device, there: hop });
      continue;
    }
    onlyBack(found);
    const same = back[found];
    rows.push({ device, there: hop, ...(same && { back: same }) });
    next = found + 1;
  }
  onlyBack(back.length);
  return rows;
}

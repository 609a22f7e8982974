import type { Flow } from '../model/flow';
import type { DrawnPair, DrawnState, StageDecisions } from './decisions';
import { type BoxPair, pairKey } from './pairs';
import type { EdgeState } from './types';

/** Flows between two boxes that are drawn as one line, because they share a state. */
export interface MapLine {
  readonly from: string;
  readonly to: string;
  readonly state: EdgeState;
  /** Its ports, such as `8080, 53/UDP`. */
  readonly ports: string;
  readonly flows: number;
  readonly examples: readonly Flow[];
}

interface Stated {
  readonly pair: BoxPair;
  readonly state: EdgeState;
}

/** The lines of a stage; against the stage before it, what opened and what closed. */
export function linesOf(
  now: StageDecisions,
  before: StageDecisions | undefined,
): readonly MapLine[] {
  const stated = before === undefined ? now.drawn : compared(now, before);
  const groups = new Map<string, [Stated, ...Stated[]]>();
  for (const one of stated) {
    const key = `${one.pair.from} ${one.pair.to} ${one.state}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map((group): MapLine => {
    const [{ pair, state }] = group;
    const pairs = group.map((one) => one.pair);
    return {
      from: pair.from,
      to: pair.to,
      state,
      ports: portsText(pairs),
      flows: pairs.reduce((sum, { flows }) => sum + flows, 0),
      examples: pairs.flatMap(({ examples }) => examples),
    };
  });
}

/** A verdict for all flows of a pair. */
const isAllowed = ({ counts, flows }: BoxPair): boolean => counts.allowed === flows;

function compared(now: StageDecisions, before: StageDecisions): readonly Stated[] {
  const [nowAt, beforeAt] = [now, before].map(
    ({ pairs }) => new Map(pairs.map((pair) => [pairKey(pair), pair])),
  );
  const drawn = new Set(now.drawn.map(({ pair }) => pairKey(pair)));
  const here = now.drawn.map(({ pair, state }): Stated => {
    const then = beforeAt?.get(pairKey(pair));
    return { pair, state: then === undefined ? state : changeOf(state, then) };
  });
  const gone = before.drawn.flatMap((one): Stated[] => {
    const pair = nowAt?.get(pairKey(one.pair));
    if (pair === undefined || drawn.has(pairKey(pair))) return [];
    const state = changeSince(one, pair);
    return state === undefined ? [] : [{ pair, state }];
  });
  return [...here, ...gone];
}

function changeOf(state: DrawnState, then: BoxPair): EdgeState {
  if (state === 'allows') return isAllowed(then) ? state : 'opened';
  if (state === 'denies' || state === 'no-route') return isAllowed(then) ? 'closed' : state;
  return state;
}

/** What became of a pair that was drawn before and is not drawn now. */
function changeSince({ state, pair }: DrawnPair, now: BoxPair): EdgeState | undefined {
  const wasAllowed = state === 'allows' || (state === 'some' && isAllowed(pair));
  if (wasAllowed && now.counts.allowed === 0) return 'closed';
  if (!isAllowed(pair) && state !== 'unknown' && isAllowed(now)) return 'opened';
  return undefined;
}

/** Ports shown by number; those beyond are counted. */
const MOST_PORTS = 3;

/** `8080, 5432`; the protocol is named where it is not TCP, or TCP and UDP both. */
function portsText(pairs: readonly BoxPair[]): string {
  const byPort = new Map<string, Set<string>>();
  for (const { protocol, port } of pairs) {
    const name = port === undefined ? '' : `${port}`;
    byPort.set(name, (byPort.get(name) ?? new Set()).add(protocol));
  }
  const names = [...byPort]
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([port, protocols]) => portText(port, [...protocols]));
  const more = names.length - MOST_PORTS;
  return more > 0 ? `${names.slice(0, MOST_PORTS).join(', ')} +${more}` : names.join(', ');
}

function portText(port: string, protocols: readonly string[]): string {
  if (port === '') return protocols.join('/');
  return protocols.includes('TCP') ? port : `${port}/${protocols.join('/')}`;
}

import type { Flow } from '../model/flow';
import { cellAt, type Matrix, selfPairs, type VERDICTS } from '../model/matrix';
import { type Exception, tally } from '../model/tally';
import { numberEqual } from '../model/unique';
import type { VerdictCounts } from './types';

/** All flows from one box to one port of another, counted by verdict. */
export interface BoxPair extends Pick<Flow, 'protocol' | 'port'> {
  readonly from: string;
  readonly to: string;
  readonly counts: VerdictCounts;
  readonly flows: number;
  /** A flow of each verdict that was counted. */
  readonly examples: readonly Flow[];
}

/** The name of a pair that is the same at every stage. */
export const pairKey = ({ from, to, protocol, port }: Omit<BoxPair, 'counts'> | BoxPair): string =>
  `${from} ${to} ${protocol} ${port ?? ''}`;

/** The id of the box that an end of a flow is in. */
export type BoxOf = (end: Flow['from'], workload: string) => string;

type Verdicts = (typeof VERDICTS)[number];

/** Sums a matrix up by boxes. Flows inside a box, and from an end to itself, are left out. */
export function pairsOf(matrix: Matrix, boxOf: BoxOf): readonly BoxPair[] {
  const { sources, targets, rowOf, columnOf } = matrix;
  const from = numberEqual(sources.map((one) => boxOf(one.from, one.workload)));
  const to = numberEqual(
    targets.map(
      ({ to: end, workload, protocol, port }) =>
        `${boxOf(end, workload)}\n${protocol}\n${port ?? ''}`,
    ),
  );
  const counts = tally(
    { group: from.of, kind: rowOf },
    { group: to.of, kind: columnOf },
    { answer: (s, t) => cellAt(matrix, s, t), exceptions: exceptionsOf(matrix) },
  );
  const pairs = new Map<string, BoxPair>();
  for (const { answer, flows, example } of counts) {
    const [source, target] = [sources[example[0]], targets[example[1]]];
    if (source === undefined || target === undefined) continue;
    const ends = {
      from: boxOf(source.from, source.workload),
      to: boxOf(target.to, target.workload),
    };
    if (ends.from === ends.to) continue;
    const { protocol, port } = target;
    const flow: Flow = { from: source.from, to: target.to, protocol, port };
    add(pairs, { ...ends, protocol, port }, { answer, flows, flow });
  }
  return [...pairs.values()];
}

const NONE: VerdictCounts = { allowed: 0, denied: 0, 'no-route': 0, unknown: 0 };

function add(
  pairs: Map<string, BoxPair>,
  ends: Pick<BoxPair, 'from' | 'to' | 'protocol' | 'port'>,
  { answer, flows, flow }: { answer: Verdicts; flows: number; flow: Flow },
): void {
  const empty: BoxPair = { ...ends, counts: NONE, flows: 0, examples: [] };
  const key = pairKey(empty);
  const known = pairs.get(key) ?? empty;
  pairs.set(key, {
    ...known,
    counts: { ...known.counts, [answer]: known.counts[answer] + flows },
    flows: known.flows + flows,
    examples: [...known.examples, flow],
  });
}

/** Single flows that differ from their cell; those of an end to itself count as none. */
function exceptionsOf(matrix: Matrix): readonly Exception<Verdicts>[] {
  const width = matrix.targets.length;
  const single = [...matrix.exceptions].map(([place, answer]) => {
    return [place, { source: Math.floor(place / width), target: place % width, answer }] as const;
  });
  const own = selfPairs(matrix.sources, matrix.targets).map(
    ([source, target]) => [source * width + target, { source, target, answer: undefined }] as const,
  );
  return [...new Map<number, Exception<Verdicts>>([...single, ...own]).values()];
}

import type { Verdict } from './explanation';
import { type Flow, type FlowEnd, formatEnd } from './flow';

/** An endpoint that opens connections. */
export interface MatrixSource {
  readonly from: FlowEnd;
  /** What made it, as `namespace/Kind/name` for a pod; ends that no workload made stand for themselves. */
  readonly workload: string;
}

/** Somewhere to connect to. */
export interface MatrixTarget extends Pick<Flow, 'to' | 'protocol' | 'port'> {
  readonly workload: string;
}

/** Verdicts as cells hold them: by place in this list. */
export const VERDICTS = ['allowed', 'denied', 'no-route', 'unknown'] as const satisfies Verdict[];

/**
 * Who reaches whom: sources whose answers are all the same share a row, targets a column, so ten
 * thousand pods of a few hundred workloads stay a few hundred rows.
 */
export interface Matrix {
  readonly sources: readonly MatrixSource[];
  readonly targets: readonly MatrixTarget[];
  /** For each source, its row. */
  readonly rowOf: readonly number[];
  /** For each target, its column. */
  readonly columnOf: readonly number[];
  readonly columns: number;
  /** Places in `VERDICTS`, row by row. */
  readonly cells: Uint8Array;
  /**
   * Single flows that differ from their cell, by `source * targets.length + target`: a pod and its
   * own address, a node and its own pods.
   */
  readonly exceptions: ReadonlyMap<number, Verdict>;
}

/** The verdict of one flow, by the places of its ends. */
export function verdictAt(matrix: Matrix, source: number, target: number): Verdict {
  const { exceptions, targets } = matrix;
  const exception =
    exceptions.size === 0 ? undefined : exceptions.get(source * targets.length + target);
  return exception ?? cellAt(matrix, source, target);
}

/** What the row and column of a flow say, its own exception left aside. */
export function cellAt(matrix: Matrix, source: number, target: number): Verdict {
  const { rowOf, columnOf, columns, cells } = matrix;
  const cell = (rowOf[source] ?? 0) * columns + (columnOf[target] ?? 0);
  return VERDICTS[cells[cell] ?? 3] ?? 'unknown';
}

/** The flows from an end to itself, by the places of both: they are no flows of a network. */
export function selfPairs(
  sources: readonly Pick<MatrixSource, 'from'>[],
  targets: readonly Pick<MatrixTarget, 'to'>[],
): readonly (readonly [source: number, target: number])[] {
  const places = new Map(sources.map(({ from }, source) => [formatEnd(from), source]));
  return targets.flatMap(({ to }, target) => {
    const source = places.get(formatEnd(to));
    return source === undefined ? [] : [[source, target] as const];
  });
}

/** A matrix of answers from elsewhere, such as observations; nothing is grouped. */
export function matrixOf(
  sources: readonly MatrixSource[],
  targets: readonly MatrixTarget[],
  answer: (source: MatrixSource, target: MatrixTarget) => Verdict,
): Matrix {
  const cells = sources.flatMap((source) =>
    targets.map((target) => VERDICTS.indexOf(answer(source, target))),
  );
  return {
    sources,
    targets,
    columns: targets.length,
    exceptions: new Map(),
    rowOf: sources.map((_, i) => i),
    columnOf: targets.map((_, i) => i),
    cells: Uint8Array.from(cells),
  };
}

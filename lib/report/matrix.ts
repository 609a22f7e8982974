import type { Verdict } from '../model/explanation';
import { cellAt, type Matrix, type MatrixTarget, selfPairs, VERDICTS } from '../model/matrix';
import { type Exception, tally } from '../model/tally';
import { numberEqual } from '../model/unique';
import type { Palette } from './palette';

/** What a group of flows answers: one verdict for all, or several with how many of each. */
export interface Cell {
  /** Flows by verdict, in the order of `VERDICTS`. */
  readonly counts: readonly number[];
}

/** A matrix by workload: what ten replicas answer alike is one line. */
export interface Square {
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  /** Row by row; `undefined` where there is no flow to judge. */
  readonly cells: readonly (Cell | undefined)[];
}

/** More columns than that are a list, not a square. */
const WIDEST = 40;

/**
 * A matrix as text: a square where it fits; else the verdict that most flows share and every pair
 * of workloads that deviates from it. A pod to itself is no flow and is left out.
 */
export function matrixText(matrix: Matrix, palette: Palette): string {
  const square = squareOf(matrix);
  if (square.targets.length > WIDEST) return deviations(square, palette).join('\n');
  const mixed = square.cells.flatMap((cell, place) =>
    cell === undefined || shared(cell) !== undefined ? [] : [`  ${pairText(square, cell, place)}`],
  );
  return [drawSquare(square, palette), '', palette.strong(totalText(square)), ...mixed].join('\n');
}

/** Sums a matrix up by workload. */
export function squareOf(matrix: Matrix): Square {
  const sources = groups(matrix.sources.map(({ workload }) => shortName(workload)));
  const targets = groups(matrix.targets.map(targetName));
  const counts = tally(
    { group: sources.of, kind: matrix.rowOf },
    { group: targets.of, kind: matrix.columnOf },
    { answer: (s, t) => cellAt(matrix, s, t), exceptions: exceptionsOf(matrix) },
  );
  const cells = new Map<number, number[]>();
  for (const { source, target, answer, flows } of counts) {
    const place = source * targets.names.length + target;
    const cell = cells.get(place) ?? VERDICTS.map(() => 0);
    cell[VERDICTS.indexOf(answer)] = flows;
    cells.set(place, cell);
  }
  return {
    sources: sources.names,
    targets: targets.names,
    cells: Array.from({ length: sources.names.length * targets.names.length }, (_, place) => {
      const found = cells.get(place);
      return found === undefined ? undefined : { counts: found };
    }),
  };
}

/** Single flows that differ from their cell; those of an end to itself count as none. */
function exceptionsOf(matrix: Matrix): readonly Exception<Verdict>[] {
  const width = matrix.targets.length;
  const single = new Map(
    [...matrix.exceptions].map(([place, answer]) => [
      place,
      { source: Math.floor(place / width), target: place % width, answer },
    ]),
  );
  const own = selfPairs(matrix.sources, matrix.targets).map(
    ([source, target]) => [source * width + target, { source, target, answer: undefined }] as const,
  );
  return [...new Map<number, Exception<Verdict>>([...single, ...own]).values()];
}

/** `shop/Deployment/web` is known to people as `shop/web`. */
export const shortName = (workload: string): string =>
  workload.replace(/^([^/]+)\/[A-Z][A-Za-z]*\/(.+)$/, '$1/$2');

const targetName = ({ workload, protocol, port }: MatrixTarget): string =>
  `${shortName(workload)} ${port === undefined ? protocol : `${protocol} ${port}`}`;

/** Ends by name: the number of each, and the names by number. */
function groups(names: readonly string[]) {
  const { of, first } = numberEqual(names);
  return { of, names: first.map((place) => names[place] ?? '') };
}

const MARKS: Readonly<Record<Verdict, string>> = {
  allowed: '.',
  denied: 'X',
  'no-route': '-',
  unknown: '?',
};

/** What the characters of a square mean. */
export const LEGEND = '. allowed   X denied   - no route   ? unknown   ~ differs among replicas';

/** The verdict that all flows of a cell share; `undefined` where they differ or there are none. */
const shared = (cell: Cell | undefined): Verdict | undefined => {
  const answered = VERDICTS.filter((_, i) => (cell?.counts[i] ?? 0) > 0);
  return answered.length === 1 ? answered[0] : undefined;
};

/** A cell in one character. */
export function markOf(cell: Cell | undefined, palette: Palette): string {
  if (cell === undefined) return ' ';
  const verdict = shared(cell);
  if (verdict === undefined) return palette.doubt('~');
  return verdict === 'allowed' ? palette.good(MARKS[verdict]) : palette.bad(MARKS[verdict]);
}

/** Names of columns, as many as a square may have. */
export const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN';

function drawSquare({ sources, targets, cells }: Square, palette: Palette): string {
  const width = Math.max(0, ...sources.map((name) => name.length));
  const letters = targets.map((_, i) => LETTERS[i] ?? '');
  const row = (name: string, marks: readonly string[]): string =>
    `${name.padEnd(width)}  ${marks.join(' ')}`.trimEnd();
  return [
    row('', letters),
    ...sources.map((name, s) =>
      row(
        name,
        targets.map((_, t) => markOf(cells[s * targets.length + t], palette)),
      ),
    ),
    ...targets.map((name, i) => palette.quiet(`  ${letters[i]} = ${name}`)),
    palette.quiet(`  ${LEGEND}`),
  ].join('\n');
}

/** The default, then what deviates from it, one line a pair of workloads. */
function deviations(square: Square, palette: Palette): readonly string[] {
  const totals = totalsOf(square);
  const usual = VERDICTS[totals.indexOf(Math.max(...totals))] ?? 'unknown';
  const lines = square.cells.flatMap((cell, place) =>
    cell === undefined || shared(cell) === usual ? [] : [`  ${pairText(square, cell, place)}`],
  );
  const tail = lines.length === 0 ? '' : `; ${usual} except`;
  return [palette.strong(`${totalText(square)}${tail}`), ...lines];
}

function pairText({ sources, targets }: Square, cell: Cell, place: number): string {
  const source = sources[Math.floor(place / targets.length)];
  return `${countsText(cell)}  ${source} -> ${targets[place % targets.length]}`;
}

const totalsOf = ({ cells }: Square): readonly number[] =>
  VERDICTS.map((_, i) => cells.reduce((sum, cell) => sum + (cell?.counts[i] ?? 0), 0));

function totalText(square: Square): string {
  const counts = totalsOf(square);
  const flows = counts.reduce((sum, count) => sum + count, 0);
  if (flows === 0) return 'no flow to judge';
  const only = shared({ counts });
  return `${flows} flows: ${only === undefined ? countsText({ counts }) : `all ${only}`}`;
}

/** `denied` for all alike, `2 allowed, 1 denied` otherwise. */
function countsText(cell: Cell): string {
  const only = shared(cell);
  if (only !== undefined) return only;
  return VERDICTS.flatMap((verdict, i) =>
    (cell.counts[i] ?? 0) > 0 ? [`${cell.counts[i]} ${verdict}`] : [],
  ).join(', ');
}

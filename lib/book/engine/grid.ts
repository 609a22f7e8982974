import type { Verdict } from '../../model/explanation';
import { type FlowEnd, formatEnd } from '../../model/flow';
import type { Matrix, MatrixSource, MatrixTarget } from '../../model/matrix';
import { VERDICTS } from '../../model/matrix';
import { numberEqual } from '../../model/unique';
import type { World } from '../../model/world';
import { squareOf } from '../../report/matrix';
import type { AskedFlow, Grid, GridCell, GridEnd } from './types';

/** Namespaces of the cluster itself come after those of its users. */
const SYSTEM = /^kube-/;

/**
 * A matrix by workload, as `squareOf` counts it, its ends grouped by namespace: those of users in the
 * order of their names with `home` first, then the cluster's own, then what stands outside.
 */
export function gridOf(matrix: Matrix, world: World, home?: string): Grid {
  const { cells, sources, targets } = squareOf(matrix);
  const rows = endsOf(matrix.sources, world);
  const columns = endsOf(matrix.targets, world);
  if (rows.length !== sources.length || columns.length !== targets.length)
    throw new Error('a grid and its square have the same ends');
  const order = orderBy(home);
  const rowOrder = order(rows.map(({ end }) => end));
  const columnOrder = order(columns.map(({ end }) => end));
  const cellAt = (r: number, c: number): GridCell | undefined => {
    const cell = cells[r * columns.length + c];
    const example = cell && exampleOf(rows[r]?.members ?? [], columns[c]?.members ?? []);
    return cell === undefined || example === undefined
      ? undefined
      : { counts: cell.counts, example };
  };
  const totals = VERDICTS.map((_, i) =>
    cells.reduce((sum, cell) => sum + (cell?.counts[i] ?? 0), 0),
  );
  const ends = {
    rows: rowOrder.flatMap((r) => rows[r]?.end ?? []),
    columns: columnOrder.flatMap((c) => columns[c]?.end ?? []),
    totals,
  };
  if (columns.length <= WIDEST && rows.length <= HIGHEST)
    return { ...ends, cells: rowOrder.flatMap((r) => columnOrder.map((c) => cellAt(r, c))) };
  const usual = VERDICTS[totals.indexOf(Math.max(...totals))] ?? 'unknown';
  const other = rowOrder.flatMap((r) =>
    columnOrder.flatMap((c) => {
      const counts = cells[r * columns.length + c]?.counts;
      return counts === undefined || isOnly(counts, usual) ? [] : [[r, c] as const];
    }),
  );
  const pairs = other.slice(0, MOST_PAIRS).flatMap(([r, c]) => {
    const [row, column, cell] = [rows[r]?.end, columns[c]?.end, cellAt(r, c)];
    return row && column && cell ? [{ row, column, cell }] : [];
  });
  return { ...ends, cells: [], deviations: { usual, pairs, count: other.length } };
}

/** More columns or rows than that are no picture: what deviates is listed, as the text does. */
const WIDEST = 40;
const HIGHEST = 80;
const MOST_PAIRS = 200;

const isOnly = (counts: readonly number[], verdict: Verdict): boolean =>
  counts.every((count, i) => count === 0 || VERDICTS[i] === verdict);

interface Gathered<T> {
  readonly end: GridEnd;
  readonly members: readonly T[];
}

/** Ends of a matrix by workload, in the order of `squareOf`. */
function endsOf<T extends MatrixSource | MatrixTarget>(
  members: readonly T[],
  world: World,
): readonly Gathered<T>[] {
  const keys = members.map(shortKey);
  const { of, first } = numberEqual(keys);
  const gathered = first.map((): T[] => []);
  for (const [i, member] of members.entries()) gathered[of[i] ?? 0]?.push(member);
  return first.map((place, group) => {
    const own = gathered[group] ?? [];
    const [one] = own;
    if (one === undefined) throw new Error('a group has at least one member');
    const ports = 'from' in one ? {} : portOf(one);
    return {
      end: { key: keys[place] ?? '', ...named(one, world), members: own.length, ...ports },
      members: own,
    };
  });
}

const portOf = ({ protocol, port }: MatrixTarget): Pick<GridEnd, 'protocol' | 'port'> =>
  port === undefined ? { protocol } : { protocol, port };

/** A key by which ends are alike: as `squareOf` names them. */
function shortKey(end: MatrixSource | MatrixTarget): string {
  const workload = end.workload.replace(/^([^/]+)\/[A-Z][A-Za-z]*\/(.+)$/, '$1/$2');
  return 'from' in end ? workload : `${workload} ${end.protocol} ${end.port ?? ''}`.trimEnd();
}

/** Namespace and name of an end as people know it. */
function named(
  end: MatrixSource | MatrixTarget,
  world: World,
): Pick<GridEnd, 'namespace' | 'name'> {
  const own: FlowEnd = 'from' in end ? end.from : end.to;
  const workload = end.workload.replace(/^([^/]+)\/[A-Z][A-Za-z]*\/(.+)$/, '$1/$2');
  if (own.kind === 'pod') {
    const name = workload.slice(workload.indexOf('/') + 1);
    return { namespace: own.namespace, name };
  }
  if (own.kind === 'service') return { namespace: own.namespace, name: `svc:${own.name}` };
  return { namespace: undefined, name: outsideName(own, world) };
}

function outsideName(end: FlowEnd, { outside }: World): string {
  if (end.kind !== 'ip') return 'name' in end ? end.name : formatEnd(end);
  const known = outside.find(({ addresses }) => addresses.includes(end.address));
  return known?.name ?? end.address;
}

/** Places of ends in the order they are shown. */
const orderBy =
  (home: string | undefined) =>
  (ends: readonly GridEnd[]): readonly number[] => {
    const keyOf = ({ namespace, name, protocol, port = '' }: GridEnd): string =>
      [rank(namespace, home), namespace ?? '', name, `${port}`.padStart(6), protocol].join(' ');
    return ends
      .map((end, place) => ({ key: keyOf(end), place }))
      .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
      .map(({ place }) => place);
  };

function rank(namespace: string | undefined, home: string | undefined): number {
  if (namespace === undefined) return 3;
  if (namespace === home) return 0;
  return SYSTEM.test(namespace) ? 2 : 1;
}

/** A flow between two workloads that is not one of an end to itself. */
function exampleOf(
  sources: readonly MatrixSource[],
  targets: readonly MatrixTarget[],
): AskedFlow | undefined {
  for (const { from } of sources) {
    const target = targets.find(({ to }) => formatEnd(to) !== formatEnd(from));
    if (target !== undefined) return wordsOf({ from, ...target });
  }
  return undefined;
}

/** A flow as a person types it: `shop/web-0`, `shop/db-0:5432`. */
export function wordsOf({
  from,
  to,
  protocol,
  port,
}: {
  readonly from: FlowEnd;
} & Pick<MatrixTarget, 'to' | 'protocol' | 'port'>): AskedFlow {
  const tail = protocol === 'TCP' ? '' : `/${protocol}`;
  const at = port === undefined ? '' : `:${port}`;
  return { from: formatEnd(from), to: `${formatEnd(to)}${at}${tail}` };
}

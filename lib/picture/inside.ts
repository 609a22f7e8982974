import { type LayerEdge, layersOf } from './layers';

/** The cell of a box in its group: `along` the arrows, and `across` them. */
export interface GroupCell {
  readonly along: number;
  readonly across: number;
}

/**
 * Cells of a group's members: connected ones in columns, callers first, a chain in one row; the
 * others below them, in stacks of at most `stack` boxes where nothing is connected.
 */
export function cellsOf(
  ids: readonly string[],
  edges: readonly LayerEdge[],
  stack: number,
): ReadonlyMap<string, GroupCell> {
  const own = edges.filter(({ from, to }) => ids.includes(from) && ids.includes(to) && from !== to);
  const linked = ids.filter((id) => own.some(({ from, to }) => from === id || to === id));
  const loose = ids.filter((id) => !linked.includes(id));
  const cells = linkedCells(startersFirst(linked, own), own);
  const used = [...cells.values()];
  const columns = Math.max(0, ...used.map(({ along }) => along + 1));
  const rows = Math.max(0, ...used.map(({ across }) => across + 1));
  const wide = Math.max(columns, Math.ceil(loose.length / stack), 1);
  loose.forEach((id, i) => {
    const place =
      columns === 0
        ? {
            along: Math.floor(i / Math.ceil(loose.length / wide)),
            across: i % Math.ceil(loose.length / wide),
          }
        : { along: i % wide, across: rows + Math.floor(i / wide) };
    cells.set(id, place);
  });
  return cells;
}

/** Boxes without a caller in the group first, so that a cycle is cut behind them. */
export function startersFirst(
  ids: readonly string[],
  edges: readonly LayerEdge[],
): readonly string[] {
  const called = new Set(edges.map(({ to }) => to));
  const calls = (id: string): number => edges.filter(({ from }) => from === id).length;
  const calledBy = (id: string): number => edges.filter(({ to }) => to === id).length;
  const rank = (id: string): number => (called.has(id) ? calledBy(id) - calls(id) : -1000);
  return ids.toSorted((a, b) => rank(a) - rank(b));
}

function linkedCells(ids: readonly string[], edges: readonly LayerEdge[]): Map<string, GroupCell> {
  const layer = layersOf(ids, edges);
  const cells = new Map<string, GroupCell>();
  const columns = Math.max(0, ...[...layer.values()].map((one) => one + 1));
  for (let along = 0; along < columns; along += 1) {
    const members = ids.filter((id) => layer.get(id) === along);
    const wishes = members.map((id, i) => ({ id, wish: wishOf(id, edges, cells) ?? i }));
    let next = 0;
    for (const { id, wish } of wishes.toSorted((a, b) => a.wish - b.wish)) {
      const across = Math.max(next, Math.round(wish));
      cells.set(id, { along, across });
      next = across + 1;
    }
  }
  return cells;
}

/** The mean row of those that call a box and have a cell already. */
function wishOf(
  id: string,
  edges: readonly LayerEdge[],
  cells: ReadonlyMap<string, GroupCell>,
): number | undefined {
  const rows = edges.flatMap(({ from, to }) =>
    to === id ? [cells.get(from)?.across ?? []].flat() : [],
  );
  return rows.length === 0 ? undefined : rows.reduce((a, b) => a + b, 0) / rows.length;
}

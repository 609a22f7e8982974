/** One box is to stand left of another. */
export interface LayerEdge {
  readonly from: string;
  readonly to: string;
}

/**
 * The column of each box, from 0: callers stand left of what they call. Cycles are cut at the edge
 * that closes them, in the order of `ids`. Boxes without an edge are in column 0.
 */
export function layersOf(
  ids: readonly string[],
  edges: readonly LayerEdge[],
): ReadonlyMap<string, number> {
  const known = new Set(ids);
  const next = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of edges)
    if (from !== to && known.has(from) && known.has(to)) next.get(from)?.push(to);
  const order = withoutCycles(ids, next);
  const layer = new Map(ids.map((id) => [id, 0]));
  for (const { id, to } of order) {
    for (const target of to)
      layer.set(target, Math.max(layer.get(target) ?? 0, (layer.get(id) ?? 0) + 1));
  }
  return layer;
}

interface Ordered {
  readonly id: string;
  readonly to: readonly string[];
}

/** Boxes in topological order, each with its edges that close no cycle. */
function withoutCycles(
  ids: readonly string[],
  next: ReadonlyMap<string, readonly string[]>,
): readonly Ordered[] {
  const state = new Map<string, 'open' | 'done'>();
  const result: Ordered[] = [];
  const visit = (id: string): void => {
    state.set(id, 'open');
    const to: string[] = [];
    for (const target of next.get(id) ?? []) {
      if (state.get(target) === 'open') continue;
      to.push(target);
      if (state.get(target) === undefined) visit(target);
    }
    state.set(id, 'done');
    result.push({ id, to });
  };
  for (const id of ids) if (state.get(id) === undefined) visit(id);
  return result.reverse();
}

import { onGrid, STEP } from './sizes';

/** A box that is stacked with others in its column. */
export interface StackedBox {
  readonly id: string;
  readonly size: number;
}

/** An edge between two stacked boxes, and how far inside each of them it ends. */
export interface StackEdge {
  readonly from: string;
  readonly to: string;
  readonly fromOffset: number;
  readonly toOffset: number;
}

/**
 * Where each box of each column begins, across the arrows: connected boxes as near to a straight line
 * as their neighbours allow, unconnected ones behind them. Nothing overlaps.
 */
export function stackColumns(
  columns: readonly (readonly StackedBox[])[],
  edges: readonly StackEdge[],
  gap: number,
): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  const weight = (column: readonly StackedBox[]): number =>
    edges.filter(({ from, to }) => column.some(({ id }) => id === from || id === to)).length;
  const first = columns.reduce(
    (best, column, i) => (weight(column) > weight(columns[best] ?? []) ? i : best),
    0,
  );
  const order = [
    ...[...columns.keys()].filter((i) => i >= first),
    ...[...columns.keys()].filter((i) => i < first).toReversed(),
  ];
  for (const i of order) {
    for (const [id, start] of stack(columns[i] ?? [], edges, starts, gap)) starts.set(id, start);
  }
  const least = Math.min(0, ...starts.values());
  return new Map([...starts].map(([id, start]) => [id, start - least]));
}

interface Wish extends StackedBox {
  readonly wish: number | undefined;
}

function stack(
  column: readonly StackedBox[],
  edges: readonly StackEdge[],
  placed: ReadonlyMap<string, number>,
  gap: number,
): readonly (readonly [string, number])[] {
  const wishes = column.map((box): Wish => ({ ...box, wish: wishOf(box, edges, placed) }));
  const bound = wishes
    .filter(({ wish }) => wish !== undefined)
    .toSorted((a, b) => (a.wish ?? 0) - (b.wish ?? 0));
  const loose = wishes.filter(({ wish }) => wish === undefined);
  const starts = spread(bound, gap);
  let end = Math.max(0, ...starts.map(([id, start]) => start + sizeOf(bound, id) + gap));
  if (starts.length === 0) end = 0;
  const below = loose.map(({ id, size }) => {
    const start = end;
    end = start + onGrid(size) + gap;
    return [id, start] as const;
  });
  return [...starts, ...below];
}

const sizeOf = (boxes: readonly StackedBox[], id: string): number =>
  onGrid(boxes.find((box) => box.id === id)?.size ?? 0);

/** The median of the places that a box's edges to placed boxes wish for it. */
function wishOf(
  { id }: StackedBox,
  edges: readonly StackEdge[],
  placed: ReadonlyMap<string, number>,
): number | undefined {
  const wishes = edges.flatMap(({ from, to, fromOffset, toOffset }) => {
    const [other, otherOffset, own] =
      from === id ? [to, toOffset, fromOffset] : [from, fromOffset, toOffset];
    const start = from === id || to === id ? placed.get(other) : undefined;
    return start === undefined ? [] : [start + otherOffset - own];
  });
  if (wishes.length === 0) return undefined;
  return wishes.toSorted((a, b) => a - b)[Math.floor((wishes.length - 1) / 2)];
}

/** A run of boxes that touch each other, moved as one. */
interface Run {
  readonly boxes: readonly Wish[];
  readonly start: number;
  readonly length: number;
}

/** Places boxes in their order as near to their wishes as they go without overlapping. */
function spread(boxes: readonly Wish[], gap: number): readonly (readonly [string, number])[] {
  const runs: Run[] = [];
  for (const box of boxes) {
    let run = runOf([box], gap);
    for (let last = runs.at(-1); last !== undefined && last.start + last.length > run.start; ) {
      runs.pop();
      run = runOf([...last.boxes, ...run.boxes], gap);
      last = runs.at(-1);
    }
    runs.push(run);
  }
  return runs.flatMap(({ boxes: members, start }) => {
    let next = start;
    return members.map(({ id, size }) => {
      const own = next;
      next += onGrid(size) + gap;
      return [id, own] as const;
    });
  });
}

function runOf(boxes: readonly Wish[], gap: number): Run {
  // The largest box gets its wish: a line to it is the longest, and a bend in it shows most.
  const [largest] = boxes.toSorted((a, b) => b.size - a.size);
  let length = 0;
  let start = 0;
  for (const box of boxes) {
    if (box === largest) start = (box.wish ?? 0) - length;
    length += onGrid(box.size) + gap;
  }
  return { boxes, start: Math.round(start / STEP) * STEP, length };
}

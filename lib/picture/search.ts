import type { RouteGrid } from './grid';

/** A point to begin or end at, with the direction of the line there and what its place costs. */
export interface RoutePort {
  readonly column: number;
  readonly row: number;
  readonly heading: Heading;
  readonly cost: number;
}

/** 0 right, 1 down, 2 left, 3 up. */
export type Heading = 0 | 1 | 2 | 3;

const MOVES: readonly (readonly [columns: number, rows: number])[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

const BEND = 7;
const CROSSING = 18;
const ALONG = 40;
const BESIDE = 3;

/** The cheapest line from one of the starts to one of the ends, as grid points; `undefined`: none is free. */
export function searchRoute(
  grid: RouteGrid,
  starts: readonly RoutePort[],
  ends: readonly RoutePort[],
): readonly (readonly [column: number, row: number])[] | undefined {
  const { columns, rows } = grid;
  const size = columns * rows * 4;
  const best = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(size).fill(-1);
  const goal = new Map(
    ends.map((end) => [(end.row * columns + end.column) * 4 + end.heading, end.cost]),
  );
  const reach = createReach(ends, columns);
  const queue = createQueue();
  for (const start of starts) {
    const state = (start.row * columns + start.column) * 4 + start.heading;
    if (grid.blocked[state >> 2] !== 0 || start.cost >= (best[state] ?? 0)) continue;
    best[state] = start.cost;
    queue.push(state, start.cost + reach(state));
  }
  let found = -1;
  let foundCost = Number.POSITIVE_INFINITY;
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { state, priority } = next;
    if (priority >= foundCost) break;
    const cost = best[state] ?? 0;
    const end = goal.get(state);
    if (end !== undefined && cost + end < foundCost) {
      found = state;
      foundCost = cost + end;
    }
    for (const [to, step] of stepsFrom(grid, state)) {
      if (cost + step >= (best[to] ?? 0)) continue;
      best[to] = cost + step;
      from[to] = state;
      queue.push(to, cost + step + reach(to));
    }
  }
  return found === -1 ? undefined : trace(found, from, columns);
}

/** The least number of steps from a state to the rectangle around all ends. */
function createReach(ends: readonly RoutePort[], columns: number): (state: number) => number {
  const [all, each] = [ends.map(({ column }) => column), ends.map(({ row }) => row)];
  const [left, right] = [Math.min(...all), Math.max(...all)];
  const [top, bottom] = [Math.min(...each), Math.max(...each)];
  return (state) => {
    const place = state >> 2;
    const [column, row] = [place % columns, Math.floor(place / columns)];
    return Math.max(0, left - column, column - right) + Math.max(0, top - row, row - bottom);
  };
}

function stepsFrom(
  grid: RouteGrid,
  state: number,
): readonly (readonly [state: number, cost: number])[] {
  const { columns, rows, blocked, cost, across, down, besideAcross, besideDown } = grid;
  const place = state >> 2;
  const heading = state & 3;
  const [column, row] = [place % columns, Math.floor(place / columns)];
  const steps: (readonly [number, number])[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    if (turn === (heading ^ 2)) continue;
    const [dx, dy] = MOVES[turn] ?? [0, 0];
    const [c, r] = [column + dx, row + dy];
    if (c < 0 || r < 0 || c >= columns || r >= rows) continue;
    const to = r * columns + c;
    if (blocked[to] !== 0) continue;
    const isFlat = turn % 2 === 0;
    const along = (isFlat ? across : down)[to] ?? 0;
    const crossed = (isFlat ? down : across)[to] ?? 0;
    const beside = (isFlat ? besideAcross : besideDown)[to] ?? 0;
    const bend = turn === heading ? 0 : BEND;
    const lines = along * ALONG + crossed * CROSSING + beside * BESIDE;
    steps.push([to * 4 + turn, 1 + bend + lines + (cost[to] ?? 0)]);
  }
  return steps;
}

function trace(found: number, from: Int32Array, columns: number) {
  const points: (readonly [number, number])[] = [];
  for (let state = found; state !== -1; state = from[state] ?? -1) {
    const place = state >> 2;
    points.push([place % columns, Math.floor(place / columns)]);
  }
  return points.reverse();
}

interface Queued {
  readonly state: number;
  readonly priority: number;
}

/** A binary heap: the least priority comes first. */
function createQueue() {
  const heap: Queued[] = [];
  const less = (a: number, b: number): boolean =>
    (heap[a]?.priority ?? 0) < (heap[b]?.priority ?? 0);
  const swap = (a: number, b: number): void => {
    const [x, y] = [heap[a], heap[b]];
    if (x === undefined || y === undefined) return;
    heap[a] = y;
    heap[b] = x;
  };
  return {
    push: (state: number, priority: number): void => {
      heap.push({ state, priority });
      for (let i = heap.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1;
        if (!less(i, parent)) break;
        swap(i, parent);
        i = parent;
      }
    },
    pop: (): Queued | undefined => {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      heap[0] = last;
      for (let i = 0; ; ) {
        const [left, right] = [2 * i + 1, 2 * i + 2];
        let least = i;
        if (left < heap.length && less(left, least)) least = left;
        if (right < heap.length && less(right, least)) least = right;
        if (least === i) break;
        swap(i, least);
        i = least;
      }
      return first;
    },
  };
}

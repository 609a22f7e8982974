import { blockedBy, createGrid, type RouteGrid } from './grid';
import { dockOf, type LineEnd, portsOf } from './ports';
import { searchRoute } from './search';
import { type MapDirection, STEP } from './sizes';
import type { PictureArea, PicturePoint } from './types';

/** A line to lay between two boxes. */
export interface RouteRequest {
  readonly id: string;
  readonly from: LineEnd;
  readonly to: LineEnd;
  /** Groups that hold neither end: the line may not cross them. */
  readonly foreign: readonly PictureArea[];
}

/** Everything that lines are laid around. */
export interface RouteGround {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PictureArea[];
  readonly titles: readonly PictureArea[];
  readonly direction: MapDirection;
}

/** Corners of each line, by its id; a line without a free way is left out. */
export type Routes = ReadonlyMap<string, readonly PicturePoint[]>;

/** Up to so many lines, three orders are tried and the one with the fewest crossings is taken. */
const MOST_TRIED = 40;

/** Lays all lines, around boxes and apart from each other. The result depends on nothing but the input. */
export function routeAll(ground: RouteGround, requests: readonly RouteRequest[]): Routes {
  const length = ({ from, to }: RouteRequest): number =>
    Math.abs(from.area.x - to.area.x) + Math.abs(from.area.y - to.area.y);
  const short = requests.toSorted((a, b) => length(a) - length(b));
  const orders = requests.length > MOST_TRIED ? [short] : [short, short.toReversed(), requests];
  const tried = orders.map((order) => routeInOrder(ground, order));
  return tried.reduce((best, one) => (badness(one) < badness(best) ? one : best));
}

const badness = (routes: Routes): number => {
  const lines = [...routes.values()];
  return -1_000_000 * lines.length + 1000 * crossings(lines) + bends(lines);
};

const bends = (lines: readonly (readonly PicturePoint[])[]): number =>
  lines.reduce((sum, points) => sum + points.length, 0);

/** How often lines cross. */
export function crossings(lines: readonly (readonly PicturePoint[])[]): number {
  let count = 0;
  lines.forEach((a, i) => {
    for (const b of lines.slice(i + 1))
      for (const s of segmentsOf(a)) for (const t of segmentsOf(b)) if (cross(s, t)) count += 1;
  });
  return count;
}

/** A straight part of a line. */
export type LineSegment = readonly [PicturePoint, PicturePoint];

export const segmentsOf = (points: readonly PicturePoint[]): readonly LineSegment[] =>
  points.slice(1).flatMap((to, i): LineSegment[] => {
    const from = points[i];
    return from === undefined ? [] : [[from, to]];
  });

function cross([a, b]: LineSegment, [c, d]: LineSegment): boolean {
  const isFlat = a.y === b.y;
  if (isFlat === (c.y === d.y)) return false;
  const [flat, steep] = isFlat
    ? [[a, b] as const, [c, d] as const]
    : [[c, d] as const, [a, b] as const];
  const between = (value: number, p: number, q: number): boolean =>
    value > Math.min(p, q) && value < Math.max(p, q);
  return between(steep[0].x, flat[0].x, flat[1].x) && between(flat[0].y, steep[0].y, steep[1].y);
}

function routeInOrder(ground: RouteGround, requests: readonly RouteRequest[]): Routes {
  const grid = createGrid(ground);
  const routes = new Map<string, readonly PicturePoint[]>();
  for (const request of requests) {
    const strict = blockedBy(grid, request.foreign);
    const points =
      routeOne(strict, request, ground.direction) ?? routeOne(grid, request, ground.direction);
    if (points === undefined) continue;
    routes.set(request.id, points);
    markLine(grid, points);
  }
  return routes;
}

function routeOne(
  grid: RouteGrid,
  { from, to }: RouteRequest,
  direction: MapDirection,
): readonly PicturePoint[] | undefined {
  const starts = portsOf(from, direction, grid);
  const ends = portsOf(to, direction, grid);
  const path = searchRoute(grid, starts, ends);
  const [first, last] = [path?.[0], path?.at(-1)];
  if (path === undefined || first === undefined || last === undefined) return undefined;
  const at = ([column, row]: readonly [number, number]) => ({ x: column * STEP, y: row * STEP });
  const points = path.map(at);
  const leaving = headingOf(starts, first, path[1]);
  const arriving = headingOf(ends, last, path.at(-2), true);
  if (leaving === undefined || arriving === undefined) return undefined;
  return straightened([dockOf(leaving, 'egress'), ...points, dockOf(arriving, 'ingress')]);
}

/** The port at a point: of several at a corner, the one whose line goes on straight. */
function headingOf(
  ports: ReturnType<typeof portsOf>,
  point: readonly [number, number],
  other: readonly [number, number] | undefined,
  isEnd = false,
) {
  const here = ports.filter(({ column, row }) => column === point[0] && row === point[1]);
  if (other === undefined) return here[0];
  const sign = isEnd ? -1 : 1;
  const [dx, dy] = [(other[0] - point[0]) * sign, (other[1] - point[1]) * sign];
  const isStraight = ({ heading }: (typeof here)[number]): boolean =>
    [dx > 0, dy > 0, dx < 0, dy < 0][heading] ?? false;
  return here.find(isStraight) ?? here[0];
}

/** Only the corners, and the two ends. */
export function straightened(points: readonly PicturePoint[]): readonly PicturePoint[] {
  return points.filter((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (before === undefined || after === undefined) return true;
    const isFlat = before.y === point.y && point.y === after.y;
    const isSteep = before.x === point.x && point.x === after.x;
    return !isFlat && !isSteep;
  });
}

function markLine(grid: RouteGrid, points: readonly PicturePoint[]): void {
  for (const [a, b] of segmentsOf(points)) {
    const isFlat = a.y === b.y;
    const [marks, beside] = isFlat
      ? [grid.across, grid.besideAcross]
      : [grid.down, grid.besideDown];
    const aside = isFlat ? grid.columns : 1;
    const steps = Math.round((Math.abs(a.x - b.x) + Math.abs(a.y - b.y)) / STEP);
    for (let i = 0; i <= steps; i += 1) {
      const x = a.x + ((b.x - a.x) * i) / Math.max(1, steps);
      const y = a.y + ((b.y - a.y) * i) / Math.max(1, steps);
      const place = Math.round(y / STEP) * grid.columns + Math.round(x / STEP);
      marks[place] = Math.min(MOST_MARKS, (marks[place] ?? 0) + 1);
      for (const next of [place - aside, place + aside])
        beside[next] = Math.min(MOST_MARKS, (beside[next] ?? 0) + 1);
    }
  }
}

/** Marks are bytes. */
const MOST_MARKS = 200;

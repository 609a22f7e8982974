import type { Direction } from '../model/flow';
import type { RouteGrid } from './grid';
import type { Heading, RoutePort } from './search';
import { type MapDirection, STEP } from './sizes';
import type { PictureArea, PicturePoint } from './types';

/** An end of a line: the box, which way the flow goes there, and whether only its gate is open. */
export interface LineEnd {
  readonly area: PictureArea;
  readonly direction: Direction;
  /** A wall stands there: the line must pass it, not go around. */
  readonly walled: boolean;
}

/** How far a line runs straight out of a box. */
const STUB = 2 * STEP;
/** Corners are kept free. */
const CORNER = 2 * STEP;
const SIDEWAYS = 12;
const BACKWARDS = 40;
const OFF_MIDDLE = 14;
/** Another line has this port, or the one next to it. */
const TAKEN = 60;
const CLOSE = 30;

interface Side {
  readonly out: Heading;
  readonly cost: number;
}

/** The sides of a box that a line may use, the usual one first. */
function sidesOf({ direction, walled }: LineEnd, run: MapDirection): readonly Side[] {
  const forward: Heading = run === 'right' ? 0 : 1;
  const back = ((forward + 2) % 4) as Heading;
  const [usual, other] = direction === 'egress' ? [forward, back] : [back, forward];
  const gate: Side = { out: usual, cost: 0 };
  if (walled) return [gate];
  const aside = (run === 'right' ? [1, 3] : [0, 2]) as readonly Heading[];
  return [
    gate,
    ...aside.map((out): Side => ({ out, cost: SIDEWAYS })),
    { out: other, cost: BACKWARDS },
  ];
}

/** The grid points at which a line may begin or end, a stub away from its box. */
export function portsOf(end: LineEnd, run: MapDirection, grid: RouteGrid): readonly RoutePort[] {
  return sidesOf(end, run).flatMap(({ out, cost }) => {
    const isFlat = out % 2 === 0;
    const { x, y, width, height } = end.area;
    const [begin, length] = isFlat ? [y, height] : [x, width];
    const middle = begin + length / 2;
    const edge = [x + width, y + height, x, y][out] ?? 0;
    const line = edge + (out < 2 ? STUB : -STUB);
    const heading = (end.direction === 'egress' ? out : (out + 2) % 4) as Heading;
    const ports: RoutePort[] = [];
    const first = Math.ceil((begin + CORNER) / STEP) * STEP;
    for (let at = first; at <= begin + length - CORNER; at += STEP) {
      const [column, row] = (isFlat ? [line, at] : [at, line]).map((value) => value / STEP);
      if (column === undefined || row === undefined) continue;
      if (column < 0 || row < 0 || column >= grid.columns || row >= grid.rows) continue;
      const place = row * grid.columns + column;
      const used = (isFlat ? grid.across : grid.down)[place] ?? 0;
      const beside = (isFlat ? grid.besideAcross : grid.besideDown)[place] ?? 0;
      const off = (Math.abs(at - middle) / (length / 2)) * OFF_MIDDLE;
      ports.push({ column, row, heading, cost: cost + off + used * TAKEN + beside * CLOSE });
    }
    return ports;
  });
}

/** Where a line that runs by this port touches its box. */
export function dockOf({ column, row, heading }: RoutePort, direction: Direction): PicturePoint {
  const out = direction === 'egress' ? (heading + 2) % 4 : heading;
  const [dx, dy] = [
    [STUB, 0],
    [0, STUB],
    [-STUB, 0],
    [0, -STUB],
  ][out] ?? [0, 0];
  return { x: column * STEP + (dx ?? 0), y: row * STEP + (dy ?? 0) };
}

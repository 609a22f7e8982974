import { STEP } from './sizes';
import type { PictureArea } from './types';

/** The grid that lines run on: which of its points are free, and what a line pays to use them. */
export interface RouteGrid {
  readonly columns: number;
  readonly rows: number;
  /** 1 where a box stands or is nearer than a step. */
  readonly blocked: Uint8Array;
  /** Extra cost of a point: titles of groups. */
  readonly cost: Uint8Array;
  /** How many lines run along each point horizontally, and vertically. */
  readonly across: Uint8Array;
  readonly down: Uint8Array;
  /** The same for the points next to lines: lines that are too near leave no place for labels. */
  readonly besideAcross: Uint8Array;
  readonly besideDown: Uint8Array;
}

/** Areas that lines keep a step away from; `titles` are strips that they avoid. */
export interface GridQuestion {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PictureArea[];
  readonly titles: readonly PictureArea[];
}

const TITLE_COST = 14;

export function createGrid({ width, height, boxes, titles }: GridQuestion): RouteGrid {
  const columns = Math.ceil(width / STEP) + 1;
  const rows = Math.ceil(height / STEP) + 1;
  const size = columns * rows;
  const empty: RouteGrid = {
    columns,
    rows,
    blocked: new Uint8Array(size),
    cost: new Uint8Array(size),
    across: new Uint8Array(size),
    down: new Uint8Array(size),
    besideAcross: new Uint8Array(size),
    besideDown: new Uint8Array(size),
  };
  // Labels of lines that run around everything need place at the edge of the picture.
  for (const area of rimOf({ width, height }))
    fill(empty, empty.blocked, { area, around: 0, value: 1 });
  for (const title of titles)
    fill(empty, empty.cost, { area: title, around: 0, value: TITLE_COST });
  return blockedBy(empty, boxes);
}

const RIM = 24;

const rimOf = ({
  width,
  height,
}: Pick<GridQuestion, 'width' | 'height'>): readonly PictureArea[] => [
  { x: 0, y: 0, width, height: RIM },
  { x: 0, y: 0, width: RIM, height },
  { x: 0, y: height - RIM, width, height: RIM },
  { x: width - RIM, y: 0, width: RIM, height },
];

/** The same grid with more areas that are not free; the marks of lines are shared with it. */
export function blockedBy(grid: RouteGrid, areas: readonly PictureArea[]): RouteGrid {
  const blocked = grid.blocked.slice();
  for (const area of areas) fill(grid, blocked, { area, around: STEP - 1, value: 1 });
  return { ...grid, blocked };
}

interface Filling {
  readonly area: PictureArea;
  /** Pixels that the area is widened by on each side. */
  readonly around: number;
  readonly value: number;
}

function fill(
  { columns, rows }: Pick<RouteGrid, 'columns' | 'rows'>,
  values: Uint8Array,
  { area: { x, y, width, height }, around, value }: Filling,
): void {
  const left = Math.max(0, Math.ceil((x - around) / STEP));
  const right = Math.min(columns - 1, Math.floor((x + width + around) / STEP));
  const top = Math.max(0, Math.ceil((y - around) / STEP));
  const bottom = Math.min(rows - 1, Math.floor((y + height + around) / STEP));
  for (let row = top; row <= bottom; row += 1)
    values.fill(value, row * columns + left, row * columns + right + 1);
}

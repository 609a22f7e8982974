import { textAt, textWidth } from './measure';
import { type LineSegment, segmentsOf } from './routes';
import type { EdgeLabel, PictureArea, PicturePoint } from './types';

/** A label that looks for a place on its line. */
export interface LabelRequest {
  readonly id: string;
  readonly text: string;
  readonly mark?: EdgeLabel['mark'];
  readonly points: readonly PicturePoint[];
}

const HEIGHT = 22;
const PAD = 8;
const MARK = 15;
/** The line stays visible on both sides of its label. */
const CLEAR = 8;

/** The size of a label. */
export const labelWidth = (text: string, mark: EdgeLabel['mark']): number =>
  Math.ceil(textWidth(text, 'label') + 2 * PAD + (mark === undefined ? 0 : MARK));

/** Where on a segment a label is tried, and what each place costs. */
const PLACES = [
  0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75, 0.2, 0.8, 0.15, 0.85,
] as const;

/** What labels may not lie on, and the size of the picture. */
export interface LabelGround {
  readonly taken: readonly PictureArea[];
  readonly width: number;
  readonly height: number;
}

/**
 * Places labels on their lines: not on a box, a title, another label or another line. One that finds
 * no place is left out.
 */
export function placeLabels(
  requests: readonly LabelRequest[],
  { taken, width, height }: LabelGround,
): ReadonlyMap<string, EdgeLabel> {
  const lines = requests.map(({ id, points }) => ({ id, segments: segmentsOf(points) }));
  const free = requests.map((request): FreePlaces => {
    const foreign = lines.filter(({ id }) => id !== request.id).flatMap(({ segments }) => segments);
    const places = candidates(request)
      .filter(({ area }) => area.x >= 0 && area.x + area.width <= width)
      .filter(({ area }) => area.y >= 0 && area.y + area.height <= height)
      .filter(({ area }) => !taken.some((one) => overlap(area, one, 2)))
      .filter(({ area }) => !foreign.some((segment) => touches(area, segment)))
      .toSorted((a, b) => a.cost - b.cost);
    return { request, places };
  });
  const fewest = free.toSorted((a, b) => a.places.length - b.places.length);
  const tried = [free, fewest, free.toReversed()].map(placeInOrder);
  return tried.reduce((best, one) => (one.size > best.size ? one : best));
}

interface FreePlaces {
  readonly request: LabelRequest;
  readonly places: readonly Candidate[];
}

function placeInOrder(order: readonly FreePlaces[]): ReadonlyMap<string, EdgeLabel> {
  const placed = new Map<string, EdgeLabel>();
  for (const { request, places } of order) {
    const areas = [...placed.values()];
    const best = places.find(({ area }) => !areas.some((one) => overlap(area, one, 2)));
    if (best !== undefined) placed.set(request.id, labelAt(request, best.area));
  }
  return placed;
}

interface Candidate {
  readonly area: PictureArea;
  readonly cost: number;
}

function candidates({ text, mark, points }: LabelRequest): readonly Candidate[] {
  const width = labelWidth(text, mark);
  return segmentsOf(points).flatMap(([a, b]) => {
    const length = Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
    const needed = (a.y === b.y ? width : HEIGHT) + 2 * CLEAR;
    if (length < needed) return [];
    return PLACES.map((part, i): Candidate => {
      const x = a.x + (b.x - a.x) * part;
      const y = a.y + (b.y - a.y) * part;
      const area = { x: x - width / 2, y: y - HEIGHT / 2, width, height: HEIGHT };
      return { area, cost: i / 2 - Math.min(length, 400) / 40 };
    }).filter(({ area }) => isWithin(area, [a, b]));
  });
}

/** Whether the segment goes on at both sides of the label. */
function isWithin({ x, y, width, height }: PictureArea, [a, b]: LineSegment): boolean {
  if (a.y === b.y) {
    const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
    return x - CLEAR >= left && x + width + CLEAR <= right;
  }
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
  return y - CLEAR >= top && y + height + CLEAR <= bottom;
}

function labelAt({ text, mark }: LabelRequest, area: PictureArea): EdgeLabel {
  const x = area.x + PAD + (mark === undefined ? 0 : MARK);
  const label = { ...area, text: textAt({ x, y: area.y + 15 }, text, 'label') };
  return mark === undefined ? label : { ...label, mark };
}

/** Whether two areas come nearer than `gap` pixels. */
export const overlap = (a: PictureArea, b: PictureArea, gap = 0): boolean =>
  a.x < b.x + b.width + gap &&
  b.x < a.x + a.width + gap &&
  a.y < b.y + b.height + gap &&
  b.y < a.y + a.height + gap;

/** Whether a segment runs over an area. */
export const touches = (area: PictureArea, [a, b]: LineSegment): boolean =>
  overlap(area, {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  });

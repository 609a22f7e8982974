import { useLayoutEffect, useState } from 'preact/hooks';
import type { LabCard } from '../book-data';

/** A line between two cards, as a path. */
interface LabLine {
  readonly kind: 'needs' | 'opens';
  readonly path: string;
}

interface LabLinesProps {
  readonly board: { readonly current: HTMLDivElement | null };
  readonly shown: string | undefined;
  readonly labs: readonly LabCard[];
}

/** What the lab in focus needs and opens, drawn in the gutters between the cards. */
export function LabLines({ board, shown, labs }: LabLinesProps) {
  const [lines, setLines] = useState<readonly LabLine[]>([]);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const root = board.current;
    if (root === null) return undefined;
    const draw = () => {
      setSize({ width: root.scrollWidth, height: root.scrollHeight });
      setLines(shown === undefined ? [] : linesOf(root, shown, labs));
    };
    draw();
    const watch = new ResizeObserver(draw);
    watch.observe(root);
    return () => watch.disconnect();
  }, [board, shown, labs]);
  return (
    <svg class="lab-lines" width={size.width} height={size.height} aria-hidden="true">
      {lines.map(({ kind, path }) => (
        <path key={path} class={`lab-line ${kind}`} d={path} />
      ))}
      {lines.map(({ kind, path }) => (
        <path key={`tip ${path}`} class={`lab-tip ${kind}`} d={tipOf(path)} />
      ))}
    </svg>
  );
}

/** A card's rectangle in the board. */
interface CardArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly middle: number;
}

function linesOf(root: HTMLElement, shown: string, labs: readonly LabCard[]): readonly LabLine[] {
  const areaOf = (id: string): CardArea | undefined => {
    const card = root.querySelector<HTMLElement>(`[data-lab="${CSS.escape(id)}"]`);
    if (card === null) return undefined;
    const { offsetLeft: left, offsetTop: top, offsetWidth, offsetHeight } = card;
    const bottom = top + offsetHeight;
    return { left, right: left + offsetWidth, top, bottom, middle: (top + bottom) / 2 };
  };
  const line = (from: string, to: string, kind: LabLine['kind']): readonly LabLine[] => {
    const [start, end] = [areaOf(from), areaOf(to)];
    return start === undefined || end === undefined ? [] : [{ kind, path: pathOf(start, end) }];
  };
  const needs = labs.find(({ id }) => id === shown)?.prerequisites ?? [];
  const opened = labs.filter(({ prerequisites }) => prerequisites.includes(shown));
  return [
    ...opened.flatMap(({ id }) => line(shown, id, 'opens')),
    ...needs.flatMap((id) => line(id, shown, 'needs')),
  ];
}

const GUTTER = 12;
const GAP = 5;

type Corner = readonly [x: number, y: number];

/** From card to card through gutters left and right of them and the gaps between rows. */
function pathOf(from: CardArea, to: CardArea): string {
  const end = to.middle;
  const inX = to.left - GUTTER;
  if (Math.abs(from.left - to.left) < 4) {
    const start = from.middle + (from.top > to.top ? -8 : 8);
    return rounded([
      [from.left, start],
      [inX, start],
      [inX, end],
      [to.left, end],
    ]);
  }
  const forward = to.left > from.left;
  const outX = forward ? from.right + GUTTER : from.left - GUTTER;
  const startX = forward ? from.right : from.left;
  if (Math.abs(outX - inX) < 2 * GUTTER + 12 && forward) {
    return rounded([
      [startX, from.middle],
      [inX, from.middle],
      [inX, end],
      [to.left, end],
    ]);
  }
  const gapY = from.bottom + GAP;
  return rounded([
    [startX, from.middle],
    [outX, from.middle],
    [outX, gapY],
    [inX, gapY],
    [inX, end],
    [to.left, end],
  ]);
}

/** Corners as a path whose bends are round. */
function rounded(corners: readonly Corner[]): string {
  const [first, ...rest] = corners;
  if (first === undefined) return '';
  const parts = [`M${first.join(' ')}`];
  rest.forEach(([x, y], i) => {
    const [px, py] = corners[i] ?? first;
    const after = corners[i + 2];
    const radius = Math.min(6, Math.hypot(x - px, y - py) / 2);
    if (after === undefined || radius < 1) {
      parts.push(`L${x} ${y}`);
      return;
    }
    const leave = Math.min(radius, Math.hypot(after[0] - x, after[1] - y) / 2);
    const before = toward([x, y], [px, py], radius);
    const behind = toward([x, y], after, leave);
    parts.push(`L${before.join(' ')}Q${x} ${y} ${behind.join(' ')}`);
  });
  return parts.join('');
}

function toward([x, y]: Corner, [tx, ty]: Corner, by: number): Corner {
  const length = Math.hypot(tx - x, ty - y) || 1;
  return [x + ((tx - x) / length) * by, y + ((ty - y) / length) * by];
}

/** The arrow head at the end of a path, which enters a card from the left. */
function tipOf(path: string): string {
  const [, x = '0', y = '0'] = /([\d.]+) ([\d.]+)$/.exec(path) ?? [];
  return `M${Number(x) - 9} ${Number(y) - 5}L${x} ${y}L${Number(x) - 9} ${Number(y) + 5}z`;
}

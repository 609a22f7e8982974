import { FONTS } from './measure';
import { segmentsOf } from './routes';
import type { PictureTheme } from './theme';
import type { Emphasis, PicturePoint, PictureText, TextStyle } from './types';
import { element, escapeXml } from './xml';

const SANS = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const MONO = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

/** The colour of a text by its role. */
export function textColour(style: TextStyle, emphasis: Emphasis, theme: PictureTheme): string {
  if (emphasis === 'quiet') return theme.ink3;
  switch (style) {
    case 'title':
    case 'group':
    case 'caption':
      return theme.ink;
    case 'detail':
    case 'mono':
      return theme.ink2;
    case 'label':
    case 'badge':
      return theme.ink2;
  }
}

/** A line of text, escaped. */
export function drawText({ x, y, text, style, anchor }: PictureText, fill: string): string {
  const { size, weight, mono } = FONTS[style];
  return element(
    'text',
    {
      x,
      y,
      fill,
      'font-size': size,
      'font-weight': weight,
      'font-family': mono ? MONO : SANS,
      'text-anchor': anchor === 'start' ? undefined : anchor,
    },
    escapeXml(text),
  );
}

const RADIUS = 8;

/** A line with rounded corners. */
export function pathData(points: readonly PicturePoint[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = rest.map((point, i) => {
    const [before, after] = [points[i], rest[i + 1]];
    if (before === undefined || after === undefined) return `L${point.x} ${point.y}`;
    const radius = Math.min(RADIUS, distance(before, point) / 2, distance(point, after) / 2);
    const [a, b] = [toward(point, before, radius), toward(point, after, radius)];
    return `L${a.x} ${a.y}Q${point.x} ${point.y} ${b.x} ${b.y}`;
  });
  return `M${first.x} ${first.y}${parts.join('')}`;
}

const distance = (a: PicturePoint, b: PicturePoint): number => Math.hypot(a.x - b.x, a.y - b.y);

function toward(from: PicturePoint, to: PicturePoint, by: number): PicturePoint {
  const length = distance(from, to) || 1;
  return {
    x: Math.round((from.x + ((to.x - from.x) * by) / length) * 100) / 100,
    y: Math.round((from.y + ((to.y - from.y) * by) / length) * 100) / 100,
  };
}

/** An arrow head at the end of a line. */
export function arrowHead(points: readonly PicturePoint[], size: number, fill: string): string {
  const last = segmentsOf(points).at(-1);
  if (last === undefined) return '';
  const [a, b] = last;
  const angle = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
  return arrowAt(b, angle, size, fill);
}

/** An arrow head whose tip is at a point. */
export const arrowAt = (
  { x, y }: PicturePoint,
  angle: number,
  size: number,
  fill: string,
): string =>
  element('path', {
    d: `M0 0L${-size} ${-size / 2 - 0.5}L${-size} ${size / 2 + 0.5}Z`,
    transform: `translate(${x} ${y}) rotate(${angle})`,
    fill,
  });

/** A small sign of 10 pixels, in the middle of a place. */
export function drawSign(
  sign: 'plus' | 'cross' | 'question' | 'half' | 'bar',
  { x, y }: PicturePoint,
  colour: string,
): string {
  const stroke = { stroke: colour, 'stroke-width': 2, fill: 'none', 'stroke-linecap': 'round' };
  switch (sign) {
    case 'plus':
      return element('path', { d: `M${x - 4} ${y}H${x + 4}M${x} ${y - 4}V${y + 4}`, ...stroke });
    case 'cross':
      return element('path', {
        d: `M${x - 3.5} ${y - 3.5}L${x + 3.5} ${y + 3.5}M${x + 3.5} ${y - 3.5}L${x - 3.5} ${y + 3.5}`,
        ...stroke,
      });
    case 'bar':
      return element('path', {
        d: `M${x - 5} ${y}H${x - 1.5}M${x + 1.5} ${y}H${x + 5}`,
        ...stroke,
      });
    case 'half':
      return (
        element('circle', { cx: x, cy: y, r: 4, ...stroke, 'stroke-width': 1.4 }) +
        element('path', { d: `M${x} ${y - 4}A4 4 0 0 0 ${x} ${y + 4}Z`, fill: colour })
      );
    case 'question':
      return element(
        'text',
        {
          x,
          y: y + 4,
          fill: colour,
          'font-size': 12,
          'font-weight': 600,
          'font-family': SANS,
          'text-anchor': 'middle',
        },
        '?',
      );
  }
}

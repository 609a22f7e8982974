import { textAt } from './measure';
import { drawSign, drawText } from './shapes';
import type { PictureTheme } from './theme';
import type { HopRow, HopRowLine, PicturePoint } from './types';
import { element } from './xml';

/** The width of a list of hops, in pixels. */
export const ROWS_WIDTH = 396;
const HEAD = 24;
const LINE = 18;
const AFTER = 10;
const BADGE = 10;

export const rowsHeight = (rows: readonly HopRow[]): number =>
  rows.reduce((sum, { lines }) => sum + HEAD + lines.length * LINE + AFTER, 0);

/** A way as a list with two rails: down on the left the way there, up on the right the way back. */
export function drawRows(
  rows: readonly HopRow[],
  { x, y }: PicturePoint,
  theme: PictureTheme,
): string {
  let top = y;
  const parts = rows.map((row) => {
    const own = top;
    top += HEAD + row.lines.length * LINE + AFTER;
    return drawRow(row, { x, y: own }, theme);
  });
  return parts.join('');
}

function drawRow(row: HopRow, { x, y }: PicturePoint, theme: PictureTheme): string {
  const { device, there, back, isReached, lines } = row;
  const ink = isReached ? theme.ink : theme.ink3;
  const name = textAt(
    { x: x + 32, y: y + 16 },
    isReached ? device : `${device}, not reached`,
    'detail',
    ROWS_WIDTH - 76,
  );
  const stopsOn = (way: HopRowLine['way']): boolean =>
    lines.some((line) => line.way === way && (line.kind === 'denied' || line.kind === 'no-route'));
  return [
    number(there, { x: x + BADGE, y: y + 12 }, lookOf(isReached, stopsOn('there'), theme)),
    number(
      back,
      { x: x + ROWS_WIDTH - BADGE, y: y + 12 },
      lookOf(isReached, stopsOn('back'), theme),
    ),
    drawText(name, ink),
    ...lines.map((line, i) => drawLine(line, { x: x + 32, y: y + HEAD + i * LINE + 13 }, theme)),
  ].join('');
}

interface NumberLook {
  readonly fill: string;
  readonly stroke: string;
  readonly ink: string;
  readonly dashes?: string;
}

function lookOf(isReached: boolean, isStop: boolean, theme: PictureTheme): NumberLook {
  const { surface, accent, edge, ink3, deny, onDeny } = theme;
  if (!isReached) return { fill: surface, stroke: edge, ink: ink3, dashes: '2 2' };
  if (isStop) return { fill: deny, stroke: deny, ink: onDeny };
  return { fill: surface, stroke: accent, ink: accent };
}

function number(step: number | undefined, { x, y }: PicturePoint, look: NumberLook): string {
  if (step === undefined) return '';
  const ring = element('circle', {
    cx: x,
    cy: y,
    r: BADGE,
    fill: look.fill,
    stroke: look.stroke,
    'stroke-width': 1.4,
    'stroke-dasharray': look.dashes,
  });
  const text = textAt({ x, y: y + 3.5, anchor: 'middle' }, `${step}`, 'badge');
  return ring + drawText(text, look.ink);
}

function drawLine(
  { way, kind, text }: HopRowLine,
  { x, y }: PicturePoint,
  theme: PictureTheme,
): string {
  const isStop = kind === 'denied' || kind === 'no-route';
  const ink = isStop ? theme.deny : theme.ink2;
  const arrow = drawText(
    textAt({ x, y }, way === 'there' ? '\u2193' : '\u2191', 'detail'),
    theme.ink3,
  );
  const words = textAt({ x: x + 34, y }, text, 'detail', ROWS_WIDTH - 110);
  return arrow + sign(kind, { x: x + 22, y: y - 4 }, theme) + drawText(words, ink);
}

function sign(kind: HopRowLine['kind'], place: PicturePoint, theme: PictureTheme): string {
  switch (kind) {
    case 'allowed':
      return element('circle', {
        cx: place.x,
        cy: place.y,
        r: 3.5,
        fill: 'none',
        stroke: theme.allow,
        'stroke-width': 1.5,
      });
    case 'denied':
      return drawSign('cross', place, theme.deny);
    case 'no-route':
      return drawSign('bar', place, theme.deny);
    case 'unknown':
      return drawSign('question', place, theme.ink3);
    case 'passed':
    case 'not-isolated':
    case 'note':
      return '';
  }
}

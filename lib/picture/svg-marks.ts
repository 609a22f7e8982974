import { arrowAt, drawSign, drawText } from './shapes';
import type { PictureTheme } from './theme';
import type { PictureMark } from './types';
import { element, escapeXml } from './xml';

/** A sign on a box or a way. */
export function drawMark(mark: PictureMark, theme: PictureTheme): string {
  const title = element('title', {}, escapeXml(mark.about));
  const attributes = { 'data-mark': mark.id, 'data-step': mark.step, 'data-of': mark.of };
  return element('g', attributes, title + shape(mark, theme));
}

function shape(mark: PictureMark, theme: PictureTheme): string {
  switch (mark.kind) {
    case 'hop':
      return badge(mark, theme);
    case 'direction': {
      const colour = mark.state === 'unreached' ? theme.edge : theme.accent;
      return arrowAt(mark, mark.angle ?? 0, 8, colour);
    }
    case 'caption':
      return caption(mark, theme);
    case 'denied':
      return disc(mark, theme.deny) + drawSign('cross', mark, theme.onDeny);
    case 'no-route':
      return disc(mark, theme.deny) + drawSign('bar', mark, theme.onDeny);
    case 'unknown':
      return disc(mark, theme.ink3) + drawSign('question', mark, theme.surface);
  }
}

const disc = ({ x, y, radius }: PictureMark, fill: string): string =>
  element('circle', { cx: x, cy: y, r: radius, fill });

function badge({ x, y, radius, state, text }: PictureMark, theme: PictureTheme): string {
  const isUnreached = state === 'unreached';
  const isChosen = state === 'chosen';
  const colour = isUnreached ? theme.edge : theme.accent;
  const ring = element('circle', {
    cx: x,
    cy: y,
    r: radius,
    fill: isChosen ? theme.accent : theme.surface,
    stroke: colour,
    'stroke-width': 1.4,
    'stroke-dasharray': isUnreached ? '2 2' : undefined,
  });
  const ink = isUnreached ? theme.ink3 : theme.accent;
  return text === undefined ? ring : ring + drawText(text, isChosen ? theme.onAccent : ink);
}

function caption({ x, y, radius, text }: PictureMark, theme: PictureTheme): string {
  const frame = element('rect', {
    x: x - radius,
    y: y - 10,
    width: 2 * radius,
    height: 20,
    rx: 6,
    fill: theme.surface,
    stroke: theme.deny,
    'stroke-width': 1.4,
  });
  return text === undefined ? frame : frame + drawText(text, theme.deny);
}

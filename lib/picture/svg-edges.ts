import { arrowHead, drawSign, drawText, pathData } from './shapes';
import type { PictureTheme } from './theme';
import type { EdgeState, PictureEdge } from './types';
import { element, escapeXml } from './xml';

/** How an edge is drawn: never by colour alone. */
export interface EdgeLook {
  readonly colour: string;
  readonly width: number;
  readonly dashes?: string;
}

export function edgeLook(state: EdgeState, theme: PictureTheme): EdgeLook {
  switch (state) {
    case 'allows':
    case 'some':
      return { colour: theme.edge, width: 1.6 };
    case 'opened':
      return { colour: theme.allow, width: 2.4 };
    case 'closed':
      return { colour: theme.deny, width: 2.4, dashes: '5 5' };
    case 'denies':
      return { colour: theme.deny, width: 1.6, dashes: '5 5' };
    case 'no-route':
      return { colour: theme.deny, width: 1.6, dashes: '10 4 2 4' };
    case 'unknown':
      return { colour: theme.ink3, width: 1.6, dashes: '2 4' };
    case 'failed':
      return { colour: theme.deny, width: 2.4 };
    case 'there':
      return { colour: theme.accent, width: 2.4 };
    case 'back':
      return { colour: theme.accent, width: 2.4, dashes: '7 4' };
    case 'unreached':
      return { colour: theme.edge, width: 2, dashes: '1 6' };
    case 'link':
      return { colour: theme.box, width: 1.6 };
  }
}

/** An edge without its label: the label lies above all edges. */
export function drawEdge(edge: PictureEdge, theme: PictureTheme): string {
  const { points, state, emphasis } = edge;
  const look = edgeLook(state, theme);
  const colour = emphasis === 'quiet' ? theme.lineStrong : look.colour;
  const line = element('path', {
    d: pathData(shortened(points, state)),
    fill: 'none',
    stroke: colour,
    'stroke-width': look.width,
    'stroke-dasharray': look.dashes,
    'stroke-linecap': state === 'unreached' ? 'round' : undefined,
  });
  const [first] = points;
  const isWay = ['there', 'back', 'unreached', 'link'].includes(state);
  const dot =
    first === undefined || isWay
      ? ''
      : element('circle', { cx: first.x, cy: first.y, r: 3, fill: colour });
  const head = isWay ? '' : arrowHead(points, 7 + (look.width > 2 ? 1 : 0), colour);
  const title = element('title', {}, escapeXml(edge.about));
  return element('g', { 'data-edge': edge.id, 'data-state': state }, title + line + dot + head);
}

/** The line ends behind its arrow head, not before it. */
function shortened(points: PictureEdge['points'], state: EdgeState): PictureEdge['points'] {
  if (['there', 'back', 'unreached', 'link'].includes(state)) return points;
  const [last, before] = [points.at(-1), points.at(-2)];
  if (last === undefined || before === undefined) return points;
  const [dx, dy] = [Math.sign(last.x - before.x), Math.sign(last.y - before.y)];
  return [...points.slice(0, -1), { x: last.x - dx * 4, y: last.y - dy * 4 }];
}

/** The label of an edge, where it has one. */
export function drawLabel(edge: PictureEdge, theme: PictureTheme): string {
  const { label, state, emphasis } = edge;
  if (label === undefined) return '';
  const look = edgeLook(state, theme);
  const isPlain = state === 'allows' || state === 'some' || emphasis === 'quiet';
  const border = isPlain ? theme.lineStrong : look.colour;
  const box = element('rect', {
    x: label.x,
    y: label.y,
    width: label.width,
    height: label.height,
    rx: 6,
    fill: theme.surface,
    stroke: border,
    'stroke-width': isPlain ? 1 : 1.4,
  });
  const quiet = emphasis === 'quiet' ? theme.ink3 : undefined;
  const ink = quiet ?? (isPlain ? theme.ink2 : look.colour);
  const centre = { x: label.x + 14, y: label.y + label.height / 2 };
  const sign =
    label.mark === undefined
      ? ''
      : drawSign(label.mark, centre, quiet ?? (label.mark === 'half' ? theme.ink2 : look.colour));
  return element('g', { 'data-label': edge.id }, box + sign + drawText(label.text, ink));
}

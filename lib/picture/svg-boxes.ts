import { drawText, textColour } from './shapes';
import type { PictureTheme } from './theme';
import type { BoxKind, PictureBox, PictureWall } from './types';
import { element, escapeXml } from './xml';

/** The rounding of corners by kind. */
const RADIUS: Readonly<Record<BoxKind, number>> = {
  namespace: 12,
  workload: 8,
  pod: 8,
  outside: 24,
  vpc: 12,
  zone: 10,
  subnet: 8,
  interface: 6,
  node: 8,
  machine: 10,
  router: 8,
  gateway: 8,
  balancer: 8,
  endpoint: 8,
};

/** Boxes that are ground for others: their border only orders. */
const GROUND: readonly BoxKind[] = ['namespace', 'vpc', 'zone', 'router', 'machine'];
const SUNK: readonly BoxKind[] = ['zone', 'router', 'pod', 'interface'];

/** A box with its walls and texts. */
export function drawBox(box: PictureBox, theme: PictureTheme): string {
  const { id, kind, texts, walls, emphasis, about } = box;
  const content = [
    element('title', {}, escapeXml(about)),
    frame(box, theme),
    ...walls.map((wall) => drawWall(wall, box, theme)),
    ...texts.map((text) => drawText(text, textColour(text.style, emphasis, theme))),
  ];
  return element('g', { 'data-box': id, 'data-kind': kind }, content.join(''));
}

function frame({ x, y, width, height, kind, outline, emphasis }: PictureBox, theme: PictureTheme) {
  const isGround = GROUND.includes(kind);
  const quiet = isGround ? theme.line : theme.lineStrong;
  const usual = isGround ? theme.line : theme.box;
  const chosen = emphasis === 'chosen';
  return element('rect', {
    x,
    y,
    width,
    height,
    rx: Math.min(RADIUS[kind], height / 2),
    fill: SUNK.includes(kind) ? theme.sunk : theme.surface,
    stroke: strokeOf(chosen, emphasis === 'quiet', { accent: theme.accent, quiet, usual }),
    'stroke-width': chosen ? 2 : 1.2,
    'stroke-dasharray': outline === 'open' ? '4 4' : undefined,
  });
}

function strokeOf(
  isChosen: boolean,
  isQuiet: boolean,
  colours: { readonly accent: string; readonly quiet: string; readonly usual: string },
): string {
  if (isChosen) return colours.accent;
  return isQuiet ? colours.quiet : colours.usual;
}

function drawWall(wall: PictureWall, { emphasis }: PictureBox, theme: PictureTheme): string {
  const { x, y, width, height, kind, change } = wall;
  const colour = wallColour(wall, emphasis === 'quiet', theme);
  const isHollow = kind === 'hollow' || change === 'removed';
  const half = 0.7;
  return element('rect', {
    'data-wall': wall.direction,
    x: isHollow ? x - half : x,
    y,
    width: isHollow ? width + 2 * half : width,
    height,
    rx: 2,
    fill: isHollow ? theme.surface : colour,
    stroke: isHollow ? colour : undefined,
    'stroke-width': isHollow ? 1.4 : undefined,
    'stroke-dasharray': change === 'removed' ? '3 3' : undefined,
  });
}

function wallColour({ change }: PictureWall, isQuiet: boolean, theme: PictureTheme): string {
  if (change === 'new') return theme.deny;
  if (change === 'removed') return theme.allow;
  return isQuiet ? theme.box : theme.wall;
}

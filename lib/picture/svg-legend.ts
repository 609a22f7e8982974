import { textWidth } from './measure';
import { drawSign, drawText } from './shapes';
import { edgeLook } from './svg-edges';
import type { PictureTheme } from './theme';
import type { EdgeState, LegendEntry, PicturePoint } from './types';
import { element } from './xml';

/** What an entry of the legend says. */
export const LEGEND_WORDS: Readonly<Record<LegendEntry, string>> = {
  walled: 'isolated: only drawn flows pass',
  hollow: 'isolated: all but crossed flows pass',
  open: 'no policy selects it',
  'new-wall': 'newly isolated',
  'removed-wall': 'no longer isolated',
  allows: 'a rule allows it',
  opened: 'opened',
  closed: 'closed',
  denies: 'denied',
  'no-route': 'no route',
  unknown: 'unknown',
  some: 'replicas differ',
  failed: 'check failed',
  there: 'there',
  back: 'back',
  unreached: 'not reached',
  stop: 'stops here',
};

const SAMPLE = 26;
const GAP = 24;
const LINE = 26;

/** The legend in lines of at most `most` pixels, and how high it is. */
export function drawLegend(
  entries: readonly LegendEntry[],
  { x, y }: PicturePoint,
  most: number,
  theme: PictureTheme,
): { readonly svg: string; readonly height: number } {
  let left = x;
  let line = y;
  const parts = entries.map((entry) => {
    const words = LEGEND_WORDS[entry];
    const width = SAMPLE + 10 + textWidth(words, 'detail');
    if (left > x && left + width > x + most) {
      left = x;
      line += LINE;
    }
    const place = { x: left, y: line + 8 };
    left += width + GAP;
    const text = { text: words, style: 'detail', anchor: 'start', width: 0 } as const;
    const written = drawText({ ...text, x: place.x + SAMPLE + 10, y: place.y + 4 }, theme.ink2);
    return element('g', {}, sample(entry, place, theme) + written);
  });
  return { svg: parts.join(''), height: entries.length === 0 ? 0 : line - y + LINE };
}

const BOXES: readonly LegendEntry[] = ['walled', 'hollow', 'open', 'new-wall', 'removed-wall'];

function sample(entry: LegendEntry, { x, y }: PicturePoint, theme: PictureTheme): string {
  if (BOXES.includes(entry)) return boxSample(entry, { x, y }, theme);
  if (entry === 'stop') {
    const disc = element('circle', { cx: x + 13, cy: y, r: 8, fill: theme.deny });
    return disc + drawSign('cross', { x: x + 13, y }, theme.onDeny);
  }
  const { colour, width, dashes } = edgeLook(entry as EdgeState, theme);
  const line = element('path', {
    d: `M${x} ${y}H${x + SAMPLE - 6}`,
    stroke: colour,
    'stroke-width': width,
    'stroke-dasharray': dashes,
    'stroke-linecap': entry === 'unreached' ? 'round' : undefined,
    fill: 'none',
  });
  const head = element('path', {
    d: `M${x + SAMPLE} ${y}l-7 -4v8z`,
    fill: colour,
  });
  return line + head;
}

function boxSample(entry: LegendEntry, { x, y }: PicturePoint, theme: PictureTheme): string {
  const colours: Partial<Record<LegendEntry, string>> = {
    'new-wall': theme.deny,
    'removed-wall': theme.allow,
  };
  const colour = colours[entry] ?? theme.wall;
  const frame = element('rect', {
    x: x + 1,
    y: y - 7,
    width: 22,
    height: 14,
    rx: 3,
    fill: theme.surface,
    stroke: theme.box,
    'stroke-dasharray': entry === 'open' ? '3 3' : undefined,
  });
  if (entry === 'open') return frame;
  const isHollow = entry === 'hollow' || entry === 'removed-wall';
  const bar = (at: number): string =>
    element('rect', {
      x: at,
      y: y - 6,
      width: 4,
      height: 12,
      rx: 1.5,
      fill: isHollow ? theme.surface : colour,
      stroke: colour,
      'stroke-dasharray': entry === 'removed-wall' ? '2 2' : undefined,
    });
  return frame + bar(x - 1) + bar(x + 21);
}

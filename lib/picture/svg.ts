import { textAt, wrapText } from './measure';
import { drawText } from './shapes';
import { drawBox } from './svg-boxes';
import { drawEdge, drawLabel } from './svg-edges';
import { drawLegend } from './svg-legend';
import { drawMark } from './svg-marks';
import { drawRows, ROWS_WIDTH, rowsHeight } from './svg-rows';
import type { PictureTheme } from './theme';
import type { Picture } from './types';
import { element, escapeXml } from './xml';

/** How a picture becomes SVG. */
export interface SvgOptions {
  /** Title and summary above, legend below: for a file that stands alone. @default true */
  readonly framed?: boolean;
}

const SIDE = 24;
const TOP = 32;
const LINE = 20;
/** A framed picture is at least as wide as its title and legend need. */
const LEAST_WIDTH = 480;

/**
 * A picture as SVG that needs nothing from outside: colours and fonts are attributes, names of objects
 * are text. `title` and `desc` say to a screen reader what the picture shows.
 */
export function svgOf(picture: Picture, theme: PictureTheme, options: SvgOptions = {}): string {
  const { framed = true } = options;
  const body = drawBody(picture, theme);
  if (!framed) return document(picture, picture, body);
  const { rows = [] } = picture;
  const own = Math.max(picture.width, LEAST_WIDTH);
  const width = own + (rows.length === 0 ? 0 : ROWS_WIDTH + SIDE);
  const most = width - 2 * SIDE;
  const titles = wrapText(picture.title, 'group', most);
  const lines = wrapText(picture.about, 'detail', most);
  const below = TOP + titles.length * LINE;
  const head = [
    ...titles.map((text, i) =>
      drawText(textAt({ x: SIDE, y: TOP + i * LINE }, text, 'group'), theme.ink),
    ),
    ...lines.map((text, i) =>
      drawText(textAt({ x: SIDE, y: below + i * LINE }, text, 'detail'), theme.ink2),
    ),
  ].join('');
  const top = below + (lines.length - 1) * LINE + 12;
  const foot = { x: SIDE, y: top + Math.max(picture.height, rowsHeight(rows)) + 8 };
  const legend = drawLegend(picture.legend, foot, most, theme);
  const height = foot.y + legend.height + 8;
  const ground = element('rect', { width, height, fill: theme.canvas });
  const list = drawRows(rows, { x: own, y: top + SIDE }, theme);
  const moved = element('g', { transform: `translate(0 ${top})` }, body);
  return document(picture, { width, height }, ground + head + moved + list + legend.svg);
}

function drawBody({ boxes, edges, marks }: Picture, theme: PictureTheme): string {
  return [
    ...boxes.map((box) => drawBox(box, theme)),
    ...edges.map((edge) => drawEdge(edge, theme)),
    ...edges.map((edge) => drawLabel(edge, theme)),
    ...marks.map((mark) => drawMark(mark, theme)),
  ].join('\n');
}

function document(
  { title, about }: Picture,
  { width, height }: { readonly width: number; readonly height: number },
  content: string,
): string {
  const heading = element('title', {}, escapeXml(title)) + element('desc', {}, escapeXml(about));
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      role: 'img',
      viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
      width: Math.ceil(width),
      height: Math.ceil(height),
    },
    `${heading}\n${content}`,
  )}\n`;
}

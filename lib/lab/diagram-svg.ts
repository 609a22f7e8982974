import type { Topology } from './diagram';

const BOX = { width: 190, height: 44, gap: 18 } as const;
const GROUP = { pad: 16, head: 26, gap: 70 } as const;
const COLUMN = BOX.width + 2 * GROUP.pad + GROUP.gap;

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * A topology as SVG: a column for each group, a box for each member, an arrow for each call. Colours
 * follow the page's (`currentColor`), so it reads on light and dark.
 */
export function svgDiagram({ groups, calls }: Topology, title: string): string {
  const places = new Map<string, Place>();
  const columns = groups.map(({ name, boxes }, column) => {
    const x = GROUP.pad + column * COLUMN;
    const members = boxes.map((box, row) => {
      const y = GROUP.pad + GROUP.head + row * (BOX.height + BOX.gap);
      const place = { x: x + GROUP.pad, y };
      places.set(box.name, place);
      places.set(`${name}/${box.name}`, place);
      const detail = [
        ...(box.count === 1 ? [] : [`x${box.count}`]),
        ...(box.ports.length === 0 ? [] : [`:${box.ports.join(' :')}`]),
      ].join('  ');
      return boxSvg(place, box.name, detail);
    });
    return [frameSvg({ x, y: GROUP.pad }, name, boxes.length), ...members].join('\n');
  });
  const arrows = calls.flatMap(({ from, to, port }) => {
    const [a, b] = [places.get(from), places.get(to.replace(/^svc:(.*\/)?/, ''))];
    return a === undefined || b === undefined || a === b ? [] : [arrowSvg(a, b, port)];
  });
  const width = groups.length * COLUMN - GROUP.gap + 2 * GROUP.pad;
  const rows = Math.max(...groups.map(({ boxes }) => boxes.length));
  const height = groupHeight(rows) + 2 * GROUP.pad;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="13" fill="currentColor">`,
    `<title>${escaped(title)}</title>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>',
    ...columns,
    ...arrows,
    '</svg>',
    '',
  ].join('\n');
}

const groupHeight = (rows: number): number =>
  GROUP.head + GROUP.pad + rows * (BOX.height + BOX.gap);

const frameSvg = ({ x, y }: Place, name: string, rows: number): string =>
  `<rect x="${x}" y="${y}" width="${BOX.width + 2 * GROUP.pad}" height="${groupHeight(rows)}" rx="8" fill="none" stroke="currentColor" stroke-dasharray="4 3" opacity="0.6"/>\n<text x="${x + GROUP.pad}" y="${y + 18}" font-weight="bold">${escaped(name)}</text>`;

const boxSvg = ({ x, y }: Place, name: string, detail: string): string =>
  `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="4" fill="none" stroke="currentColor"/>\n<text x="${x + 8}" y="${y + 18}">${escaped(name)}</text>\n<text x="${x + 8}" y="${y + 35}" opacity="0.7">${escaped(detail)}</text>`;

/** In one column the arrow bows out to the right; between columns it goes straight. */
function arrowSvg(from: Place, to: Place, port: number): string {
  const [y1, y2] = [from.y + BOX.height / 2, to.y + BOX.height / 2];
  const path =
    from.x === to.x
      ? `M${from.x + BOX.width} ${y1} C${from.x + BOX.width + 45} ${y1} ${to.x + BOX.width + 45} ${y2} ${to.x + BOX.width} ${y2}`
      : `M${from.x < to.x ? from.x + BOX.width : from.x} ${y1} L${from.x < to.x ? to.x : to.x + BOX.width} ${y2}`;
  return `<path d="${path}" fill="none" stroke="currentColor" marker-end="url(#tip)"><title>port ${port}</title></path>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

import { stackColumns } from './columns';
import { cellsOf, type GroupCell, startersFirst } from './inside';
import type { MapInventory, MapItem } from './inventory';
import { type LayerEdge, layersOf } from './layers';
import { type MapDirection, type MapSizes, onGrid } from './sizes';
import type { PictureArea } from './types';

/** The places of a map's boxes. */
export interface Arrangement {
  readonly areas: ReadonlyMap<string, PictureArea>;
  readonly width: number;
  readonly height: number;
}

/** What is arranged, and how. */
export interface ArrangeQuestion {
  readonly inventory: MapInventory;
  /** Edges of all stages, between ids of items or groups. */
  readonly edges: readonly LayerEdge[];
  readonly sizes: MapSizes;
  readonly direction: MapDirection;
}

/** A box of the upper arrangement: a group with its members' places in it, or a single item. */
interface Block {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly members: ReadonlyMap<string, PictureArea>;
}

/** Places groups and what is outside of them in columns, callers first. Positions depend on nothing else. */
export function arrange(question: ArrangeQuestion): Arrangement {
  const { inventory, edges, sizes, direction } = question;
  const blocks = [
    ...inventory.groups.map(({ id, items }) => groupBlock(id, items, question)),
    ...inventory.outside.map((item) => itemBlock(item, question)),
  ];
  const owner = new Map(
    blocks.flatMap(({ id, members }) => [id, ...members.keys()].map((one) => [one, id] as const)),
  );
  const upper = edges.flatMap(({ from, to }) => {
    const [a, b] = [owner.get(from), owner.get(to)];
    return a === undefined || b === undefined || a === b ? [] : [{ from, to, a, b }];
  });
  const columns = columnsOf(
    blocks,
    upper.map(({ a, b }) => ({ from: a, to: b })),
    question,
  );
  const across = (block: Block): number => (direction === 'right' ? block.height : block.width);
  const along = (block: Block): number => (direction === 'right' ? block.width : block.height);
  const byId = new Map(blocks.map((block) => [block.id, block]));
  // The middle of a group's members, not of the group: its title stands above them.
  const gate = direction === 'right' ? sizes.pad.top - sizes.pad.bottom : 0;
  const middle = (id: string): number => {
    const block = byId.get(owner.get(id) ?? '');
    const area = block?.members.get(id);
    if (block === undefined) return 0;
    if (area === undefined && block.members.size === 0) return across(block) / 2;
    if (area === undefined) return (gate + across(block)) / 2;
    return direction === 'right' ? area.y + area.height / 2 : area.x + area.width / 2;
  };
  const starts = stackColumns(
    columns.map((column) => column.map((block) => ({ id: block.id, size: across(block) }))),
    upper.map(({ from, to, a, b }) => {
      return { from: a, to: b, fromOffset: middle(from), toOffset: middle(to) };
    }),
    sizes.row,
  );
  const areas = new Map<string, PictureArea>();
  let begin = sizes.margin;
  for (const column of columns) {
    for (const block of column) {
      const side = sizes.margin + (starts.get(block.id) ?? 0);
      const place = direction === 'right' ? { x: begin, y: side } : { x: side, y: begin };
      putBlock(areas, block, place);
    }
    begin += onGrid(Math.max(0, ...column.map(along))) + sizes.gap + BETWEEN_GROUPS;
  }
  return { areas, ...extentOf(areas, sizes.margin) };
}

/** More place between groups: labels of several lines stand beside each other. */
const BETWEEN_GROUPS = 24;

function extentOf(areas: ReadonlyMap<string, PictureArea>, margin: number) {
  const all = [...areas.values()];
  return {
    width: Math.max(0, ...all.map(({ x, width }) => x + width)) + margin,
    height: Math.max(0, ...all.map(({ y, height }) => y + height)) + margin,
  };
}

function putBlock(
  areas: Map<string, PictureArea>,
  { id, width, height, members }: Block,
  { x, y }: { readonly x: number; readonly y: number },
): void {
  areas.set(id, { x, y, width, height });
  for (const [member, area] of members)
    areas.set(member, { ...area, x: x + area.x, y: y + area.y });
}

const itemBlock = ({ id, kind }: MapItem, { sizes }: ArrangeQuestion): Block => ({
  id,
  ...(kind === 'outside' ? sizes.pill : sizes.card),
  members: new Map(),
});

function groupBlock(
  id: string,
  items: readonly MapItem[],
  { edges, sizes, direction }: ArrangeQuestion,
): Block {
  const cells = cellsOf(
    items.map((item) => item.id),
    edges,
    direction === 'right' ? 4 : 2,
  );
  const { pad, gap, row } = sizes;
  const { width, height } = sizes.card;
  const place = ({ along, across }: GroupCell): PictureArea => {
    const [column, line] = direction === 'right' ? [along, across] : [across, along];
    const [side, under] = direction === 'right' ? [gap, row] : [row, gap];
    const x = pad.side + column * (width + side);
    return { x, y: pad.top + line * (height + under), width, height };
  };
  const members = new Map([...cells].map(([member, cell]) => [member, place(cell)] as const));
  const areas = [...members.values()];
  return {
    id,
    members,
    width: Math.max(width, ...areas.map((area) => area.x + area.width)) + pad.side,
    height: Math.max(pad.top, ...areas.map((area) => area.y + area.height)) + pad.bottom,
  };
}

/** Callers left; unconnected groups where the column is shortest; unconnected outside ends last. */
function columnsOf(
  blocks: readonly Block[],
  edges: readonly LayerEdge[],
  { inventory, direction }: ArrangeQuestion,
): readonly (readonly Block[])[] {
  const outside = new Set(
    inventory.outside.filter(({ kind }) => kind === 'outside').map(({ id }) => id),
  );
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const calls = new Set(edges.map(({ from }) => from));
  const bound = blocks.filter(({ id }) => linked.has(id));
  const layer = layersOf(
    startersFirst(
      bound.map(({ id }) => id),
      edges,
    ),
    edges,
  );
  const count = Math.max(1, ...[...layer.values()].map((one) => one + 1));
  const loose = blocks.filter(({ id }) => !linked.has(id));
  const isLast = ({ id }: Block): boolean => outside.has(id) && !calls.has(id);
  const columns: Block[][] = Array.from({ length: count }, () => []);
  for (const block of bound) {
    const own = isLast(block) ? count - 1 : (layer.get(block.id) ?? 0);
    columns[own]?.push(block);
  }
  const size = (column: readonly Block[]): number =>
    column.reduce((sum, one) => sum + (direction === 'right' ? one.height : one.width), 0);
  const spread = loose.filter((one) => !isLast(one));
  const isBare = bound.length === 0;
  const wide = isBare
    ? Math.min(MOST_COLUMNS, Math.max(1, Math.ceil(Math.sqrt(spread.length))))
    : count;
  while (columns.length < wide) columns.push([]);
  for (const block of spread) {
    const shortest = columns.reduce((best, one) => (size(one) < size(best) ? one : best));
    shortest.push(block);
  }
  const last = loose.filter(isLast);
  if (last.length > 0 && columns.length < 2) columns.push([]);
  columns.at(-1)?.push(...last);
  const most = direction === 'right' ? HIGHEST : WIDEST;
  return columns.flatMap((column) => split(column, most, (one) => size([one])));
}

/** A column may be so high, or in a map that runs down a row so wide, before it is split. */
const HIGHEST = 1400;
const WIDEST = 400;

function split(
  column: readonly Block[],
  most: number,
  size: (block: Block) => number,
): readonly (readonly Block[])[] {
  const total = column.reduce((sum, block) => sum + size(block), 0);
  const parts = Math.ceil(total / most);
  const result: Block[][] = [];
  let filled = Number.POSITIVE_INFINITY;
  for (const block of column) {
    if (filled + size(block) / 2 > total / parts) {
      result.push([]);
      filled = 0;
    }
    result.at(-1)?.push(block);
    filled += size(block);
  }
  return result;
}

/** Columns of groups that nothing connects. */
const MOST_COLUMNS = 4;

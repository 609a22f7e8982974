import type { Isolation } from '../model/isolation';
import type { BoxWall, StageDecisions } from './decisions';
import { namespaceId, workloadId } from './ends';
import type { MapItem } from './inventory';
import type { MapLayout } from './layout';
import { textAt } from './measure';
import type { MapDirection } from './sizes';
import type { PictureArea, PictureBox, PictureText, PictureWall } from './types';

/** What the boxes of a map are made from. */
export interface BoxQuestion {
  readonly layout: MapLayout;
  readonly isolation: readonly Isolation[];
  readonly now: StageDecisions;
  readonly before?: StageDecisions | undefined;
  /** Ids of what is there at this stage. */
  readonly present: ReadonlySet<string>;
  /** Items as they are at this stage. */
  readonly items: ReadonlyMap<string, MapItem>;
}

/** The boxes of a map, groups before their members. */
export function boxesOf(question: BoxQuestion): readonly PictureBox[] {
  const { layout, present } = question;
  const open = openBoxes(question.isolation, layout);
  const groups = layout.inventory.groups.flatMap(({ id, title, items }): PictureBox[] => {
    const area = layout.arrangement.areas.get(id);
    const members = items.filter((item) => present.has(item.id));
    if (area === undefined || members.length === 0) return [];
    return [
      groupBox(id, title, area, layout),
      ...members.flatMap((item) => itemBox(item.id, id, open, question)),
    ];
  });
  const outside = layout.inventory.outside
    .filter(({ id }) => present.has(id))
    .flatMap(({ id }) => itemBox(id, undefined, open, question));
  return [...groups, ...outside];
}

function groupBox(id: string, title: string, area: PictureArea, { sizes }: MapLayout): PictureBox {
  const place = { x: area.x + sizes.pad.side, y: area.y + Math.round(sizes.pad.top / 2) + 4 };
  const text = textAt(place, title, 'group', area.width - 2 * sizes.pad.side);
  return {
    ...area,
    id,
    kind: 'namespace',
    outline: 'plain',
    emphasis: 'normal',
    texts: [text],
    walls: [],
    about: `namespace ${title}`,
  };
}

function itemBox(
  id: string,
  parent: string | undefined,
  open: ReadonlySet<string>,
  { layout, now, before, items }: BoxQuestion,
): readonly PictureBox[] {
  const area = layout.arrangement.areas.get(id);
  const item = items.get(id);
  if (area === undefined || item === undefined) return [];
  const own = now.walls.get(id) ?? [];
  const then = before?.walls.get(id) ?? [];
  const wallOf = (wall: BoxWall, change: PictureWall['change']): PictureWall => ({
    ...wallArea(area, wall, change, layout.direction),
    ...wall,
    change,
  });
  const isNew = ({ direction }: BoxWall): boolean =>
    before !== undefined && !then.some((one) => one.direction === direction);
  const isGone = ({ direction }: BoxWall): boolean =>
    !own.some((one) => one.direction === direction);
  const isPlain = item.kind === 'outside' || item.kind === 'interface';
  return [
    {
      ...area,
      id,
      ...(parent === undefined ? {} : { parent }),
      kind: item.kind,
      outline: outlineOf(isPlain, open.has(id)),
      emphasis: 'normal',
      texts: textsOf(item, area, layout),
      walls: [
        ...own.map((wall) => wallOf(wall, isNew(wall) ? 'new' : 'same')),
        ...then.filter(isGone).map((wall) => wallOf(wall, 'removed')),
      ],
      about: [item.about, ...(isPlain ? [] : [wallsText(own, open.has(id))])].join('; '),
    },
  ];
}

function outlineOf(isPlain: boolean, isOpen: boolean): PictureBox['outline'] {
  if (isPlain) return 'plain';
  return isOpen ? 'open' : 'closed';
}

/** What the walls of a box say in words. */
function wallsText(walls: readonly BoxWall[], isOpen: boolean): string {
  if (isOpen) return 'no policy selects it';
  if (walls.length === 0) return 'not isolated';
  return walls
    .map(({ direction, by, kind }) => {
      const most = kind === 'hollow' ? ', which allow most flows' : '';
      return `isolated for ${direction} by ${by.join(', ')}${most}`;
    })
    .join('; ');
}

const THICK: Readonly<Record<PictureWall['change'], number>> = { same: 4, new: 6, removed: 4 };
/** Walls leave the rounded corners free. */
const CORNER = 8;

/** Ingress at the side that arrows come to, egress at the one they leave by. */
function wallArea(
  { x, y, width, height }: PictureArea,
  { direction }: BoxWall,
  change: PictureWall['change'],
  run: MapDirection,
): PictureArea {
  const thick = THICK[change];
  const isFar = direction === 'egress';
  if (run === 'right') {
    const middle = isFar ? x + width : x;
    return { x: middle - thick / 2, y: y + CORNER, width: thick, height: height - 2 * CORNER };
  }
  const middle = isFar ? y + height : y;
  return { x: x + CORNER, y: middle - thick / 2, width: width - 2 * CORNER, height: thick };
}

/** Boxes of which no pod is selected by a policy. */
function openBoxes(isolation: readonly Isolation[], { detail }: MapLayout): ReadonlySet<string> {
  const idOf = (one: Isolation): string =>
    detail === 'namespaces' ? namespaceId(one.namespace) : workloadId(one);
  const closed = new Set(isolation.filter(({ kind }) => kind !== 'open').map(idOf));
  return new Set(isolation.map(idOf).filter((id) => !closed.has(id)));
}

function textsOf(
  { kind, title, detail }: MapItem,
  { x, y, width, height }: PictureArea,
  { sizes }: MapLayout,
): readonly PictureText[] {
  if (kind === 'outside') {
    const at = (line: number) => ({ x: x + width / 2, y: y + line, anchor: 'middle' as const });
    const most = width - 32;
    if (detail === '') return [textAt(at(height / 2 + 5), title, 'title', most)];
    return [textAt(at(21), title, 'title', most), textAt(at(37), detail, 'mono', most)];
  }
  const left = x + sizes.pad.side - 4;
  const most = width - 2 * (sizes.pad.side - 4);
  const first = y + Math.round(height * 0.42);
  return [
    textAt({ x: left, y: first }, title, 'title', most),
    textAt({ x: left, y: first + 19 }, detail, 'detail', most),
  ];
}

import type { Flow } from '../model/flow';
import { type Arrangement, arrange } from './arrange';
import { bundle, withoutRoute } from './bundle';
import { decisionsOf } from './decisions';
import { createBoxOf, EVERY_POD, type MapDetail, type MapStage } from './ends';
import { everyPod, inventoryOf, type MapInventory, type MapItem } from './inventory';
import { labelWidth } from './labels';
import type { LayerEdge } from './layers';
import { linesOf, type MapLine } from './lines';
import { textWidth } from './measure';
import { COMPACT, type MapDirection, type MapSizes, onGrid, ROOMY } from './sizes';

/** Where a map's boxes stand: made once for all stages, so that nothing moves between them. */
export interface MapLayout {
  readonly detail: MapDetail;
  readonly direction: MapDirection;
  readonly sizes: MapSizes;
  readonly inventory: MapInventory;
  readonly arrangement: Arrangement;
}

/** How a layout is made. */
export interface LayoutOptions {
  /** @default `right` */
  readonly direction?: MapDirection;
  /** Small cards, for narrow places. @default by the number of workloads and lines */
  readonly compact?: boolean;
  /** @default a box a workload, up to 40 workloads and 40 lines; then a box a namespace */
  readonly detail?: MapDetail;
  /** Calls that the network is for: they place boxes where no stage draws a line. */
  readonly calls?: readonly Pick<Flow, 'from' | 'to'>[];
}

/** Level of detail: up to so many workloads and lines, each is drawn. */
const MOST_ROOMY = 24;
const MOST_WORKLOADS = 40;

/** Lays a topology out from all its stages. The same stages give the same places. */
export function layoutOf(stages: readonly MapStage[], options: LayoutOptions = {}): MapLayout {
  const workloads = inventoryOf(stages, 'workloads');
  const count = workloads.groups.reduce((sum, { items }) => sum + items.length, 0);
  const lines = count > MOST_WORKLOADS ? [] : allLines(stages, 'workloads', workloads);
  const isMany = count > MOST_WORKLOADS || lines.length > 2 * MOST_WORKLOADS;
  const detail = options.detail ?? (isMany ? 'namespaces' : 'workloads');
  const isTight = count > MOST_ROOMY || lines.length > MOST_ROOMY;
  const sizes = (options.compact ?? isTight) ? COMPACT : ROOMY;
  const bare = detail === 'workloads' ? workloads : inventoryOf(stages, detail);
  const own = detail === 'workloads' ? lines : allLines(stages, detail, bare);
  const inventory = withEveryPod(bare, own, stages);
  const direction = options.direction ?? 'right';
  const fitted = fitBoxes(inventory, fitGap(sizes, own, direction));
  const edges = [...own, ...callEdges(stages, options.calls ?? [], detail)];
  const arrangement = arrange({ inventory, edges, sizes: fitted, direction });
  return { detail, direction, sizes: fitted, inventory, arrangement };
}

/** The box of every pod, where a stage has a line from it. */
function withEveryPod(
  inventory: MapInventory,
  lines: readonly MapLine[],
  stages: readonly MapStage[],
): MapInventory {
  if (!lines.some(({ from, to }) => from === EVERY_POD || to === EVERY_POD)) return inventory;
  const pods = stages.at(-1)?.world.pods.length ?? 0;
  return { ...inventory, outside: [everyPod(pods), ...inventory.outside] };
}

/** Lines of every stage and of every change from one to the next. */
function allLines(
  stages: readonly MapStage[],
  detail: MapDetail,
  inventory: MapInventory,
): readonly MapLine[] {
  const decided = stages.map((stage) => decisionsOf(stage, detail));
  const groups = groupsOf(inventory);
  const lines = decided.flatMap((now, i) =>
    bundle(withoutRoute(linesOf(now, decided[i - 1]), now.pairs, groups), groups),
  );
  return [...new Map(lines.map((line) => [`${line.from} ${line.to}`, line])).values()];
}

export const groupsOf = ({ groups }: MapInventory): ReadonlyMap<string, readonly string[]> =>
  new Map(groups.map(({ id, items }) => [id, items.map((item) => item.id)]));

/** Calls as edges between boxes; their order counts, since the first ones are kept in a cycle. */
function callEdges(
  stages: readonly MapStage[],
  calls: readonly Pick<Flow, 'from' | 'to'>[],
  detail: MapDetail,
): readonly LayerEdge[] {
  const boxOf = createBoxOf(
    stages.map(({ world }) => world),
    detail,
  );
  const workloads = new Map(
    stages.flatMap(({ world }) =>
      world.pods.map((pod) => {
        return [`${pod.namespace}/${pod.name}`, `${pod.namespace}/${pod.workload}`] as const;
      }),
    ),
  );
  const idOf = (end: Flow['from']): string =>
    boxOf(end, end.kind === 'pod' ? (workloads.get(`${end.namespace}/${end.name}`) ?? '') : '');
  return calls.map(({ from, to }) => ({ from: idOf(from), to: idOf(to) }));
}

/** A gap that the widest label fits into with its line on both sides. */
function fitGap(sizes: MapSizes, lines: readonly MapLine[], direction: MapDirection): MapSizes {
  if (direction === 'down') return { ...sizes, gap: 72 };
  const widest = Math.max(0, ...lines.map(({ ports }) => labelWidth(ports, 'plus')));
  return { ...sizes, gap: Math.max(sizes.gap, onGrid(Math.min(widest, 200) + 24)) };
}

const WIDEST_CARD = 288;

const widestOf = (items: readonly MapItem[]): number =>
  Math.max(
    0,
    ...items.flatMap(({ title, detail }) => [
      textWidth(title, 'title'),
      textWidth(detail, 'mono'),
      textWidth(detail, 'detail'),
    ]),
  );

/** Cards and pills as wide as their longest name needs, up to a limit. */
function fitBoxes({ groups, outside }: MapInventory, sizes: MapSizes): MapSizes {
  const { card, pill, pad } = sizes;
  const pills = outside.filter(({ kind }) => kind === 'outside');
  const cards = [
    ...groups.flatMap(({ items }) => items),
    ...outside.filter((one) => !pills.includes(one)),
  ];
  const fitted = (least: number, wanted: number): number =>
    Math.min(WIDEST_CARD, Math.max(least, onGrid(wanted)));
  return {
    ...sizes,
    card: { ...card, width: fitted(card.width, widestOf(cards) + 2 * (pad.side - 4)) },
    pill: { ...pill, width: fitted(pill.width, widestOf(pills) + 40) },
  };
}

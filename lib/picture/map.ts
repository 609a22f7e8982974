import type { Flow } from '../model/flow';
import { boxesOf } from './boxes';
import { bundle, withoutRoute } from './bundle';
import { decisionsOf, type StageDecisions } from './decisions';
import { createBoxOf, type MapStage } from './ends';
import { everyPod, inventoryOf, type MapItem } from './inventory';
import { placeLabels } from './labels';
import { groupsOf, layoutOf, type MapLayout } from './layout';
import { legendOf } from './legend';
import { linesOf, type MapLine } from './lines';
import { quieted } from './quiet';
import type { RouteRequest } from './routes';
import { routeAll } from './routes';
import { textArea } from './text-area';
import type { EdgeLabel, EdgeState, Picture, PictureBox, PictureEdge } from './types';

/** How a stage is drawn. */
export interface MapOptions {
  /** Where boxes stand. @default laid out for this stage and the one before alone */
  readonly layout?: MapLayout;
  /** What the stage is compared with: what opened and closed is drawn as such. */
  readonly before?: MapStage;
  /** @default `Network map` */
  readonly title?: string;
  /** Id of a box: its lines stay, the others go quiet. */
  readonly chosen?: string;
  /** Flows of checks that failed: they are lit, everything else goes quiet. */
  readonly failed?: readonly Flow[];
}

/** Draws one stage of a network as a map: boxes, and the lines that rules decide. */
export function pictureOf(stage: MapStage, options: MapOptions = {}): Picture {
  const { before } = options;
  const layout = options.layout ?? layoutOf(before === undefined ? [stage] : [before, stage]);
  const now = decisionsOf(stage, layout.detail);
  const then = before && decisionsOf(before, layout.detail);
  const items = itemsAt(stage, layout);
  const present = new Set(items.keys());
  const boxes = boxesOf({
    layout,
    now,
    before: then,
    isolation: stage.isolation,
    items,
    present,
  });
  const isHere = ({ from, to }: MapLine): boolean =>
    boxes.some(({ id }) => id === from) && boxes.some(({ id }) => id === to);
  const groups = groupsOf(layout.inventory);
  const here = new Map(
    [...groups].map(([id, members]) => [id, members.filter((one) => present.has(one))]),
  );
  const lines = [
    ...bundle(withoutRoute(linesOf(now, then), now.pairs, here), here).filter(isHere),
    ...failedLines(stage, options.failed ?? [], layout).filter(isHere),
  ];
  const shown = shownLines(lines, options.chosen);
  const edges = edgesOf(shown, boxes, layout);
  const picture: Picture = {
    title: options.title ?? 'Network map',
    about: `${aboutOf(now, lines, then !== undefined)}${leftOutText(lines.length - shown.length)}`,
    width: layout.arrangement.width,
    height: layout.arrangement.height,
    boxes,
    edges,
    marks: [],
    legend: [],
  };
  return legendOf(quieted(picture, options.chosen));
}

/** More lines than that cannot be told apart: then only those of the chosen box are drawn. */
const MOST_LINES = 60;

const shownLines = (lines: readonly MapLine[], chosen: string | undefined): readonly MapLine[] =>
  lines.length <= MOST_LINES
    ? lines
    : lines.filter(({ from, to, state }) => from === chosen || to === chosen || state === 'failed');

const leftOutText = (count: number): string =>
  count === 0 ? '' : ` ${count} lines are not drawn: choose a box to see its own.`;

function itemsAt(stage: MapStage, { detail }: MapLayout): ReadonlyMap<string, MapItem> {
  const { groups, outside } = inventoryOf([stage], detail);
  const every = everyPod(stage.world.pods.length);
  const all = [...groups.flatMap(({ items }) => items), ...outside, every];
  return new Map(all.map((item) => [item.id, item]));
}

function failedLines(
  stage: MapStage,
  failed: readonly Flow[],
  { detail }: MapLayout,
): readonly MapLine[] {
  const boxOf = createBoxOf([stage.world], detail);
  const workloadOf = (end: Flow['from']): string => {
    if (end.kind !== 'pod') return '';
    const pod = stage.world.pods.find(
      ({ namespace, name }) => namespace === end.namespace && name === end.name,
    );
    return pod === undefined ? '' : `${pod.namespace}/${pod.workload}`;
  };
  return failed.map((flow) => ({
    from: boxOf(flow.from, workloadOf(flow.from)),
    to: boxOf(flow.to, workloadOf(flow.to)),
    state: 'failed',
    ports: flow.port === undefined ? flow.protocol : `${flow.port}`,
    flows: 1,
    examples: [flow],
  }));
}

const MARKS: Partial<Record<EdgeState, NonNullable<EdgeLabel['mark']>>> = {
  opened: 'plus',
  closed: 'cross',
  denies: 'cross',
  'no-route': 'bar',
  unknown: 'question',
  some: 'half',
};

function edgesOf(
  lines: readonly MapLine[],
  boxes: readonly PictureBox[],
  layout: MapLayout,
): readonly PictureEdge[] {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const named = lines.map((line) => ({
    line,
    id: `${line.from} ${line.to} ${line.state} ${line.ports}`,
  }));
  const requests = named.flatMap(({ line, id }) => requestOf(line, id, byId));
  const { direction, arrangement } = layout;
  const leaves = boxes.filter(({ kind }) => kind !== 'namespace' || layout.detail === 'namespaces');
  const titles = boxes.flatMap(({ texts, kind }) =>
    kind === 'namespace' ? texts.map(textArea) : [],
  );
  const routes = routeAll({ ...arrangement, boxes: leaves, titles, direction }, requests);
  const labels = placeLabels(
    named.flatMap(({ line, id }) => {
      const points = routes.get(id);
      const mark = MARKS[line.state];
      if (points === undefined) return [];
      return [{ id, text: line.ports, points, ...(mark === undefined ? {} : { mark }) }];
    }),
    { ...arrangement, taken: [...leaves, ...titles] },
  );
  return named.flatMap(({ line, id }): PictureEdge[] => {
    const points = routes.get(id);
    if (points === undefined) return [];
    const label = labels.get(id);
    const { from, to, state, examples } = line;
    const about = `${nameOf(byId, from)} to ${nameOf(byId, to)}, ${line.ports}: ${WORDS[state]}`;
    const edge = { id, from, to, state, emphasis: 'normal' as const, points, about, examples };
    return [label === undefined ? edge : { ...edge, label }];
  });
}

/** The full name of a box, since two namespaces may have equal names. */
const nameOf = (boxes: ReadonlyMap<string, PictureBox>, id: string): string =>
  id.startsWith('workload:')
    ? id.replace(/^workload:([^/]+)\/[^/]+\//, '$1/')
    : (boxes.get(id)?.texts[0]?.text ?? id);

/** The states of edges in words. */
const WORDS: Readonly<Record<EdgeState, string>> = {
  allows: 'allowed by a rule',
  opened: 'opened',
  closed: 'closed',
  denies: 'denied',
  'no-route': 'no route',
  unknown: 'unknown',
  some: 'allowed for some replicas',
  failed: 'a check failed',
  there: 'there',
  back: 'back',
  unreached: 'not reached',
  link: 'link',
};

function requestOf(
  { from, to }: MapLine,
  id: string,
  boxes: ReadonlyMap<string, PictureBox>,
): readonly RouteRequest[] {
  const [a, b] = [boxes.get(from), boxes.get(to)];
  if (a === undefined || b === undefined) return [];
  const walledFor = (box: PictureBox, direction: 'egress' | 'ingress'): boolean =>
    box.walls.some((wall) => wall.direction === direction && wall.change !== 'removed');
  const own = new Set([a.parent, b.parent]);
  const foreign = [...boxes.values()].filter((box) => box.kind === 'namespace' && !own.has(box.id));
  return [
    {
      id,
      from: { area: a, direction: 'egress', walled: walledFor(a, 'egress') },
      to: { area: b, direction: 'ingress', walled: walledFor(b, 'ingress') },
      foreign,
    },
  ];
}

/** The picture in a sentence or two, for one who does not see it. */
function aboutOf(now: StageDecisions, lines: readonly MapLine[], isCompared: boolean): string {
  const flows = now.pairs.reduce((sum, pair) => sum + pair.flows, 0);
  const open = now.pairs.reduce((sum, { counts }) => sum + counts.allowed, 0);
  const unknown = now.pairs.reduce((sum, { counts }) => sum + counts.unknown, 0);
  const count = (state: EdgeState): number => lines.filter((line) => line.state === state).length;
  const doubt = unknown === 0 ? '' : ` ${unknown} are unknown.`;
  const first = `${open} of ${flows} flows are allowed.${doubt}`;
  if (!isCompared) return first;
  return `${first} Against the stage before: ${count('opened')} opened, ${count('closed')} closed.`;
}

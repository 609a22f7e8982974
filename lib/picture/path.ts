import type { Decision, Explanation } from '../model/explanation';
import { formatEnd } from '../model/flow';
import type { World } from '../model/world';
import { networkGrid } from './grid-boxes';
import { hopRows, stopCaption } from './hop-rows';
import { overlap } from './labels';
import { legendOf } from './legend';
import { textAt, textWidth } from './measure';
import { segmentsOf, straightened } from './routes';
import { createBoxId, stationsOf } from './stations';
import { textArea } from './text-area';
import type { EdgeState, Picture, PictureBox, PictureEdge, PictureMark } from './types';
import { createLanes, lineBetween, type PlacedStation, placeStations } from './way-lines';

/** How a way is drawn. */
export interface PathOptions {
  /** @default the ends of the flow */
  readonly title?: string;
  /** A hop, by its number from 1: its device is framed. */
  readonly step?: number;
}

/**
 * Draws one flow hop by hop, there and back, through the network it is in. Where it is refused the line
 * ends with a sign, and what is not reached is dotted.
 */
export function pathPictureOf(
  world: World,
  explanation: Explanation,
  options: PathOptions = {},
): Picture {
  const { flow, trace } = explanation;
  const boxId = createBoxId(world);
  const hops = [...trace.forward, ...trace.return, ...(trace.unreached ?? [])];
  const ids = new Set(hops.map(boxId));
  const known = new Set(networkGrid(world, ids, []).boxes.map(({ id }) => id));
  const grid = networkGrid(
    world,
    ids,
    [...ids].filter((id) => !known.has(id)),
  );
  const boxes = new Map(grid.boxes.map((box) => [box.id, box]));
  const stations = placeStations(stationsOf(trace, boxes, boxId), boxes);
  const stop = stopOf(stations);
  const shown = stop === undefined ? [] : stopMarks(stop, boxes);
  const edges = wayEdges(stations, stop, grid.channels);
  const marks = [
    ...edges.flatMap(directionMark),
    ...stations.flatMap((one) => badge(one, stop, options)),
    ...shown,
  ];
  const port = flow.port === undefined ? flow.protocol : `${flow.protocol} ${flow.port}`;
  const picture: Picture = {
    title: options.title ?? `${formatEnd(flow.from)} to ${formatEnd(flow.to)}, ${port}`,
    about: aboutOf(explanation, stop),
    width: grid.width,
    height: grid.height,
    boxes: grid.boxes.map((box) => drawnBox(box, stations, shown, options)),
    edges,
    marks,
    legend: [],
    rows: hopRows(stations.filter(({ isBetween }) => !isBetween)),
  };
  return legendOf(picture);
}

const VERDICTS = {
  allowed: 'Allowed',
  denied: 'Denied',
  'no-route': 'No route',
  unknown: 'Unknown',
} as const;

/** An allowed flow is explained by its rows; of others the reason stands first. */
function aboutOf({ verdict, by }: Explanation, stop: Stop | undefined): string {
  const verdictText = `${VERDICTS[verdict]}${whereText(stop, verdict)}`;
  const rules = by.length === 1 ? '1 rule allows it' : `${by.length} rules and defaults allow it`;
  if (verdict === 'allowed') return `${verdictText}: ${rules}`;
  return `${verdictText}: ${by.map(({ because }) => because).join('; ')}`;
}

const whereText = (stop: Stop | undefined, verdict: Explanation['verdict']): string => {
  if (stop === undefined) return verdict === 'allowed' ? ', there and back' : '';
  return stop.station.way === 'there' ? ' on the way there' : ' on the way back';
};

/** Where a way ends, or where it is not known whether it goes on, and what decided. */
interface Stop {
  readonly station: PlacedStation;
  readonly decision: Decision;
}

const STOPS: readonly Decision['kind'][] = ['denied', 'no-route', 'unknown'];

function stopOf(stations: readonly PlacedStation[]): Stop | undefined {
  const stops = stations
    .filter(({ isReached }) => isReached)
    .flatMap((station): Stop[] => {
      const decision = station.hop.decisions.find(({ kind }) => STOPS.includes(kind));
      return decision === undefined ? [] : [{ station, decision }];
    });
  return stops.find(({ decision }) => decision.kind !== 'unknown') ?? stops[0];
}

/** Emphasis for what the way passes; texts that a caption lies on give way to it. */
function drawnBox(
  box: PictureBox,
  stations: readonly PlacedStation[],
  shown: readonly PictureMark[],
  { step }: PathOptions,
): PictureBox {
  const own = stations.filter((one) => one.box.id === box.id);
  const ground = ['vpc', 'zone', 'router'].includes(box.kind);
  const isHolder = stations.some((one) => one.box.parent === box.id);
  const isChosen = own.some((one) => one.step === step);
  const caption = shown.find(({ kind, of }) => kind === 'caption' && of === box.id);
  const area = caption && {
    x: caption.x - caption.radius,
    y: caption.y - 10,
    width: 2 * caption.radius,
    height: 20,
  };
  const texts = box.texts.filter((text, i) => {
    if (i === 0 || area === undefined) return true;
    const { anchor, width, x } = text;
    const left = anchor === 'end' ? x - width : x;
    return !overlap(textArea({ ...text, x: left }), area, 2);
  });
  if (isChosen) return { ...box, texts, emphasis: 'chosen' };
  return { ...box, texts, emphasis: ground || isHolder || own.length > 0 ? 'normal' : 'quiet' };
}

function wayEdges(
  stations: readonly PlacedStation[],
  stop: Stop | undefined,
  channels: Parameters<typeof lineBetween>[2],
): readonly PictureEdge[] {
  const lane = createLanes(channels);
  const doubt = stop?.decision.kind === 'unknown' ? stop.station.step : undefined;
  const edges: PictureEdge[] = [];
  stations.forEach((to, i) => {
    const from = stations[i - 1];
    if (from === undefined || from.way !== to.way) return;
    const state = stateOf(from, to, doubt);
    const line = lineBetween(from, to, channels, lane);
    const last = edges.at(-1);
    const [end] = line;
    const tail = last?.points.at(-1);
    if (last?.state === state && tail?.x === end?.x && tail?.y === end?.y) {
      edges[edges.length - 1] = {
        ...last,
        to: to.box.id,
        points: straightened([...last.points, ...line.slice(1)]),
      };
      return;
    }
    edges.push({
      id: `${to.way} ${from.step}`,
      from: from.box.id,
      to: to.box.id,
      state,
      emphasis: 'normal',
      points: line,
      about: `${to.way}, from hop ${from.step}`,
      examples: [],
    });
  });
  return edges;
}

function stateOf(from: PlacedStation, to: PlacedStation, doubt: number | undefined): EdgeState {
  if (!to.isReached) return 'unreached';
  return doubt !== undefined && from.step >= doubt ? 'unknown' : to.way;
}

/** An arrow in the middle of the longest part of a line. */
function directionMark({ id, state, points }: PictureEdge): readonly PictureMark[] {
  if (state === 'unreached') return [];
  const length = ([a, b]: ReturnType<typeof segmentsOf>[number]): number =>
    Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
  const [longest] = segmentsOf(points).toSorted((a, b) => length(b) - length(a));
  if (longest === undefined || length(longest) < 40) return [];
  const [a, b] = longest;
  const angle = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
  return [
    {
      id: `direction ${id}`,
      kind: 'direction',
      x: a.x + (b.x - a.x) * 0.62,
      y: a.y + (b.y - a.y) * 0.62,
      radius: 5,
      angle,
      state: 'reached',
      of: id,
      about: '',
    },
  ];
}

const BADGE = 8;

function badge(
  station: PlacedStation,
  stop: Stop | undefined,
  { step }: PathOptions,
): readonly PictureMark[] {
  if (station === stop?.station || station.isBetween) return [];
  const { at, box, hop, isReached } = station;
  const number = textAt({ x: at.x, y: at.y + 3.5, anchor: 'middle' }, `${station.step}`, 'badge');
  const reached = step === station.step ? 'chosen' : 'reached';
  return [
    {
      id: `hop ${station.step}`,
      kind: 'hop',
      ...at,
      radius: BADGE,
      text: number,
      step: station.step,
      state: isReached ? reached : 'unreached',
      of: box.id,
      about: `hop ${station.step}: ${hop.device}`,
    },
  ];
}

const STOP_RADIUS = 11;

function stopMarks(
  { station, decision }: Stop,
  boxes: ReadonlyMap<string, PictureBox>,
): readonly PictureMark[] {
  const { at, step, hop, box } = station;
  const kind =
    decision.kind === 'no-route' || decision.kind === 'unknown' ? decision.kind : 'denied';
  const about = `hop ${step}, ${hop.device}: ${decision.evidence.because}`;
  const sign: PictureMark = {
    id: `stop ${step}`,
    kind,
    ...at,
    radius: STOP_RADIUS,
    step,
    state: 'stop',
    of: box.id,
    about,
  };
  const holder = ['pod', 'interface', 'balancer'].includes(box.kind)
    ? boxes.get(box.parent ?? '')
    : box;
  if (holder === undefined || (holder.kind !== 'subnet' && holder.kind !== 'node')) return [sign];
  const text = stopCaption(decision);
  const half = textWidth(text, 'caption') / 2 + 10;
  const x = holder.x + holder.width - half - 10;
  const [title] = holder.texts;
  if (title !== undefined && title.x + title.width + 6 > x - half) return [sign];
  const y = holder.y + 20;
  const written = textAt({ x, y: y + 4, anchor: 'middle' }, text, 'caption');
  const caption = { id: `caption ${step}`, kind: 'caption', x, y, radius: half } as const;
  return [sign, { ...caption, text: written, state: 'stop', of: holder.id, about }];
}

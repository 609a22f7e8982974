import { GATEWAY_LANES, type GridChannels } from './grid-boxes';
import { straightened } from './routes';
import type { Station } from './stations';
import type { PictureBox, PicturePoint } from './types';

/** A station with the point that its badge is at. */
export interface PlacedStation extends Station {
  readonly at: PicturePoint;
  /** Corners between the badge and the place that the line leaves by: back through a NAT gateway. */
  readonly turn?: readonly PicturePoint[];
}

/** Lines there and back run side by side: so far from the middle of a large box, and of a socket. */
const APART = 9;
const SOCKET_LANES = [26, 38, 62, 50] as const;
/** Where a load balancer itself is, between the lanes in and out. */
const BALANCER_LANES = [32, 56] as const;
/** Badges of one box stand apart, each further from its border than the one before. */
const INSET = 22;

/** The places of the stations of a way, each at the border of its box that the line leaves by. */
export function placeStations(
  stations: readonly Station[],
  boxes: ReadonlyMap<string, PictureBox>,
): readonly PlacedStation[] {
  const sockets = socketsBySubnet(stations, boxes);
  return stations.map((station, i): PlacedStation => {
    const { box, way, visit, hop } = station;
    const turn = Math.min(visit, 1);
    const lane = way === 'there' ? turn : 2 + turn;
    const shift = way === 'there' ? -APART : APART;
    const middle = { x: box.x + box.width, y: box.y + box.height / 2 + shift };
    if (box.kind === 'balancer' && hop.device.startsWith('load balancer')) {
      const y = box.y + (way === 'there' ? BALANCER_LANES[0] : BALANCER_LANES[1]);
      return { ...station, at: { x: box.x + 16, y } };
    }
    if (isSocket(box, boxes)) {
      return { ...station, at: { x: box.x + box.width, y: socketLane(box, lane, way) } };
    }
    if (box.kind === 'subnet') {
      const socket = sockets.get(box.id);
      const y = socket === undefined ? middle.y : socketLane(socket, lane, way);
      const x = box.x + box.width - INSET * lane;
      const isNat = socket?.kind === 'gateway' && way === 'back';
      return { ...station, at: { x, y }, ...(isNat ? { turn: turnIn(socket, box, y) } : {}) };
    }
    if (box.kind === 'node') {
      const pod = podBeside(stations, i);
      const y = pod === undefined ? box.y + 20 + shift : pod.y + pod.height / 2 + shift;
      return { ...station, at: { x: box.x + box.width, y } };
    }
    if (box.kind === 'pod') return { ...station, at: middle };
    if (box.kind === 'outside') return { ...station, at: { x: box.x, y: middle.y } };
    const y = box.y + GATEWAY_LANES + shift;
    return { ...station, at: { x: box.x + box.width / 2, y } };
  });
}

function turnIn(socket: PictureBox, subnet: PictureBox, y: number): readonly PicturePoint[] {
  const x = socket.x + 14;
  const out = socket.y + (SOCKET_LANES[3] ?? 50);
  return [
    { x, y },
    { x, y: out },
    { x: subnet.x + subnet.width, y: out },
  ];
}

/** An interface, a load balancer or a NAT gateway that stands in a subnet. */
const isSocket = (box: PictureBox, boxes: ReadonlyMap<string, PictureBox>): boolean =>
  boxes.get(box.parent ?? '')?.kind === 'subnet';

function socketLane({ y, height }: PictureBox, lane: number, way: Station['way']): number {
  if (height < 60) return y + (way === 'there' ? 26 : 38);
  return y + (SOCKET_LANES[lane] ?? 26);
}

/** The socket of each subnet that the way passes. */
function socketsBySubnet(
  stations: readonly Station[],
  boxes: ReadonlyMap<string, PictureBox>,
): ReadonlyMap<string, PictureBox> {
  return new Map(
    stations.flatMap(({ box }) =>
      isSocket(box, boxes) && box.parent !== undefined ? [[box.parent, box] as const] : [],
    ),
  );
}

/** The pod before or behind a node on the same way. */
function podBeside(stations: readonly Station[], i: number): PictureBox | undefined {
  const own = stations[i];
  return [stations[i - 1], stations[i + 1]].find(
    (one) => one?.way === own?.way && one?.box.kind === 'pod' && one.box.parent === own?.box.id,
  )?.box;
}

/** Takes a free lane of a channel, from its middle outwards. */
export type TakeLane = (channel: keyof GridChannels) => number;

const PARTS = [0.6, 0.35, 0.78, 0.18, 0.5, 0.9, 0.08, 0.7, 0.27] as const;

export function createLanes(channels: GridChannels): TakeLane {
  const used = { corridor: 0, router: 0, outside: 0 };
  return (channel) => {
    const [left, right] = channels[channel];
    const part = PARTS[used[channel] % PARTS.length] ?? 0.5;
    used[channel] += 1;
    return Math.round(left + (right - left) * part);
  };
}

/** The corners of the line from one station to the next. */
export function lineBetween(
  a: PlacedStation,
  b: PlacedStation,
  channels: GridChannels,
  lane: TakeLane,
): readonly PicturePoint[] {
  const [last] = a.turn?.slice(-1) ?? [];
  if (a.turn !== undefined && last !== undefined) {
    const { turn, ...rest } = a;
    const onward = lineBetween({ ...rest, at: last }, b, channels, lane);
    return straightened([a.at, ...turn, ...onward.slice(1)]);
  }
  if (isTurn(a, b)) {
    const x = a.box.x + 14;
    return [a.at, { x, y: a.at.y }, { x, y: b.at.y }, b.at];
  }
  if (a.at.y === b.at.y) return [a.at, b.at];
  const isInside = a.box.parent === b.box.id || b.box.parent === a.box.id || a.box.id === b.box.id;
  if (isInside && a.at.x < b.at.x) return [a.at, { x: a.at.x, y: b.at.y }, b.at];
  if (isInside) return [a.at, { x: b.at.x, y: a.at.y }, b.at];
  const x = lane(channelOf(a.at, b.at, channels));
  const isReturning = a.box.kind === 'gateway' && b.at.x < a.at.x;
  const y = isReturning ? a.at.y + 6 : a.at.y;
  const turned = straightened([a.at, { x: a.at.x, y }, { x, y }, { x, y: b.at.y }, b.at]);
  return turned;
}

/** In at a NAT gateway and out again by the same side. */
const isTurn = (a: PlacedStation, b: PlacedStation): boolean =>
  a.box.kind === 'gateway' && a.box.parent === b.box.id;

/** Between a node and its subnet the corridor, between networks and hosts the space, else the router. */
function channelOf(a: PicturePoint, b: PicturePoint, { corridor, router }: GridChannels) {
  const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
  if (left >= router[1]) return 'outside';
  if (left <= corridor[0] && right <= router[0] && right > corridor[0]) return 'corridor';
  return 'router';
}

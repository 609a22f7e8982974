import type { World } from '../model/world';
import { outsideId } from './ends';
import { gridBox } from './grid-draft';
import { type GridNetwork, gridItems } from './grid-items';
import { type GridColumns, MARGIN, NODE, SUBNET, ZONE, zoneBoxes } from './grid-zone';
import { textAt } from './measure';
import type { PictureBox } from './types';

/** The columns that lines of a way change their height in. */
export interface GridChannels {
  /** Between nodes and subnets of a network. */
  readonly corridor: readonly [left: number, right: number];
  /** The router of a network. */
  readonly router: readonly [left: number, right: number];
  /** Between networks and what is outside. */
  readonly outside: readonly [left: number, right: number];
}

/** A world as a grid of zones and tiers, with the columns that ways run in. */
export interface NetworkGrid {
  readonly boxes: readonly PictureBox[];
  readonly channels: GridChannels;
  readonly width: number;
  readonly height: number;
}

const ROUTER = 64;
const GATEWAY = { width: 136, height: 64 } as const;
const SPACE = 56;
/** Ways pass a gateway below its name, so far from its top. */
export const GATEWAY_LANES = 42;

/** Lays a world out as a fixed grid: the same in every stage of a topology. */
export function networkGrid(
  world: World,
  keep: ReadonlySet<string>,
  extra: readonly string[],
): NetworkGrid {
  const networks = gridItems(world, keep);
  const hasSubnets = networks.some(({ zones }) => zones.some(({ subnets }) => subnets.length > 0));
  const nodesLeft = MARGIN + 2 * ZONE.pad;
  const corridor = [nodesLeft + NODE.width, nodesLeft + NODE.width + SPACE] as const;
  const subnetsRight = corridor[1] + (hasSubnets ? SUBNET.width : 0);
  const router = [subnetsRight + ZONE.pad + 24, subnetsRight + ZONE.pad + 24 + ROUTER] as const;
  const gateways = router[1] + 24;
  const hasGateways = networks.some((one) => one.gateways.length > 0);
  const right = hasGateways ? gateways + GATEWAY.width + ZONE.pad : router[1] + ZONE.pad;
  const columns = { nodesLeft, corridor, router, gateways, right, hasSubnets };
  let top = MARGIN;
  const boxes: PictureBox[] = [];
  for (const network of networks) {
    const made = networkBoxes(network, columns, top);
    boxes.push(...made.boxes);
    top = made.bottom + 24;
  }
  const outside = [right + SPACE, right + SPACE + 184] as const;
  const door = boxes.find(({ id }) => id.startsWith('internet-gateway:'));
  const level = door === undefined ? (MARGIN + top) / 2 : door.y + GATEWAY_LANES;
  const pills = outsideBoxes(world, extra, outside, level);
  const bottom = Math.max(top, ...pills.map(({ y, height }) => y + height + 24));
  const channels = { corridor, router, outside: [right, outside[0]] as const };
  return { boxes: [...boxes, ...pills], channels, width: outside[1] + MARGIN, height: bottom };
}

function networkBoxes(network: GridNetwork, columns: GridColumns, top: number) {
  const { id, title, detail, zones, gateways, isVpc } = network;
  const boxes: PictureBox[] = [];
  const first = top + 48;
  let y = first;
  for (const zone of zones) {
    const made = zoneBoxes(zone, id, columns, y);
    boxes.push(...made);
    y += (made[0]?.height ?? 0) + ZONE.gap;
  }
  const bottom = Math.max(y, first + gateways.length * (GATEWAY.height + ZONE.gap));
  const height = bottom - top;
  const x = columns.router[0];
  const name = isVpc ? 'VPC router' : 'network';
  const router = gridBox({
    x,
    y: first,
    width: ROUTER,
    height: bottom - ZONE.gap - first,
    id: `router:${id}`,
    kind: 'router',
    parent: id,
    texts: [],
    about: `${name} of ${title}`,
  });
  const begin =
    first + Math.max(0, (bottom - first - gateways.length * (GATEWAY.height + ZONE.gap)) / 2);
  const doors = gateways.map((door, i) => {
    const area = {
      ...GATEWAY,
      x: columns.gateways,
      y: Math.round(begin + i * (GATEWAY.height + ZONE.gap)),
    };
    const middle = { x: area.x + area.width / 2, y: area.y + 19, anchor: 'middle' as const };
    const texts = [textAt(middle, door.title, 'detail', area.width - 12)];
    return gridBox({ ...area, id: door.id, kind: door.kind, parent: id, texts, about: door.about });
  });
  const heading = textAt({ x: MARGIN + ZONE.pad, y: top + 30 }, title, 'group', 240);
  const caption = textAt({ x: x + ROUTER / 2, y: top + 38, anchor: 'middle' }, name, 'detail');
  const addresses = textAt(
    { x: heading.x + heading.width + 12, y: top + 30 },
    detail,
    'mono',
    x - heading.x - heading.width - 40,
  );
  const frame = gridBox({
    x: MARGIN,
    y: top,
    width: columns.right - MARGIN,
    height,
    id,
    kind: 'vpc',
    texts: [heading, addresses, caption],
    about: `${isVpc ? 'VPC' : 'network'} ${title}, ${detail}`,
  });
  return { boxes: [frame, ...boxes, router, ...doors], bottom };
}

/** Hosts outside, and devices of a way that stand in no network, right of the networks. */
function outsideBoxes(
  { outside }: World,
  extra: readonly string[],
  [left, right]: readonly [number, number],
  middle: number,
): readonly PictureBox[] {
  const hosts = outside.map((host) => {
    return { id: outsideId(host), title: host.name, detail: host.addresses[0] ?? '' };
  });
  const others = extra.map((id) => ({ id, title: id.replace(/^[a-z-]+:/, ''), detail: '' }));
  const all = [...hosts, ...others];
  const internet = Math.max(
    0,
    all.findIndex(({ id }) => id === 'internet'),
  );
  const begin = Math.max(MARGIN, middle - 24 - internet * 64);
  return all.map(({ id, title, detail }, i) => {
    const area = { x: left, y: Math.round(begin + i * 64), width: right - left, height: 48 };
    const at = (y: number) => ({ x: area.x + area.width / 2, y, anchor: 'middle' as const });
    const texts = [
      textAt(at(area.y + (detail === '' ? 29 : 21)), title, 'detail', area.width - 32),
      ...(detail === '' ? [] : [textAt(at(area.y + 37), detail, 'mono', area.width - 32)]),
    ];
    return gridBox({ ...area, id, kind: 'outside', texts, about: `${title} ${detail}`.trim() });
  });
}

import type { MachineNetwork } from '../model/machines';
import { arrange } from './arrange';
import type { MapInventory, MapItem } from './inventory';
import { textAt } from './measure';
import { type RouteRequest, routeAll } from './routes';
import { COMPACT, type MapSizes } from './sizes';
import { textArea } from './text-area';
import type { Picture, PictureArea, PictureBox, PictureEdge } from './types';

const SIZES: MapSizes = { ...COMPACT, card: { width: 168, height: 48 }, row: 16 };

const machineId = (name: string): string => `machine:${name}`;
const deviceId = (machine: string, device: string): string => `device:${machine}/${device}`;

/** Draws the machines of a Linux lab with their devices, and the cables and bridge ports between them. */
export function machinesPictureOf(network: MachineNetwork, title: string): Picture {
  const inventory = inventoryOf(network);
  const links = linksOf(network);
  const question = { inventory, edges: links, sizes: SIZES, direction: 'right' } as const;
  const { areas, width, height } = arrange(question);
  const boxes = inventory.groups.flatMap(({ id, title: name, items }): PictureBox[] => {
    const area = areas.get(id);
    if (area === undefined) return [];
    const ports = network.machines.find((one) => one.name === name)?.listens ?? [];
    return [
      machineBox(id, name, ports, area),
      ...items.flatMap((item) => deviceBox(item, id, areas.get(item.id))),
    ];
  });
  const edges = cableEdges(links, boxes, { width, height });
  const about = `${network.machines.length} machines, ${network.cables.length} cables`;
  return { title, about, width, height, boxes, edges, marks: [], legend: [] };
}

function inventoryOf({ machines }: MachineNetwork): MapInventory {
  const groups = machines.map(({ name, devices }) => ({
    id: machineId(name),
    title: name,
    items: devices.map((device): MapItem => {
      const { name: title, type, addresses } = device;
      const detail = addresses.length > 0 ? addresses.join(', ') : type;
      const about = `${type} ${title} in ${name} ${addresses.join(', ')}`.trim();
      return { id: deviceId(name, title), kind: 'interface', title, detail, about };
    }),
  }));
  return { groups, outside: [] };
}

interface MachineLink {
  readonly from: string;
  readonly to: string;
  readonly about: string;
}

function linksOf({ machines, cables }: MachineNetwork): readonly MachineLink[] {
  const wires = cables.map(({ a, b }) => ({
    from: deviceId(a.machine, a.device),
    to: deviceId(b.machine, b.device),
    about: `a cable from ${a.device} in ${a.machine} to ${b.device} in ${b.machine}`,
  }));
  const ports = machines.flatMap(({ name, devices }) =>
    devices.flatMap(({ name: device, master }) => {
      const known = master !== undefined && devices.some((one) => one.name === master);
      if (!known) return [];
      const about = `${device} is a port of bridge ${master} in ${name}`;
      return [{ from: deviceId(name, device), to: deviceId(name, master), about }];
    }),
  );
  return [...wires, ...ports];
}

function machineBox(
  id: string,
  name: string,
  ports: readonly number[],
  area: PictureArea,
): PictureBox {
  const place = { x: area.x + SIZES.pad.side, y: area.y + 24 };
  const serves = ports.length === 0 ? '' : ` listens on ${ports.join(', ')}`;
  const heading = textAt(place, name, 'group', area.width - 2 * SIZES.pad.side);
  const rest = area.width - 2 * SIZES.pad.side - heading.width - 8;
  const second = textAt(
    { x: place.x + heading.width + 8, y: place.y },
    serves.trim(),
    'detail',
    rest,
  );
  return {
    ...area,
    id,
    kind: 'machine',
    outline: 'plain',
    emphasis: 'normal',
    texts: serves === '' || rest < 40 ? [heading] : [heading, second],
    walls: [],
    about: `machine ${name}${serves}`,
  };
}

function deviceBox(
  { id, title, detail, about }: MapItem,
  parent: string,
  area: PictureArea | undefined,
): readonly PictureBox[] {
  if (area === undefined) return [];
  const most = area.width - 24;
  return [
    {
      ...area,
      id,
      kind: 'interface',
      parent,
      outline: 'plain',
      emphasis: 'normal',
      texts: [
        textAt({ x: area.x + 12, y: area.y + 20 }, title, 'detail', most),
        textAt({ x: area.x + 12, y: area.y + 37 }, detail, 'mono', most),
      ],
      walls: [],
      about,
    },
  ];
}

function cableEdges(
  links: readonly MachineLink[],
  boxes: readonly PictureBox[],
  size: { readonly width: number; readonly height: number },
): readonly PictureEdge[] {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const machines = boxes.filter(({ kind }) => kind === 'machine');
  const requests = links.flatMap(({ from, to }): readonly RouteRequest[] => {
    const [a, b] = [byId.get(from), byId.get(to)];
    if (a === undefined || b === undefined) return [];
    const foreign = machines.filter(({ id }) => id !== a.parent && id !== b.parent);
    const ends = {
      from: { area: a, direction: 'egress', walled: false },
      to: { area: b, direction: 'ingress', walled: false },
    } as const;
    return [{ id: `${from} ${to}`, ...ends, foreign }];
  });
  const ground = {
    ...size,
    boxes: boxes.filter(({ kind }) => kind === 'interface'),
    titles: machines.flatMap(({ texts }) => texts.map(textArea)),
    direction: 'right',
  } as const;
  const routes = routeAll(ground, requests);
  return links.flatMap(({ from, to, about }): PictureEdge[] => {
    const id = `${from} ${to}`;
    const points = routes.get(id);
    if (points === undefined) return [];
    return [{ id, from, to, state: 'link', emphasis: 'normal', points, about, examples: [] }];
  });
}

import { gridBox } from './grid-draft';
import type { GridNode, GridSubnet, GridZone } from './grid-items';
import { textAt, textWidth } from './measure';
import type { PictureBox } from './types';

/** Around a grid, in pixels. */
export const MARGIN = 24;
/** Sizes of a machine and of its pods. */
export const NODE = { width: 232, pod: 40, gap: 8, head: 40 } as const;
/** Sizes of a subnet and of what is plugged into it. */
export const SUBNET = { width: 288, head: 36, socket: 44, nat: 72, gap: 12 } as const;
/** Sizes of a zone. */
export const ZONE = { pad: 16, head: 32, gap: 16 } as const;

/** Where the columns of a grid begin, the same in every network of a picture. */
export interface GridColumns {
  readonly nodesLeft: number;
  readonly corridor: readonly [number, number];
  readonly router: readonly [number, number];
  readonly gateways: number;
  readonly right: number;
  readonly hasSubnets: boolean;
}

const nodeHeight = ({ pods, more }: GridNode): number =>
  NODE.head + pods.length * (NODE.pod + NODE.gap) + (more > 0 ? 24 : 0) + 4;

function subnetHeight({ sockets }: GridSubnet): number {
  if (sockets.length === 0) return 40;
  const rows = socketRows(sockets);
  return SUBNET.head + rows.reduce((sum, { height }) => sum + height + 8, 0);
}

/** Sockets side by side, in rows; a NAT gateway and a load balancer have a row of
 * their own, for the lanes of ways in and out. */
function socketRows(sockets: GridSubnet['sockets']) {
  const rows: {
    readonly sockets: GridSubnet['sockets'][number][];
    width: number;
    height: number;
  }[] = [];
  for (const one of sockets) {
    const isTall = one.kind === 'gateway' || one.kind === 'balancer';
    const width = Math.max(56, Math.ceil(textWidth(one.title, 'mono')) + 16);
    const last = rows.at(-1);
    const fits =
      last !== undefined && !isTall && last.height === SUBNET.socket && last.width + width <= 160;
    if (fits) {
      last.sockets.push(one);
      last.width += width + SUBNET.gap;
    } else
      rows.push({
        sockets: [one],
        width: width + SUBNET.gap,
        height: isTall ? SUBNET.nat : SUBNET.socket,
      });
  }
  return rows;
}

/** A zone with its nodes on the left and its subnets on the right. */
export function zoneBoxes(
  { id, title, nodes, moreNodes, subnets }: GridZone,
  parent: string,
  columns: GridColumns,
  top: number,
): readonly PictureBox[] {
  const inside: PictureBox[] = [];
  let y = top + ZONE.head;
  for (const node of nodes) {
    inside.push(...nodeBoxes(node, id, { x: columns.nodesLeft, y }));
    y += nodeHeight(node) + ZONE.gap;
  }
  if (moreNodes > 0) y += 20;
  let line = top + ZONE.head;
  for (const subnet of subnets) {
    inside.push(...subnetBoxes(subnet, id, { x: columns.corridor[1], y: line }));
    line += subnetHeight(subnet) + 12;
  }
  const x = MARGIN + ZONE.pad;
  const right = columns.hasSubnets ? columns.corridor[1] + SUBNET.width : columns.corridor[0];
  const width = right + ZONE.pad - x;
  const height = Math.max(y, line, top + 64) + 4 - top;
  const more =
    moreNodes === 0
      ? []
      : [textAt({ x: columns.nodesLeft, y: y - 12 }, `and ${moreNodes} more nodes`, 'detail')];
  const texts = [textAt({ x: x + 16, y: top + 21 }, title, 'detail'), ...more];
  const zone = gridBox({
    x,
    y: top,
    width,
    height,
    id,
    kind: 'zone',
    parent,
    texts,
    about: `zone ${title}`,
  });
  return [zone, ...inside];
}

function nodeBoxes(
  node: GridNode,
  parent: string,
  { x, y }: { readonly x: number; readonly y: number },
): readonly PictureBox[] {
  const { id, title, detail, pods, more } = node;
  const height = nodeHeight(node);
  const name = textAt({ x: x + 16, y: y + 25 }, title, 'group', NODE.width - 32);
  const rest = NODE.width - 44 - name.width;
  const texts = [
    name,
    ...(rest > 40 ? [textAt({ x: x + 28 + name.width, y: y + 25 }, detail, 'mono', rest)] : []),
    ...(more > 0
      ? [textAt({ x: x + 16, y: y + height - 12 }, `and ${more} more pods`, 'detail')]
      : []),
  ];
  const about = `node ${title}, ${detail}`;
  const frame = gridBox({
    x,
    y,
    width: NODE.width,
    height,
    id,
    kind: 'node',
    parent,
    texts,
    about,
  });
  const inside = pods.map((pod, i) => {
    const area = {
      x: x + 12,
      y: y + NODE.head + i * (NODE.pod + NODE.gap),
      width: NODE.width - 56,
      height: NODE.pod,
    };
    const lines = [
      textAt({ x: area.x + 12, y: area.y + 17 }, pod.title, 'detail', area.width - 40),
      textAt({ x: area.x + 12, y: area.y + 33 }, pod.detail, 'mono', area.width - 40),
    ];
    const words = `${pod.id.replace(':', ' ')}, ${pod.detail}`;
    return gridBox({ ...area, id: pod.id, kind: 'pod', parent: id, texts: lines, about: words });
  });
  return [frame, ...inside];
}

function subnetBoxes(
  subnet: GridSubnet,
  parent: string,
  { x, y }: { readonly x: number; readonly y: number },
): readonly PictureBox[] {
  const { id, title, detail, note, sockets } = subnet;
  const noteWidth = note === '' ? 0 : textWidth(note, 'detail') + 12;
  const name = textAt({ x: x + 14, y: y + 24 }, title, 'detail', 130);
  const texts = [
    name,
    textAt(
      { x: x + 24 + name.width, y: y + 24 },
      detail,
      'mono',
      SUBNET.width - 44 - name.width - noteWidth,
    ),
    ...(note === ''
      ? []
      : [textAt({ x: x + SUBNET.width - 12, y: y + 24, anchor: 'end' }, note, 'detail')]),
  ];
  const height = subnetHeight(subnet);
  const about = `subnet ${subnet.name}, ${detail}`;
  const frame = gridBox({
    x,
    y,
    width: SUBNET.width,
    height,
    id,
    kind: 'subnet',
    parent,
    texts,
    about,
  });
  const inside: PictureBox[] = [];
  let line = y + SUBNET.head;
  for (const row of socketRows(sockets)) {
    let left = x + 14;
    for (const one of row.sockets) {
      const width = Math.max(56, Math.ceil(textWidth(one.title, 'mono')) + 16);
      const middle = { x: left + width / 2, y: line + 14, anchor: 'middle' as const };
      const area = { x: left, y: line, width, height: row.height };
      const words = [textAt(middle, one.title, 'mono', width - 8)];
      inside.push(
        gridBox({
          ...area,
          id: one.id,
          kind: one.kind,
          parent: id,
          texts: words,
          about: one.about,
        }),
      );
      left += width + SUBNET.gap;
    }
    line += row.height + 8;
  }
  return [frame, ...inside];
}

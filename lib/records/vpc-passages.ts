import type { Evidence, Explanation, Hop } from '../model/explanation';
import type { Direction } from '../model/flow';
import type { NetworkInterface } from '../model/vpc';
import type { World } from '../model/world';
import { isRefusal } from './refusal';
import { addressOf, inSubnet, interfaceHolding, interfaceNamed } from './vpc-interfaces';

/** A packet at a network interface: what a flow log writes one record of. */
export interface Passage {
  readonly eni: NetworkInterface;
  readonly direction: Direction;
  /** Addresses that the packet carries here. */
  readonly source: string;
  readonly destination: string;
  /** The destination's port where it is not the one that the flow asked for. */
  readonly port?: number;
  readonly action: 'ACCEPT' | 'REJECT';
  readonly path: TrafficPath;
}

/**
 * How a packet leaves (VPC guide, `traffic-path`): 1 to another interface of the VPC, 4 over a
 * peering, 7 by a gateway endpoint, 8 by the internet gateway; `-` for what arrives.
 */
export type TrafficPath = '1' | '4' | '7' | '8' | '-';

/** Interfaces that a flow's first packet passes, and those that its replies pass. */
export interface Passages {
  readonly forward: readonly Passage[];
  /** Empty where the connection never gets an answer. */
  readonly replies: readonly Passage[];
}

/** Reads from an explanation which interfaces saw a flow, and what their filters said. */
export function passagesOf(world: World, { flow, trace, verdict }: Explanation): Passages {
  const [source, destination] = [addressOf(world, flow.from), addressOf(world, flow.to)];
  if (source === undefined || destination === undefined) return { forward: [], replies: [] };
  const start: PacketPath = { source, destination, passages: [] };
  const { passages } = trace.forward.reduce<PacketPath>(
    (way, hop, i) => step(world, way, { hop, path: pathOver(trace.forward.slice(i + 1)) }),
    start,
  );
  const arrives = verdict !== 'unknown' && !trace.forward.some(isRefusal);
  return { forward: passages, replies: arrives ? repliesTo(world, passages, trace.return) : [] };
}

/** How far a packet is, with the addresses it has by now. */
interface PacketPath extends Aim {
  readonly source: string;
  readonly passages: readonly Passage[];
}

/** Where a packet goes, as it says itself. */
type Aim = Pick<Passage, 'destination' | 'port'>;

interface Here {
  readonly hop: Hop;
  readonly path: TrafficPath;
}

function step(world: World, way: PacketPath, { hop, path }: Here): PacketPath {
  const { passages, ...packet } = way;
  const [, kind = '', name = ''] = /^(\S+) (.*)$/.exec(hop.device) ?? [];
  const next = { ...way, ...hop.becomes };
  if (kind === 'interface') {
    const eni = interfaceNamed(world, name);
    const seen = eni === undefined ? [] : atGroups(hop, { eni, path, ...packet });
    return { ...next, passages: [...passages, ...seen] };
  }
  if (kind === 'subnet') return { ...next, passages: atEdge(world, way, { hop, name }) };
  if (kind !== 'nat-gateway') return next;
  const eni = interfaceHolding(world, next.source);
  if (eni === undefined) return next;
  const one = { ...packet, eni, action: 'ACCEPT' } as const;
  const entered = { ...one, direction: 'ingress', path: '-' } as const;
  const left = { ...one, source: next.source, direction: 'egress', path } as const;
  return { ...next, passages: [...passages, entered, left] };
}

/** An interface's security groups; whatever they say is written there. */
const atGroups = (
  { decisions }: Hop,
  at: Omit<Passage, 'direction' | 'action'>,
): readonly Passage[] =>
  decisions
    .filter(({ evidence }) => evidence.filter === 'security-group')
    .map(({ kind, evidence: { direction } }) => ({
      ...at,
      direction,
      action: kind === 'denied' ? 'REJECT' : 'ACCEPT',
      path: direction === 'egress' ? at.path : '-',
    }));

/**
 * A network ACL that refuses is written at the interface behind it: the one the packet just left,
 * or the one it was for.
 */
function atEdge(
  world: World,
  { passages, ...packet }: PacketPath,
  at: Edge,
): PacketPath['passages'] {
  const refused = aclRefusal(at.hop);
  if (refused === undefined) return passages;
  if (refused.direction === 'egress') {
    return passages.map((one, i) =>
      i === passages.length - 1 ? { ...one, action: 'REJECT' } : one,
    );
  }
  const eni = inSubnet(world, at.name, packet.destination);
  if (eni === undefined) return passages;
  const one = { eni, ...packet, direction: 'ingress', path: '-' } as const;
  return [...passages, { ...one, action: 'REJECT' }];
}

interface Edge {
  readonly hop: Hop;
  /** Name of the subnet. */
  readonly name: string;
}

/** The same interfaces from the far end; groups remember the connection, network ACLs do not. */
function repliesTo(
  world: World,
  passages: readonly Passage[],
  back: readonly Hop[],
): readonly Passage[] {
  const replies = passages
    .toReversed()
    .map(({ direction, source, destination, ...rest }, i, all): Passage => {
      const way = direction === 'ingress' ? 'egress' : 'ingress';
      const path = way === 'egress' ? (all[i + 1]?.path ?? '8') : '-';
      const ends = { source: destination, destination: source };
      return { ...rest, ...ends, direction: way, action: 'ACCEPT', path };
    });
  const stop = back.find(isRefusal);
  if (stop === undefined) return replies;
  const refused = aclRefusal(stop);
  const last = replies.findIndex(
    ({ eni, direction }) =>
      direction === refused?.direction && `subnet ${subnetName(world, eni)}` === stop.device,
  );
  return replies
    .slice(0, last + 1)
    .map((one, i) => (i === last ? { ...one, action: 'REJECT' } : one));
}

const subnetName = ({ vpcs }: World, eni: NetworkInterface): string | undefined =>
  vpcs.flatMap(({ subnets }) => subnets).find(({ id }) => id === eni.subnet)?.name;

const aclRefusal = ({ decisions }: Hop): Evidence | undefined =>
  decisions.find(({ kind, evidence }) => kind === 'denied' && evidence.filter === 'network-acl')
    ?.evidence;

/** By which gateway a packet leaves for the next interface, or for good. */
function pathOver(rest: readonly Hop[]): TrafficPath {
  const kinds = rest.map(({ device }) => device.split(' ')[0]);
  const end = kinds.findIndex((kind) => kind === 'interface' || kind === 'nat-gateway');
  const between = end === -1 ? kinds : kinds.slice(0, end);
  if (between.includes('peering')) return '4';
  if (between.includes('vpc-endpoint')) return '7';
  return between.includes('internet-gateway') ? '8' : '1';
}

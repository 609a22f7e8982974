import { contains, familyOf, type Ip } from '../model/address';
import type { Evidence, Hop, Verdict } from '../model/explanation';
import type { Protocol } from '../model/flow';
import type { World } from '../model/world';
import { ended, type Way } from './vpc-arrive';
import { enter } from './vpc-enter';
import { indexVpcs, type Standpoint, type VpcIndex } from './vpc-index';
import { backOver, inOrder, type Leg, PASSED } from './vpc-leg';
import { METADATA, outOfHops } from './vpc-metadata';
import { ANY_CLIENT_PORTS, firstPacket, LINUX_PORTS, type VpcPacket } from './vpc-packet';
import { leave } from './vpc-way';

/** What is sent over the VPC, after Services are resolved and before anything translates it. */
export interface Sending {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: Protocol;
  /** Destination port; none for ICMP. */
  readonly port: number | undefined;
  /** The load balancer that sends it, where it keeps its client's address as the source. */
  readonly carrier?: Ip;
}

/** What the VPC says of one way of a flow. */
export interface Crossing {
  readonly verdict: Verdict;
  /** Devices on the way with their decisions; empty where the packet never leaves its node. */
  readonly hops: readonly Hop[];
  /** What decided: everything that let it through, or what did not. */
  readonly by: readonly Evidence[];
  /** The address the destination sees as the packet's source. */
  readonly source: Ip;
  /** The address that the packet has at the end; a public one has become private. */
  readonly destination: Ip;
}

/** The way there, with what judging the way back needs. */
export interface ForwardCrossing extends Crossing {
  readonly legs: readonly Leg[];
}

/** Judges packets by what a world's VPCs do with them. */
export interface Fabric {
  /** The way of a connection's first packet, from its sender's interface to its receiver's. */
  readonly forward: (sending: Sending) => ForwardCrossing;
  /** The way of its replies, for every port the client may have taken. */
  readonly back: (forward: ForwardCrossing) => Crossing;
}

/** Prepares a world's VPCs for questions; `undefined` where it has none: then nothing filters. */
export function createFabric(world: Pick<World, 'vpcs' | 'nodes'>): Fabric | undefined {
  if (world.vpcs.length === 0) return undefined;
  const index = indexVpcs(world);
  return {
    forward: (sending) => crossVpc(index, sending),
    back: (forward) => returnOver(index, forward),
  };
}

function crossVpc(index: VpcIndex, sending: Sending): ForwardCrossing {
  const { source, destination, port, carrier } = sending;
  if (carrier !== undefined) return carriedBy(index, sending, carrier);
  const from = standing(index, source);
  const to = index.at(destination);
  if (from !== undefined && to !== undefined && staysOnNode(index, from, to)) {
    return { verdict: 'allowed', hops: [], by: [], legs: [], source, destination };
  }
  const tooFar = from === undefined ? undefined : outOfHops(index, from, sending);
  if (tooFar !== undefined)
    return crossing(ended(PASSED, METADATA, tooFar, firstPacket(sending, port, LINUX_PORTS)));
  if (from !== undefined) {
    const own = from.interface.publicIp === source ? from.interface.addresses[0] : source;
    const ends = { ...sending, source: own ?? source };
    const packet = firstPacket(ends, port, clientPorts(from));
    const sent = behindNode(index, from, packet);
    return crossing(leave(index, { kind: 'interface', ...sent.from }, sent.packet), sent.note);
  }
  const stranger = index.holding(source);
  if (stranger !== undefined) return unknownSender(source, destination, stranger.name);
  const outside =
    index.holding(destination) === undefined && index.public(destination) === undefined;
  if (outside) return { verdict: 'allowed', hops: [], by: [], legs: [], source, destination };
  return crossing(enter(index, firstPacket(sending, port, ANY_CLIENT_PORTS)));
}

/** A packet that a load balancer sends under its client's address. */
function carriedBy(index: VpcIndex, sending: Sending, carrier: Ip): ForwardCrossing {
  const from = standing(index, carrier);
  const { source, destination, protocol, port } = sending;
  if (from === undefined) return unknownSender(carrier, destination, 'the VPC');
  const [own = carrier] = from.interface.addresses;
  const first = firstPacket({ source, destination, protocol }, port, ANY_CLIENT_PORTS);
  return crossing(leave(index, { kind: 'interface', ...from }, { ...first, carrier: own }));
}

/** The interface with an address, be it the one that the internet knows it by. */
const standing = (index: VpcIndex, address: Ip): Standpoint | undefined =>
  index.at(address) ?? index.public(address);

/** A node's primary address in front of its pods: leaves by the primary interface. */
interface Sent {
  readonly from: Standpoint;
  readonly packet: VpcPacket;
  readonly note?: Hop;
}

/**
 * The VPC CNI hides pods from what is outside the VPC's blocks behind their node's primary address
 * (amazon-vpc-cni-k8s: SNAT, on unless AWS_VPC_K8S_CNI_EXTERNALSNAT), IPv4 only. Pods with groups
 * of their own keep their address in `strict` mode.
 */
function behindNode(index: VpcIndex, from: Standpoint, packet: VpcPacket): Sent {
  const { owner } = from.interface;
  if (owner.kind !== 'node' || familyOf(packet.source) === 6) return { from, packet };
  const placement = index.placement(owner.node);
  const [primaryId] = placement?.interfaces ?? [];
  const primary = primaryId === undefined ? undefined : index.interface(primaryId);
  const address = primary?.interface.addresses[0];
  const inside = from.vpc.cidrs.some((block) => contains(block, packet.destination));
  const keeps = inside || placement?.snat === 'external' || packet.source === address;
  const strict = owner.branch && placement?.podSecurityGroups === 'strict';
  if (keeps || strict || primary === undefined || address === undefined) return { from, packet };
  const note = `source ${packet.source} becomes ${address}: the node hides its pods from what is outside the VPC`;
  const sourcePorts = packet.protocol === 'ICMP' ? packet.sourcePorts : ANY_CLIENT_PORTS;
  return {
    from: primary,
    packet: { ...packet, source: address, sourcePorts },
    note: { device: `node ${owner.node}`, decisions: [], note, becomes: { source: address } },
  };
}

/**
 * Between two addresses of one node no packet reaches the VPC, so neither security groups nor
 * network ACLs see it; except for strict branch interfaces, whose traffic always leaves the node.
 */
function staysOnNode(index: VpcIndex, a: Standpoint, b: Standpoint): boolean {
  const [from, to] = [a.interface.owner, b.interface.owner];
  if (from.kind !== 'node' || to.kind !== 'node' || from.node !== to.node) return false;
  const strict = index.placement(from.node)?.podSecurityGroups === 'strict';
  return !(strict && (from.branch || to.branch) && a.interface.id !== b.interface.id);
}

const clientPorts = ({ interface: own }: Standpoint): VpcPacket['sourcePorts'] =>
  own.owner.kind === 'node' ? LINUX_PORTS : ANY_CLIENT_PORTS;

function crossing({ asked, legs, arrived }: Way, first?: Hop): ForwardCrossing {
  const { source, destination } = arrived;
  const hops = first === undefined ? asked.hops : [first, ...asked.hops];
  return { verdict: asked.verdict, by: asked.by, hops, legs, source, destination };
}

function returnOver(index: VpcIndex, { legs, source, destination }: ForwardCrossing): Crossing {
  const asked = inOrder(...legs.toReversed().map((leg) => () => backOver(index, leg)));
  return { ...asked, source: destination, destination: source };
}

function unknownSender(source: Ip, destination: Ip, vpc: string): ForwardCrossing {
  const because = `no interface of ${vpc} has ${source}`;
  const by: Evidence[] = [
    { filter: 'route', direction: 'egress', object: vpc, rule: null, because },
  ];
  return { verdict: 'unknown', hops: [], by, legs: [], source, destination };
}

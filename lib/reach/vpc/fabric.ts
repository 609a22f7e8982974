import type { Ip } from '../../model/address';
import type { Verdict } from '../../model/explanation';
import { EPHEMERAL_PORTS, MACHINE_PORTS, UNPRIVILEGED_PORTS } from '../../model/ports';
import type { World } from '../../model/world';
import { routeEvidence } from '../hops/evidence';
import { hop, untilStopped, verdictOf } from '../hops/hop';
import { endSegment } from '../hops/segment';
import type { JudgedHop, Segment } from '../hops/types';
import { lostToEarlyDemux } from './early-demux';
import { enter } from './enter';
import { leave } from './leave';
import { indexVpcs } from './lookup';
import { withoutMetadata } from './metadata';
import { behindNode, type NodeExit, type NodeExits } from './node-exit';
import { firstPacket } from './packet';
import { endAt } from './stop';
import type {
  VpcCrossing,
  VpcFabric,
  VpcIndex,
  VpcInterface,
  VpcPacket,
  VpcPath,
  VpcSending,
} from './types';

/** Prepares a world's VPCs; `undefined` where the world has none, so that nothing filters between nodes. */
export function createFabric(world: Pick<World, 'vpcs' | 'nodes'>): VpcFabric | undefined {
  if (world.vpcs.length === 0) return undefined;
  const index = indexVpcs(world);
  return { cross: (sending) => crossVpc(index, sending) };
}

function crossVpc(index: VpcIndex, sending: VpcSending): VpcCrossing {
  const { source, destination, port, carrier } = sending;
  if (carrier !== undefined) return carriedBy(index, sending, carrier);
  const [from, ...others] = sendersOf(index, sending);
  if (from !== undefined && others.length > 0) return ambiguous([from, ...others], sending);
  if (from !== undefined) return sentFrom(index, from, sending);
  const vpc = index.holding(source);
  if (vpc !== undefined) return unknownSender(source, sending, vpc.name);
  const isOutside =
    index.holding(destination) === undefined && index.public(destination) === undefined;
  if (isOutside) return noCrossing(sending);
  return crossing(enter(index, firstPacket(sending, port, UNPRIVILEGED_PORTS)));
}

/** A packet of an interface in a VPC. */
function sentFrom(index: VpcIndex, from: VpcInterface, sending: VpcSending): VpcCrossing {
  const { source, destination, port } = sending;
  const to = index.at(from.vpc, destination);
  if (from.interface.owner.kind === 'vpc-endpoint') {
    const because = 'an interface endpoint starts no connection: only its clients do';
    const packet = firstPacket(sending, port, UNPRIVILEGED_PORTS);
    return crossing(endAt({ device: from.interface.id, kind: 'denied', because }, packet));
  }
  if (to !== undefined && staysOnNode(index, from, to)) return noCrossing(sending);
  const lost = to === undefined ? undefined : lostToEarlyDemux(index, from, { to, sending });
  if (lost !== undefined) {
    return crossing(endAt(lost, firstPacket(sending, port, EPHEMERAL_PORTS)));
  }
  const silent = withoutMetadata(index, from, sending);
  if (silent !== undefined) {
    return crossing(endAt(silent, firstPacket(sending, port, EPHEMERAL_PORTS)));
  }
  const own = from.interface.publicIp === source ? from.interface.addresses[0] : source;
  const first = firstPacket({ ...sending, source: own ?? source }, port, clientPorts(from));
  const packet = sending.receiver === undefined ? first : { ...first, receiver: sending.receiver };
  return byExits(index, behindNode(index, from, packet));
}

/** A packet that a load balancer sends under its client's address. */
function carriedBy(index: VpcIndex, sending: VpcSending, carrier: Ip): VpcCrossing {
  const from = interfaceAt(index, carrier);
  const { source, destination, protocol, port } = sending;
  if (from === undefined)
    return unknownSender(carrier, { source: carrier, destination }, 'the VPC');
  const [own = carrier] = from.interface.addresses;
  const first = firstPacket({ source, destination, protocol }, port, UNPRIVILEGED_PORTS);
  return crossing(leave(index, { kind: 'interface', ...from }, { ...first, carrier: own }));
}

/** The interface with a private or public address. */
const interfaceAt = (index: VpcIndex, address: Ip): VpcInterface | undefined =>
  index.everywhere(address)[0] ?? index.public(address);

/** The interfaces that may send a packet: the named one, that of its node, else all with its address. */
function sendersOf(index: VpcIndex, { source, sender, node }: VpcSending): readonly VpcInterface[] {
  const named = sender === undefined ? undefined : index.interface(sender);
  if (named !== undefined) return [named];
  const home = node === undefined ? undefined : index.vpc(index.placement(node)?.vpc ?? '');
  const own = home === undefined ? undefined : index.at(home, source);
  if (own !== undefined) return [own];
  const inside = index.everywhere(source);
  return inside.length > 0 ? inside : [index.public(source) ?? []].flat();
}

/** An address that several VPCs have: which of them is meant is not known. */
function ambiguous(found: readonly VpcInterface[], sending: VpcSending): VpcCrossing {
  const names = found.map(({ interface: { id }, vpc }) => `${id} in ${vpc.name}`).join(', ');
  const because = `${sending.source} is ${names}: name the interface (eni:…)`;
  return stoppedAt(sending, because);
}

/**
 * The crossing by the one way that a packet leaves its node; of two ways the verdict of both, else it
 * is not known.
 */
function byExits(index: VpcIndex, { exit, other }: NodeExits): VpcCrossing {
  const by = ({ from, packet, through }: NodeExit): VpcCrossing =>
    crossing(leave(index, { kind: 'interface', ...from }, packet), through);
  const first = by(exit);
  if (other === undefined) return first;
  const to = index.seenFrom(exit.from.vpc, exit.packet.destination);
  // Another cluster's policies would see one source or the other.
  const isNode = to?.interface.owner.kind === 'node';
  const isSame = !isNode && wholeVerdict(first) === wholeVerdict(by(other.exit));
  return isSame ? first : stoppedAt(other.exit.packet, other.unknown);
}

const wholeVerdict = ({ segment }: VpcCrossing): Verdict => {
  const forward = verdictOf(segment.forward);
  return forward === 'allowed' ? verdictOf(segment.back()) : forward;
};

/**
 * Packets between two addresses of one node do not reach the VPC, so neither security groups nor
 * network ACLs filter them; except for strict branch interfaces, whose traffic always leaves the node.
 */
function staysOnNode(index: VpcIndex, a: VpcInterface, b: VpcInterface): boolean {
  const [from, to] = [a.interface.owner, b.interface.owner];
  if (from.kind !== 'node' || to.kind !== 'node' || from.node !== to.node) return false;
  const strict = index.placement(from.node)?.podSecurityGroups === 'strict';
  return !(strict && (from.branch || to.branch) && a.interface.id !== b.interface.id);
}

/** A node runs Linux; a machine of the template's own may run Windows; AWS' own devices take any. */
function clientPorts({ interface: own }: VpcInterface): VpcPacket['sourcePorts'] {
  if (own.owner.kind === 'node') return EPHEMERAL_PORTS;
  return own.owner.kind === 'resource' ? MACHINE_PORTS : UNPRIVILEGED_PORTS;
}

/** The segments of a path as one segment, whose replies are evaluated up to the first refusal. */
function crossing({ segments, arrived }: VpcPath, through: readonly JudgedHop[] = []): VpcCrossing {
  const { source, destination } = arrived;
  const segment: Segment = {
    forward: [...through, ...segments.flatMap(({ forward }) => forward)],
    back: () => untilStopped(...segments.toReversed().map(({ back }) => back)),
  };
  return { segment, source, destination };
}

/** A packet that the VPC never sees. */
const noCrossing = ({ source, destination }: VpcSending): VpcCrossing => ({
  segment: endSegment([]),
  source,
  destination,
});

function unknownSender(
  address: Ip,
  { source, destination }: Pick<VpcSending, 'source' | 'destination'>,
  vpc: string,
): VpcCrossing {
  return stoppedAt({ source, destination }, `no interface of ${vpc} has ${address}`, vpc);
}

/** A packet whose sender is not known. */
function stoppedAt(
  { source, destination }: Pick<VpcSending, 'source' | 'destination'>,
  because: string,
  object = 'vpc',
): VpcCrossing {
  const evidence = routeEvidence(object, because);
  const unknown = { verdict: 'unknown', decisions: [], by: [evidence] } as const;
  return { segment: endSegment([hop('vpc', [unknown])]), source, destination };
}

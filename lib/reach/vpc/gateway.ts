import { contains, familyOf, type Ip, PRIVATE_BLOCKS } from '../../model/address';
import type { NatGateway, Vpc } from '../../model/vpc';
import { openHop, untilStopped, verdictOf } from '../hops/hop';
import type { JudgedHop } from '../hops/types';
import { enter } from './enter';
import { translated } from './packet';
import { gatewayShut, outwardBlock } from './public-access';
import { otherReceiver } from './receiver';
import { repliesOver, segmentOver } from './segment';
import { endAt, type PathEnd } from './stop';
import type { Outbound, VpcIndex, VpcPacket, VpcPath, VpcPoint } from './types';

/** The last stretch, to an interface of a VPC. */
export function intoVpc(
  index: VpcIndex,
  vpc: Vpc,
  { from, packet, left, between = [], peering }: Outbound & InsideWay,
): VpcPath {
  const found = index.at(vpc, packet.destination);
  if (found === undefined) return endAt(noInterfaceHas(vpc, packet), packet, left);
  const other = otherReceiver(packet, found, vpc);
  if (other !== undefined) return endAt(other, packet, left);
  const way = peering === undefined ? {} : { peering };
  const to = { kind: 'interface', ...found } as const;
  const stretch = { from, to, packet, between, ...way };
  return { segments: [segmentOver(index, stretch, left)], arrived: packet };
}

/** How a packet comes into a VPC: the devices before it, and the peering that it crosses. */
interface InsideWay {
  readonly between?: readonly JudgedHop[];
  readonly peering?: string;
}

/** No interface has the address; an interface whose address is not known may have it. */
function noInterfaceHas({ id, name, unplaced = [] }: Vpc, { destination }: VpcPacket): PathEnd {
  const device = `vpc ${name}`;
  const [what] = unplaced;
  if (what === undefined) {
    const because = `no interface of ${name} has ${destination}`;
    return { device, id: `vpc:${id}`, kind: 'no-route', object: name, because };
  }
  const because = `no interface that is known has ${destination}; it may be ${what}`;
  return { device, id: `vpc:${id}`, kind: 'unknown', object: name, because };
}

/** To the other VPC of a peering. */
export function overPeering(index: VpcIndex, id: string, outbound: Outbound): VpcPath {
  const { from, packet, left } = outbound;
  const peering = from.vpc.peerings.find((p) => p.id === id);
  const otherId = peering?.requester === from.vpc.id ? peering.accepter : peering?.requester;
  const other = otherId === undefined ? undefined : index.vpc(otherId);
  const device = index.deviceName({ kind: 'peering', id });
  const deviceId = index.deviceId({ kind: 'peering', id });
  if (other === undefined) {
    const because = `the other VPC of ${device} is in no template`;
    return endAt({ device, id: deviceId, kind: 'unknown', because }, packet, left);
  }
  const note = `joins ${from.vpc.name} and ${other.name}`;
  const between = [openHop(device, { id: deviceId, note })];
  return intoVpc(index, other, { ...outbound, between, peering: id });
}

/** Through a NAT gateway, and on from its subnet. */
export function throughNat(index: VpcIndex, id: string, outbound: Outbound): VpcPath {
  const { from, packet, left, onward } = outbound;
  const { vpc } = from;
  const nat = vpc.natGateways.find((gateway) => gateway.id === id);
  if (nat === undefined) {
    const device = index.deviceName({ kind: 'nat-gateway', id });
    const because = `${device} is in no template`;
    const stop = { device, id: `nat-gateway:${id}`, kind: 'unknown', because } as const;
    return endAt(stop, packet, left);
  }
  const stop = natRefuses(nat, outbound);
  if (stop !== undefined) return endAt(stop, packet, left);
  const subnet = vpc.subnets.find((s) => s.id === nat.subnet);
  const to: VpcPoint = { kind: 'nat', vpc, nat, ...(subnet && { subnet }) };
  const stretch = { from, to, packet, between: [] };
  const { privateIp, publicIp = privateIp } = nat;
  const outside = publicIp === privateIp ? '' : `, and ${publicIp} on the internet`;
  const note = `source ${packet.source} becomes ${privateIp}${outside}`;
  const forward = untilStopped(
    () => segmentOver(index, stretch, left).forward,
    () => [
      openHop(`nat-gateway ${nat.name}`, {
        id: `nat-gateway:${nat.id}`,
        note,
        becomes: { source: privateIp },
      }),
    ],
  );
  const entered = { forward, back: () => repliesOver(index, stretch) };
  if (verdictOf(forward) !== 'allowed') return { segments: [entered], arrived: packet };
  const on = onward(to, translated(packet, privateIp));
  return { ...on, segments: [entered, ...on.segments] };
}

/** A NAT gateway carries TCP, UDP and ICMP (VPC user guide, "NAT gateway basics"), and each packet once. */
function natRefuses({ id, name }: NatGateway, { packet, passed }: Outbound): PathEnd | undefined {
  const device = `nat-gateway ${name}`;
  if (packet.protocol === 'SCTP') {
    const because = 'a NAT gateway carries TCP, UDP and ICMP, and drops SCTP';
    return { device, id: `nat-gateway:${id}`, kind: 'denied', because };
  }
  if (!passed.includes(id)) return undefined;
  const because = `the route table of its subnet leads back to ${device}: the packet goes round and is dropped`;
  return { device, id: `nat-gateway:${id}`, kind: 'denied', because };
}

/** An internet gateway translates one to one, so a source without a public address cannot pass. */
export function throughGateway(index: VpcIndex, id: string, outbound: Outbound): VpcPath {
  const { from, packet, left } = outbound;
  const device = index.deviceName({ kind: 'internet-gateway', id });
  const at = { device, id: index.deviceId({ kind: 'internet-gateway', id }) };
  const shut = gatewayShut(from.vpc, id) ?? outwardBlock(from, device);
  if (shut !== undefined) return endAt({ ...shut, ...at }, packet, left);
  if (familyOf(packet.source) === 6)
    return intoInternet(index, outbound, [openHop(device, { id: at.id })]);
  const isOwn = from.kind === 'nat' || from.interface.addresses[0] === packet.source;
  const own = isOwn ? publicIpOf(from) : undefined;
  const doubt = isOwn ? doubtOf(from) : undefined;
  if (own === undefined && doubt !== undefined) {
    const because = `whether ${packet.source} has a public address depends on ${doubt}`;
    return endAt({ ...at, kind: 'unknown', because }, packet, left);
  }
  if (own === undefined) {
    const because = `${packet.source} has no public address, and an internet gateway passes nothing else`;
    return endAt({ ...at, kind: 'denied', because }, packet, left);
  }
  const note = `source ${packet.source} becomes ${own}`;
  const through = openHop(device, { id: at.id, note, becomes: { source: own } });
  return intoInternet(index, outbound, [through]);
}

const doubtOf = (point: VpcPoint): string | undefined =>
  point.kind === 'nat' ? point.nat.publicUnknown : point.interface.publicUnknown;

const publicIpOf = (point: VpcPoint): Ip | undefined =>
  point.kind === 'nat' ? point.nat.publicIp : point.interface.publicIp;

/** Out of the VPC; a public address of a VPC in the templates enters again at its own gateway. */
export function intoInternet(
  index: VpcIndex,
  { from, packet, left }: Outbound,
  gateways: readonly JudgedHop[] = [],
): VpcPath {
  if (PRIVATE_BLOCKS.some((block) => contains(block, packet.destination))) {
    const { device = 'internet', id = 'internet' } = gateways[0] ?? {};
    const because = `${packet.destination} is a private address, and the internet carries none`;
    return endAt({ device, id, kind: 'denied', because }, packet, left);
  }
  const is4 = familyOf(packet.source) === 4;
  const source = is4 ? (publicIpOf(from) ?? packet.source) : packet.source;
  const stretch = { from, to: { kind: 'internet' }, packet, between: gateways } as const;
  const out = segmentOver(index, stretch, left);
  const seen = { ...packet, source };
  if (index.public(packet.destination) === undefined) return { segments: [out], arrived: seen };
  const inward = enter(index, seen);
  return { ...inward, segments: [out, ...inward.segments] };
}

/** To the service behind a gateway endpoint. */
export function toService(index: VpcIndex, id: string, { from, packet, left }: Outbound): VpcPath {
  const endpoint = from.vpc.endpoints.find((e) => e.id === id);
  const device = index.deviceName({ kind: 'vpc-endpoint', id });
  const deviceId = index.deviceId({ kind: 'vpc-endpoint', id });
  if (endpoint?.kind !== 'gateway') {
    const because = `the service behind ${device} is in no template`;
    return endAt({ device, id: deviceId, kind: 'unknown', because }, packet, left);
  }
  const between = [openHop(device, { id: deviceId })];
  const stretch = { from, to: { kind: 'service' }, packet, between } as const;
  return { segments: [segmentOver(index, stretch, left)], arrived: packet };
}

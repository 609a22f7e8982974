import type { RouteTarget, Unknown } from '../../model/vpc';
import { openHop, verdictOf } from '../hops/hop';
import { atInterface, outOfSubnet, subnetOf } from './edges';
import {
  intoInternet,
  intoVpc,
  overPeering,
  throughGateway,
  throughNat,
  toService,
} from './gateway';
import { RESOLVER, unfilteredService } from './lookup';
import { otherReceiver } from './receiver';
import { segmentOver } from './segment';
import { endAfter, endAt } from './stop';
import type { Outbound, VpcIndex, VpcPacket, VpcPath, VpcPoint } from './types';

/** The path of a packet that leaves a point of a VPC; `passed` are the NAT gateways behind it. */
export function leave(
  index: VpcIndex,
  from: VpcPoint,
  packet: VpcPacket,
  passed: readonly string[] = [],
): VpcPath {
  const aws = unfilteredService(from.vpc, packet.destination);
  if (aws !== undefined) return toAws(from, packet, aws);
  const onward: Outbound['onward'] = (point, next) =>
    leave(index, point, next, point.kind === 'nat' ? [...passed, point.nat.id] : passed);
  const groups = atInterface(index, from, { direction: 'egress', packet });
  const neighbour = index.at(from.vpc, packet.destination);
  if (neighbour !== undefined && neighbour.subnet.id === subnetOf(from)?.id) {
    const other = otherReceiver(packet, neighbour, from.vpc);
    if (other !== undefined) return endAt(other, packet, groups);
    const stretch = { from, to: { kind: 'interface', ...neighbour }, packet, between: [] } as const;
    return { segments: [segmentOver(index, stretch, groups)], arrived: packet };
  }
  if (subnetOf(from) === undefined)
    return intoInternet(index, { from, packet, left: [], onward, passed });
  if (verdictOf(groups) !== 'allowed') return endAfter(groups, packet);
  const { hops, routed } = outOfSubnet(index, from, packet);
  const left = [...groups, ...hops];
  const target = routed?.target;
  if (verdictOf(left) !== 'allowed' || target === undefined) return endAfter(left, packet);
  return follow(index, target, { from, packet, left, onward, passed });
}

/** To an AWS service at the VPC's own edge; the resolver answers only where DNS support is on. */
function toAws({ vpc }: VpcPoint, packet: VpcPacket, aws: string): VpcPath {
  if (aws === RESOLVER && vpc.resolver !== undefined) {
    const off = vpc.resolver === false;
    const because = off
      ? `EnableDnsSupport of ${vpc.name} is false, so its resolver does not answer`
      : `whether ${vpc.name} has DNS support depends on ${unknownOf(vpc.resolver)}`;
    return endAt({ device: aws, kind: off ? 'denied' : 'unknown', because }, packet);
  }
  const note = `${aws} is filtered by no security group and no network ACL`;
  return endAfter([openHop(aws, { note })], packet);
}

const unknownOf = (value: false | Unknown): string => (value === false ? '' : value.unknown);

function follow(index: VpcIndex, target: RouteTarget, outbound: Outbound): VpcPath {
  const { from, packet, left } = outbound;
  switch (target.kind) {
    case 'local':
      return intoVpc(index, from.vpc, outbound);
    case 'peering':
      return overPeering(index, target.id, outbound);
    case 'nat-gateway':
      return throughNat(index, target.id, outbound);
    case 'internet-gateway':
      return throughGateway(index, target.id, outbound);
    case 'egress-only-internet-gateway':
      return intoInternet(index, outbound, [
        openHop(index.deviceName(target), { id: index.deviceId(target) }),
      ]);
    case 'vpc-endpoint':
      return toService(index, target.id, outbound);
    case 'transit-gateway':
    case 'network-interface': {
      const device = index.deviceName(target);
      const because = `the network behind ${device} is in no template`;
      const id = index.deviceId(target);
      return endAt({ device, id, kind: 'unknown', because }, packet, left);
    }
    case 'blackhole':
    case 'unknown':
      return endAfter(left, packet);
  }
}

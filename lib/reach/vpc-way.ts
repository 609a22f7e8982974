import type { RouteTarget } from '../model/vpc';
import { arrive, ended, type Leaving, nowhere, type VpcPlace, type Way } from './vpc-arrive';
import {
  intoInternet,
  intoVpc,
  overPeering,
  throughGateway,
  throughNat,
  toService,
} from './vpc-gateway';
import { unfiltered, type VpcIndex } from './vpc-index';
import {
  type Asked,
  atInterface,
  hop,
  inOrder,
  outOfSubnet,
  PASSED,
  type Place,
  subnetOf,
} from './vpc-leg';
import type { VpcPacket } from './vpc-packet';

/** The way of a packet that is at a place in a VPC and has left its sender already. */
export function leave(index: VpcIndex, from: VpcPlace, packet: VpcPacket): Way {
  const aws = unfiltered(from.vpc, packet.destination);
  if (aws !== undefined) {
    const note = `${aws} is filtered by no security group and no network ACL`;
    return { asked: hop(aws, [], { note }), legs: [], arrived: packet };
  }
  const onward: Leaving['onward'] = (place, next) => leave(index, place, next);
  const sent = (): Asked => atInterface(index, from, { direction: 'egress', packet });
  const neighbour = index.at(packet.destination);
  if (neighbour !== undefined && neighbour.subnet.id === subnetOf(from)?.id) {
    const to: Place = { kind: 'interface', ...neighbour };
    return arrive(index, { from, to, packet, between: [] }, sent());
  }
  if (subnetOf(from) === undefined)
    return intoInternet(index, { from, packet, asked: PASSED, onward });
  const group = sent();
  if (group.verdict !== 'allowed') return { asked: group, legs: [], arrived: packet };
  const { asked: left, routed } = outOfSubnet(index, from, packet);
  const asked = inOrder(
    () => group,
    () => left,
  );
  const target = routed?.target;
  if (asked.verdict !== 'allowed' || target === undefined)
    return { asked, legs: [], arrived: packet };
  return follow(index, target, { from, packet, asked, onward });
}

function follow(index: VpcIndex, target: RouteTarget, leaving: Leaving): Way {
  const { from, packet, asked } = leaving;
  switch (target.kind) {
    case 'local':
      return intoVpc(index, from.vpc, { ...leaving, between: [] });
    case 'peering':
      return overPeering(index, target.id, leaving);
    case 'nat-gateway':
      return throughNat(index, target.id, leaving);
    case 'internet-gateway':
      return throughGateway(index, target.id, leaving);
    case 'egress-only-internet-gateway':
      return intoInternet(index, leaving, [{ device: index.deviceName(target), decisions: [] }]);
    case 'vpc-endpoint':
      return toService(index, target.id, leaving);
    case 'transit-gateway':
    case 'network-interface': {
      const device = index.deviceName(target);
      const because = `what lies behind ${device} is in no template`;
      return ended(asked, device, nowhere('unknown', device, because), packet);
    }
    case 'blackhole':
    case 'unknown':
      return { asked, legs: [], arrived: packet };
  }
}

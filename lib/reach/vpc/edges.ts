import type { Decision } from '../../model/explanation';
import { isUnknownId, unknownIdText } from '../../model/unknown-id';
import type { Subnet } from '../../model/vpc';
import { routeEvidence } from '../hops/evidence';
import { answerOf, hop } from '../hops/hop';
import type { JudgedHop } from '../hops/types';
import { askAcl } from './network-acl';
import { askTable, type RouteAnswer } from './route-table';
import { askGroups } from './security-group';
import type { SegmentEnd, VpcIndex, VpcPacket } from './types';

/** The subnet of an end; the internet, a service and a regional NAT gateway have none. */
export const subnetOf = (end: SegmentEnd): Subnet | undefined =>
  end.kind === 'interface' || end.kind === 'nat' ? end.subnet : undefined;

/** Security groups of the interface at an end, for a connection's first packet. */
export function atInterface(
  index: VpcIndex,
  end: SegmentEnd,
  question: Parameters<typeof askGroups>[2],
): readonly JudgedHop[] {
  if (end.kind !== 'interface') return [];
  const decision = askGroups(index, end, question);
  return decision === undefined
    ? []
    : [hop(`interface ${end.interface.id}`, [answerOf([decision])])];
}

/** The network ACL of an end's subnet, for a packet that enters it. */
export const intoSubnet = (index: VpcIndex, end: SegmentEnd, packet: VpcPacket) =>
  throughAcl(index, end, { direction: 'ingress', packet });

/** The network ACL of an end's subnet, for a packet that leaves it. */
export const outThroughAcl = (index: VpcIndex, end: SegmentEnd, packet: VpcPacket) =>
  throughAcl(index, end, { direction: 'egress', packet });

function throughAcl(
  index: VpcIndex,
  end: SegmentEnd,
  { direction, packet }: Parameters<typeof askGroups>[2],
): readonly JudgedHop[] {
  const subnet = subnetOf(end);
  if (subnet === undefined) return [];
  const acl = index.acl(subnet);
  if (acl === undefined) return [missing(subnet, 'network ACL', subnet.networkAcl)];
  return [atSubnet(subnet, askAcl(acl, direction, packet, index))];
}

const atSubnet = ({ id, name }: Subnet, decisions: readonly Decision[]): JudgedHop =>
  hop(`subnet ${name}`, [answerOf(decisions)], { id: `subnet:${id}` });

/** A filter or table that is not in the templates: what it would say is not known. */
function missing(subnet: Subnet, what: string, id: string): JudgedHop {
  const because = isUnknownId(id)
    ? `the ${what} of subnet ${subnet.name} is not known: ${unknownIdText(id)}`
    : `the ${what} ${id} of subnet ${subnet.name} is in no template`;
  const evidence = routeEvidence(subnet.name, because);
  return atSubnet(subnet, [{ kind: 'unknown', evidence }]);
}

/** The hops out of a subnet, and where its route table sends the packet. */
export interface SubnetExit {
  readonly hops: readonly JudgedHop[];
  /** Absent where no route table was consulted. */
  readonly routed?: RouteAnswer;
}

/**
 * The network ACL and the route table of an end's subnet, for a packet that leaves it. AWS drops
 * silently in both cases; that no route exists says more than that an ACL would deny the packet.
 */
export function outOfSubnet(index: VpcIndex, end: SegmentEnd, packet: VpcPacket): SubnetExit {
  const subnet = subnetOf(end);
  if (subnet === undefined) return { hops: [] };
  const [acl, table] = [index.acl(subnet), index.table(subnet)];
  if (table === undefined) return { hops: [missing(subnet, 'route table', subnet.routeTable)] };
  if (acl === undefined) return { hops: [missing(subnet, 'network ACL', subnet.networkAcl)] };
  const routed = askTable(index, table, packet.destination);
  const vpc = end.kind === 'interface' || end.kind === 'nat' ? end.vpc : undefined;
  const vacant =
    routed.target?.kind === 'local' &&
    vpc !== undefined &&
    vpc.unplaced === undefined &&
    index.at(vpc, packet.destination) === undefined;
  if (routed.decision.kind === 'no-route' || vacant) {
    return { hops: [atSubnet(subnet, [routed.decision])], routed };
  }
  const filtered = askAcl(acl, 'egress', packet, index);
  const stopped = filtered.some(({ kind }) => kind !== 'allowed');
  if (stopped) return { hops: [atSubnet(subnet, filtered)] };
  return { hops: [atSubnet(subnet, [...filtered, routed.decision])], routed };
}

import type { Evidence } from '../../model/explanation';
import type { RouteTarget } from '../../model/vpc';
import { routeEvidence } from '../hops/evidence';
import { answerOf, hop, openHop, untilStopped, verdictOf } from '../hops/hop';
import type { JudgedHop, Segment } from '../hops/types';
import { atInterface, intoSubnet, outOfSubnet, outThroughAcl, subnetOf } from './edges';
import { reversed } from './packet';
import type { SegmentEnd, VpcIndex, VpcPacket, VpcStretch } from './types';

/**
 * A stretch with the network ACL and the security groups at its far end, after the hops that the
 * packet took to leave (`left`), and the same stretch for the replies.
 */
export function segmentOver(
  index: VpcIndex,
  stretch: VpcStretch,
  left: readonly JudgedHop[],
): Segment {
  const { from, to, packet, between } = stretch;
  const sameSubnet = subnetOf(from) !== undefined && subnetOf(from)?.id === subnetOf(to)?.id;
  return {
    forward: untilStopped(
      () => left,
      () => between,
      () => (sameSubnet ? [] : intoSubnet(index, to, packet)),
      () => atInterface(index, to, { direction: 'ingress', packet }),
      () => intoNatGateway(to),
    ),
    back: () => repliesOver(index, stretch),
  };
}

/** A NAT gateway carries replies to what it let out; it accepts no connection to itself. */
function intoNatGateway(to: SegmentEnd): readonly JudgedHop[] {
  if (to.kind !== 'interface' || to.interface.owner.kind !== 'nat-gateway') return [];
  const object = to.interface.id;
  const because = 'a NAT gateway lets no connection in: it only carries replies';
  const evidence = routeEvidence(object, because, { direction: 'ingress' });
  const id = `nat-gateway:${to.interface.owner.id}`;
  return [hop(`nat-gateway ${object}`, [answerOf([{ kind: 'denied', evidence }])], { id })];
}

/**
 * The replies on one stretch, judged on their own: security groups track the connection, but both
 * subnets' network ACLs do not, and the route table on the far side must lead back the way the
 * packet came. A missing route back is a denial: the caller gets no answer at all.
 */
export function repliesOver(index: VpcIndex, stretch: VpcStretch): readonly JudgedHop[] {
  const { from, to, between, packet } = stretch;
  const reply = reversed(packet);
  const [there, here] = [subnetOf(to), subnetOf(from)];
  if (there !== undefined && there.id === here?.id) return [];
  return untilStopped(
    () => backOut(index, stretch, reply),
    () =>
      between.toReversed().map(({ device, id }) => openHop(device, id === undefined ? {} : { id })),
    () => intoSubnet(index, from, reply),
  );
}

function backOut(index: VpcIndex, stretch: VpcStretch, reply: VpcPacket): readonly JudgedHop[] {
  const { to, packet } = stretch;
  // A load balancer receives replies to the client whose address it preserves, whatever routes say.
  if (packet.carrier !== undefined) return outThroughAcl(index, to, reply);
  const { hops, routed } = outOfSubnet(index, to, reply);
  const verdict = verdictOf(hops);
  if (verdict === 'no-route') return hops.map((one) => deniedBy(one, one.by().map(lostReply)));
  if (verdict !== 'allowed' || routed?.target === undefined) return hops;
  if (leadsBack(stretch, routed.target)) return hops;
  const { evidence } = routed.decision;
  if (OPEN_ENDED.includes(routed.target.kind)) {
    const because = `whether replies to ${reply.destination} come back is not known: ${evidence.because}, and what lies behind it is in no template`;
    return hops.map((one) => ({
      ...one,
      verdict: 'unknown',
      by: () => [{ ...evidence, because }],
    }));
  }
  const because = `replies to ${reply.destination} do not go back the way the packet came: ${evidence.because}`;
  return hops.map((one) => deniedBy(one, [{ ...evidence, because }]));
}

const deniedBy = (one: JudgedHop, by: readonly Evidence[]): JudgedHop => ({
  ...one,
  verdict: 'denied',
  by: () => by,
});

const lostReply = (evidence: Evidence): Evidence => ({
  ...evidence,
  because: `the packet arrives, but its replies do not: ${evidence.because}`,
});

/** Targets whose other side may bring replies back by a way that is not in the templates. */
const OPEN_ENDED: readonly RouteTarget['kind'][] = [
  'transit-gateway',
  'network-interface',
  'vpc-endpoint',
];

/** Does a route lead replies back over a stretch, seen from its far end? */
function leadsBack({ from, to, peering }: VpcStretch, target: RouteTarget): boolean {
  if (to.kind !== 'interface' && to.kind !== 'nat') return true;
  if (from.kind === 'internet') return target.kind === 'internet-gateway';
  if (from.kind !== 'interface' && from.kind !== 'nat') return true;
  if (from.vpc.id === to.vpc.id) return target.kind === 'local';
  return target.kind === 'peering' && (peering === undefined || target.id === peering);
}

import type { Decision, Evidence, Hop, Verdict } from '../model/explanation';
import type { NatGateway, Subnet, Vpc } from '../model/vpc';
import { askAcl } from './network-acl';
import { askTable, type Routed } from './route';
import { askGroups } from './security-group';
import type { Told } from './station';
import type { Standpoint, VpcIndex } from './vpc-index';
import { reversed, type VpcPacket } from './vpc-packet';

/** Where a leg of the way begins or ends. */
export type Place =
  | ({ readonly kind: 'interface' } & Standpoint)
  /** `subnet` is absent for a regional NAT gateway. */
  | { readonly kind: 'nat'; readonly vpc: Vpc; readonly nat: NatGateway; readonly subnet?: Subnet }
  | { readonly kind: 'internet' }
  /** An AWS service behind a gateway endpoint. */
  | { readonly kind: 'service' };

/** A stretch of the way on which the packet's addresses stay as they are. */
export interface Leg {
  readonly from: Place;
  readonly to: Place;
  readonly packet: VpcPacket;
  /** Devices between the two, that pass packets on without a filter: gateways, a peering. */
  readonly between: readonly Hop[];
}

/** Hops so far, and what ended the way if something did. */
export interface Asked {
  readonly hops: readonly Hop[];
  readonly verdict: Verdict;
  /** What refused; or, where all let it through, everything that did. */
  readonly by: readonly Evidence[];
}

export const PASSED: Asked = { hops: [], verdict: 'allowed', by: [] };

/** Asks one device after another, until one does not let the packet on. */
export function inOrder(...questions: readonly (() => Asked)[]): Asked {
  return questions.reduce<Asked>((before, ask) => {
    if (before.verdict !== 'allowed') return before;
    const next = ask();
    const by = next.verdict === 'allowed' ? [...before.by, ...next.by] : next.by;
    return { hops: [...before.hops, ...next.hops], verdict: next.verdict, by };
  }, PASSED);
}

/** A hop whose decisions are all asked; the first that is no allowance is the answer. */
export function hop(device: string, decisions: readonly Decision[], told: Told = {}): Asked {
  const stop = decisions.find(({ kind }) => !PASSES.includes(kind));
  const hops = [{ device, decisions, ...told }];
  if (stop === undefined) {
    return { hops, verdict: 'allowed', by: decisions.map(({ evidence }) => evidence) };
  }
  const verdict = stop.kind === 'denied' || stop.kind === 'no-route' ? stop.kind : 'unknown';
  return { hops, verdict, by: [stop.evidence] };
}

const PASSES: readonly Decision['kind'][] = ['allowed', 'not-isolated', 'passed'];

/** The subnet a place stands in; the internet, a service and a regional NAT gateway stand in none. */
export const subnetOf = (place: Place): Subnet | undefined =>
  place.kind === 'interface' || place.kind === 'nat' ? place.subnet : undefined;

/** Security groups of the interface at a place, asked for a connection's first packet. */
export function atInterface(
  index: VpcIndex,
  place: Place,
  question: Parameters<typeof askGroups>[2],
): Asked {
  if (place.kind !== 'interface') return PASSED;
  const decision = askGroups(index, place.interface, question);
  return decision === undefined ? PASSED : hop(`interface ${place.interface.id}`, [decision]);
}

/** The network ACL of a place's subnet, for a packet that enters it. */
export function intoSubnet(index: VpcIndex, place: Place, packet: VpcPacket): Asked {
  const subnet = subnetOf(place);
  const acl = subnet === undefined ? undefined : index.acl(subnet);
  if (subnet === undefined || acl === undefined) return PASSED;
  return hop(`subnet ${subnet.name}`, askAcl(acl, 'ingress', packet));
}

/**
 * The network ACL and the route table of a place's subnet, for a packet that leaves it. AWS drops
 * silently either way; that there is no way at all says more than that an ACL would close it.
 */
export function outOfSubnet(
  index: VpcIndex,
  place: Place,
  packet: VpcPacket,
): { readonly asked: Asked; readonly routed?: Routed } {
  const subnet = subnetOf(place);
  const [acl, table] = subnet === undefined ? [] : [index.acl(subnet), index.table(subnet)];
  if (subnet === undefined || table === undefined) return { asked: PASSED };
  const device = `subnet ${subnet.name}`;
  const routed = askTable(index, table, packet.destination);
  const nobody = routed.target?.kind === 'local' && index.at(packet.destination) === undefined;
  if (routed.decision.kind === 'no-route' || nobody) {
    return { asked: hop(device, [routed.decision]), routed };
  }
  const filtered = acl === undefined ? [] : askAcl(acl, 'egress', packet);
  const stopped = filtered.some(({ kind }) => kind !== 'allowed');
  if (stopped) return { asked: hop(device, filtered) };
  return { asked: hop(device, [...filtered, routed.decision]), routed };
}

function aclOut(index: VpcIndex, place: Place, packet: VpcPacket): Asked {
  const subnet = subnetOf(place);
  const acl = subnet === undefined ? undefined : index.acl(subnet);
  if (subnet === undefined || acl === undefined) return PASSED;
  return hop(`subnet ${subnet.name}`, askAcl(acl, 'egress', packet));
}

/**
 * The replies on one leg, judged on their own: no security group (they remember the connection),
 * but both subnets' network ACLs, and the route table on the far side, which must lead back the
 * way the packet came. A missing way back is a denial: the caller hears nothing at all.
 */
export function backOver(index: VpcIndex, leg: Leg): Asked {
  const reply = reversed(leg.packet);
  const [there, here] = [subnetOf(leg.to), subnetOf(leg.from)];
  if (there !== undefined && there.id === here?.id) return PASSED;
  const between = (): Asked => ({
    hops: leg.between.toReversed().map(({ device }) => ({ device, decisions: [] })),
    verdict: 'allowed',
    by: [],
  });
  return inOrder(
    () => backOut(index, leg, reply),
    between,
    () => intoSubnet(index, leg.from, reply),
  );
}

function backOut(index: VpcIndex, leg: Leg, reply: VpcPacket): Asked {
  // A load balancer catches replies to the client it stands for: no route table is asked.
  if (leg.packet.carrier !== undefined) return aclOut(index, leg.to, reply);
  const { asked, routed } = outOfSubnet(index, leg.to, reply);
  if (asked.verdict === 'no-route')
    return { ...asked, verdict: 'denied', by: asked.by.map(asReply) };
  if (asked.verdict !== 'allowed' || routed?.target === undefined) return asked;
  const expected = wayBack(leg);
  if (expected === undefined || expected.includes(routed.target.kind)) return asked;
  const { evidence } = routed.decision;
  const because = `replies to ${reply.destination} do not go back the way the packet came: ${evidence.because}`;
  return { ...asked, verdict: 'denied', by: [{ ...evidence, because }] };
}

const asReply = (evidence: Evidence): Evidence => ({
  ...evidence,
  because: `the packet arrives, but its replies do not: ${evidence.because}`,
});

/** Kinds of route that lead back over a leg, seen from its far end. */
function wayBack({ from, to }: Leg): readonly string[] | undefined {
  if (to.kind !== 'interface' && to.kind !== 'nat') return undefined;
  if (from.kind === 'internet') return ['internet-gateway'];
  if (from.kind !== 'interface' && from.kind !== 'nat') return undefined;
  return from.vpc.id === to.vpc.id ? ['local'] : ['peering'];
}

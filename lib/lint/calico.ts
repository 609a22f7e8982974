import { policyTie } from '../model/calico-release';
import type { Finding } from '../model/finding';
import type { Peer, Policy } from '../model/policy';
import { byOrder } from '../model/policy-order';
import { matches } from '../model/selector';
import { type PreparedWorld, rulesOf } from './prepared';
import { about, objectOf, some } from './words';

/** What Calico does that its users do not expect, and where its releases differ. */
export const checkCalico = (prepared: PreparedWorld): readonly Finding[] => [
  ...icmpCodes(prepared),
  ...untrackedReplies(prepared),
  ...setsAsNamespaces(prepared),
  ...ordersByRelease(prepared),
];

/** Felix up to 3.32 panics where it renders such a rule for nftables (observed with v3.32.1). */
const icmpCodes = ({ world }: PreparedWorld): readonly Finding[] =>
  rulesOf(world.policies).flatMap((at) => {
    const { traffic } = at.rule;
    const coded =
      traffic !== 'any' &&
      traffic.some(({ icmp, notIcmp }) => icmp?.code !== undefined || notIcmp?.code !== undefined);
    if (!coded) return [];
    return about(at, {
      code: 'icmp-code-in-nftables',
      severity: 'warning',
      why: 'it matches an ICMP type with a code: where Calico uses nftables, Felix ends with a panic on such a rule, and the node keeps its old rules',
      fix: 'leave the code out, or use the iptables or eBPF data plane',
    });
  });

/** Replies of an untracked flow belong to no connection, and nftables lets them past the policy. */
const untrackedReplies = ({ world: { policies, hostEndpoints } }: PreparedWorld) =>
  policies
    .filter(({ hook }) => hook === 'untracked' && hostEndpoints.length > 0)
    .map(
      (policy): Finding => ({
        code: 'untracked-replies',
        severity: 'note',
        object: objectOf(policy),
        why: 'it is doNotTrack: where Calico uses nftables, replies of its flows pass host endpoints without being asked about by any policy',
        fix: 'do not count on a host endpoint to stop replies of untracked flows in nftables mode',
      }),
    );

const ADMIN_KINDS: ReadonlySet<Policy['kind']> = new Set([
  ...(['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'] as const),
]);

/** Calico turns a peer of namespaces into a selector, which finds network sets of them too. */
const setsAsNamespaces = ({ world }: PreparedWorld): readonly Finding[] =>
  rulesOf(world.policies.filter(({ kind }) => ADMIN_KINDS.has(kind))).flatMap((at) => {
    const side = at.rule[at.direction === 'ingress' ? 'source' : 'destination'];
    const peers: readonly Peer[] = side === 'any' ? [] : side;
    const found = world.networkSets.filter(({ labels }) =>
      peers.some(({ selector }) => selector !== undefined && matches(selector, labels)),
    );
    if (found.length === 0) return [];
    const names = found.map(({ namespace, name }) =>
      namespace === undefined ? name : `${namespace}/${name}`,
    );
    return about(at, {
      code: 'network-set-as-namespace',
      severity: 'warning',
      why: `its peer names namespaces, and Calico also takes the addresses of the network set ${some(names)} for it`,
      fix: 'move the network set to a namespace that the peer does not select',
    });
  });

/** Policies of one order that 3.31 and 3.32 ask in another sequence. */
function ordersByRelease({ world: { policies, calico } }: PreparedWorld): readonly Finding[] {
  if (calico === undefined) return [];
  const enforced = policies.filter(({ staged }) => staged === 'no');
  const sorted = enforced.toSorted(byOrder);
  return sorted.slice(1).flatMap((policy, i): Finding[] => {
    const before = sorted[i];
    if (before === undefined || before.tier !== policy.tier || before.order !== policy.order) {
      return [];
    }
    const first = (release: '3.31' | '3.32'): boolean =>
      policyTie(before, release) < policyTie(policy, release);
    if (first('3.31') === first('3.32') || !mayMeet(before, policy)) return [];
    if (onlyAllow(before) && onlyAllow(policy)) return [];
    return [
      {
        code: 'order-by-release',
        severity: 'note',
        object: objectOf(policy),
        why: `it has the order of ${objectOf(before)}, and Calico 3.31 and 3.32 break the tie in opposite ways (judged here: ${calico})`,
        fix: 'give one of the two another order',
      },
    ];
  });
}

/** Policies that only allow decide the same in any sequence. */
const onlyAllow = ({ ingress = [], egress = [] }: Policy): boolean =>
  [...ingress, ...egress].every(({ action }) => action === 'allow');

/** Whether both may apply to one endpoint: those of two namespaces never do. */
const mayMeet = (a: Policy, b: Policy): boolean =>
  a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;

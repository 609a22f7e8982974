import type { Decision, Evidence, Explanation } from '../model/explanation';
import type { Direction } from '../model/flow';
import { type Policy, type PolicyKind, policyName } from '../model/policy';
import type { StagedMode } from '../model/policy-order';
import { DEFAULT, filterOf } from '../model/rule-name';
import type { PodEndpoint, World } from '../model/world';

/** One policy of a flow log's trace (Calico: whisker-backend's `PolicyHit`). */
export interface PolicyHit {
  /** `EndOfTier`: the tier's default action decided; `Profile`: no policy did. */
  readonly kind: PolicyKind | 'EndOfTier' | 'Profile';
  readonly name: string;
  /** Empty for kinds without one. */
  readonly namespace: string;
  readonly tier: string;
  readonly action: 'Allow' | 'Deny' | 'Pass' | 'ActionUnspecified';
  /** Place in the trace, from 0. */
  readonly policy_index: number;
  /** Place of the rule in its policy, from 0; -1 at the end of a tier. */
  readonly rule_index: number;
  /** At the end of a tier: the first policy of it that applied; it took no action of its own. */
  readonly trigger: PolicyHit | null;
}

/** Whose policies, in which direction, and whether staged ones counted. */
export interface PolicyQuery {
  readonly pod: PodEndpoint;
  readonly side: Direction;
  readonly staged: StagedMode;
}

/**
 * Policies asked at a pod, in order; `undefined` where the packet never came there. Staged policies
 * stop no packet, so what they would say is asked at both ends, whatever the first one says.
 */
export function policyTrace(
  world: World,
  { trace }: Explanation,
  asked: PolicyQuery,
): readonly PolicyHit[] | undefined {
  const { pod, side, staged } = asked;
  const isWritten = staged === 'as-written';
  const hops = isWritten ? trace.forward : [...trace.forward, ...(trace.unreached ?? [])];
  const hop = side === 'egress' ? hops.at(0) : hops.at(-1);
  if (hop?.device !== `pod ${pod.namespace}/${pod.name}`) return undefined;
  const hits = hop.decisions
    .filter(({ evidence }) => evidence.direction === side && POLICY_FILTERS.has(evidence.filter))
    .flatMap((decision) => hitOf(world, decision, asked));
  // Everybody who isolates is cited at the end of a tier; Calico's trace has the first of them.
  const end = hits.findIndex(({ kind, action }) => kind === 'EndOfTier' && action === 'Deny');
  const asCalico = end === -1 ? hits : hits.slice(0, end + 1);
  return asCalico.map((hit, policy_index) => ({ ...hit, policy_index }));
}

const POLICY_FILTERS: ReadonlySet<Evidence['filter']> = new Set([
  'network-policy',
  'calico-policy',
  'cluster-network-policy',
]);

const DEFAULTS: ReadonlySet<string> = new Set([DEFAULT.notIsolated, DEFAULT.profile]);

function hitOf(
  world: World,
  { kind, evidence }: Decision,
  asked: PolicyQuery,
): readonly PolicyHit[] {
  const { direction, rule } = evidence;
  if (DEFAULTS.has(evidence.object)) return [profileHit(asked.pod)];
  const policy = policyOf(world, evidence, asked.staged);
  const action = policy?.[direction]?.find(({ index }) => index === rule)?.action;
  if (policy === undefined || action === 'log') return [];
  const hit: PolicyHit = {
    kind: policy.kind,
    name: policy.name,
    namespace: policy.namespace ?? '',
    tier: policy.tier,
    action: ACTION[kind],
    policy_index: 0,
    rule_index: rule ?? -1,
    trigger: null,
  };
  if (rule !== null) return [hit];
  const trigger: PolicyHit = { ...hit, action: 'ActionUnspecified', rule_index: 0 };
  return [{ ...hit, kind: 'EndOfTier', name: '', namespace: '', trigger }];
}

const ACTION: Readonly<Record<Decision['kind'], PolicyHit['action']>> = {
  'not-isolated': 'Allow',
  allowed: 'Allow',
  denied: 'Deny',
  'no-route': 'Deny',
  passed: 'Pass',
  unknown: 'Pass',
};

/** The object that evidence cites; as if enforced, what a staged one replaces is not asked. */
function policyOf(world: World, evidence: Evidence, staged: StagedMode): Policy | undefined {
  const named = world.policies.filter(
    (one) => filterOf(one.kind) === evidence.filter && policyName(one) === evidence.object,
  );
  const enforced = named.find((one) => one.staged === 'no');
  if (staged === 'as-written') return enforced;
  return named.find((one) => one.staged === 'set') ?? enforced;
}

/** What is left when no policy decides: the profile of the namespace, which allows (`kns.`). */
const profileHit = ({ namespace }: PodEndpoint): PolicyHit => ({
  kind: 'Profile',
  name: `kns.${namespace}`,
  namespace: '',
  tier: '',
  action: 'Allow',
  policy_index: 0,
  rule_index: 0,
  trigger: null,
});

import { policyTie } from './calico-release';
import { BUILT_IN_TIERS, type Policy, type PolicyKind, type Tier } from './policy';

/** A tier and its policies, in the order they are asked. */
export interface OrderedTier {
  readonly tier: Tier;
  readonly policies: readonly Policy[];
}

/** How staged policies count: not at all, or as if each were promoted. */
export type StagedMode = 'as-written' | 'as-enforced';

/**
 * The policies that decide, tier by tier in the order asked (Calico: felix/calc/policy_sorter.go):
 * tiers by order, ties by name; policies by order, ties by what their release of Calico compares.
 *
 * `as-written`, staged policies are left out. `as-enforced`, each is promoted: `set` replaces the
 * enforced policy of the same kind, namespace and name or is added, `delete` removes it, `ignore`
 * does nothing. Tiers without a policy are left out; built-in tiers need not be in `tiers`.
 */
export function orderTiers(
  tiers: readonly Tier[],
  policies: readonly Policy[],
  staged: StagedMode,
): readonly OrderedTier[] {
  const enforced = staged === 'as-written' ? policies.filter(isEnforced) : promote(policies);
  const known = new Map([...BUILT_IN_TIERS, ...tiers].map((tier) => [tier.name, tier]));
  return [...known.values()]
    .sort((a, b) => compare(a.order, b.order) || compare(a.name, b.name))
    .map((tier) => ({
      tier,
      policies: enforced.filter((policy) => policy.tier === tier.name).sort(byOrder),
    }))
    .filter(({ policies }) => policies.length > 0);
}

/** Order of two policies of one tier. */
export const byOrder = (a: Policy, b: Policy): number =>
  compare(a.order, b.order) || compare(tieBreak(a), tieBreak(b));

const isEnforced = (policy: Policy): boolean => policy.staged === 'no';

const tieBreak = (policy: Policy): string => policy.tie ?? policyTie(policy, '3.32');

function compare<T extends number | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const PROMOTED: Partial<Record<PolicyKind, PolicyKind>> = {
  StagedNetworkPolicy: 'CalicoNetworkPolicy',
  StagedGlobalNetworkPolicy: 'GlobalNetworkPolicy',
  StagedKubernetesNetworkPolicy: 'NetworkPolicy',
};

function promote(policies: readonly Policy[]): readonly Policy[] {
  const result = new Map(policies.filter(isEnforced).map((policy) => [identity(policy), policy]));
  for (const policy of policies) {
    if (policy.staged === 'delete') result.delete(identity(policy));
    if (policy.staged === 'set') result.set(identity(policy), policy);
  }
  return [...result.values()];
}

const identity = (policy: Policy): string =>
  `${PROMOTED[policy.kind] ?? policy.kind}|${policy.namespace ?? ''}|${policy.name}`;

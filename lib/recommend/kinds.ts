import type { FlowNote } from '../model/flow-evidence';
import type { World } from '../model/world';
import { asCalico } from './calico';
import { asClusterNetworkPolicies, callersOutside } from './cluster-network-policy';
import { type Enforcement, type PolicyObject, staleNames } from './objects';
import type { Recommendation } from './recommend';
import { STALE } from './review';
import { type SetPolicy, setPolicyName } from './set-policy';

/** Kinds that a set can be written in. */
export const SET_KINDS = ['network-policy', 'calico', 'cluster-network-policy'] as const;
export type SetKind = (typeof SET_KINDS)[number];

/** A recommendation whose policies are of one of these kinds. */
export interface WrittenSet extends Omit<Recommendation, 'policies'> {
  readonly policies: readonly SetPolicy[];
}

/** How a set is written. */
export interface SetForm {
  readonly kind: SetKind;
  readonly enforcement: Enforcement;
  /** Calico's tier. */
  readonly tier: string;
}

/** The same policies in another kind, with the same evidence, and what that kind cannot say. */
export function inKind(world: World, recommendation: Recommendation, form: SetForm): WrittenSet {
  const { policies: written, evidence, notes } = recommendation;
  if (form.kind === 'network-policy') return recommendation;
  const translated = new Map(
    written.map((policy) => [setPolicyName(policy), translate(policy, form)]),
  );
  const policies = [...translated.values()].flat();
  const stale = staleNames(world, policies);
  return {
    ...recommendation,
    policies,
    evidence: evidence.map((rule) => ({
      ...rule,
      policies: rule.policies.flatMap((name) => (translated.get(name) ?? []).map(setPolicyName)),
    })),
    notes: [
      ...notes.filter(({ kind }) => kind !== 'stale'),
      ...(form.kind === 'cluster-network-policy' ? outsideNotes(written) : []),
      ...(stale.length > 0 ? [{ kind: 'stale', ...STALE, count: stale.length, calls: stale }] : []),
    ],
  };
}

const translate = (
  policy: PolicyObject,
  { kind, tier, enforcement }: SetForm,
): readonly SetPolicy[] =>
  kind === 'calico' ? [asCalico(policy, tier, enforcement)] : asClusterNetworkPolicies(policy);

function outsideNotes(written: readonly PolicyObject[]): readonly FlowNote[] {
  const calls = written.flatMap((policy) =>
    callersOutside(policy).map((block) => `${block} -> ${setPolicyName(policy)}`),
  );
  return [
    {
      kind: 'open-from-outside',
      problem:
        'ClusterNetworkPolicy has no rule for callers outside the cluster: they stay allowed, seen or not',
      fix: 'close them with a NetworkPolicy, or take --kind calico',
      ...(calls.length > 0 && { count: calls.length, calls }),
    },
  ];
}

import type { Direction } from '../../model/flow';
import type { Policy, PolicyHook } from '../../model/policy';
import type { OrderedTier } from '../../model/policy-order';
import { type Labels, matchesWhereKnown } from '../../model/selector';
import type { AppliedTier } from './types';

/** Whom policies apply to, and where on the way they are asked. */
export interface PolicySubject {
  readonly labels: Labels;
  /** Prefixes of labels that it may have beyond those (`PodEndpoint.openLabels`). */
  readonly openLabels?: readonly string[];
  readonly direction: Direction;
  readonly hooks: readonly PolicyHook[];
}

/** Hooks of the policies that workloads meet: what is special to host endpoints is not for them. */
export const WORKLOAD_HOOKS: readonly PolicyHook[] = ['normal', 'apply-on-forward'];

/** The tiers with only the policies that select the subject, or may, and claim the direction. */
export function tiersFor(
  tiers: readonly OrderedTier[],
  subject: PolicySubject,
): readonly AppliedTier[] {
  const { labels, openLabels = [] } = subject;
  const perhaps = new Set<Policy>();
  const applies = (policy: Policy): boolean => {
    if (!claims(policy, subject)) return false;
    const match = matchesWhereKnown(policy.subject, labels, openLabels);
    if (match === undefined || (match && policy.uncertain !== undefined)) perhaps.add(policy);
    return match !== false;
  };
  return withDoubts(selectTiers(tiers, applies), perhaps);
}

/** Marks the policies of each tier that may select the subject. */
export const withDoubts = (
  tiers: readonly OrderedTier[],
  doubted: ReadonlySet<Policy>,
): readonly AppliedTier[] =>
  doubted.size === 0
    ? tiers
    : tiers.map((one) => {
        const perhaps = one.policies.filter((policy) => doubted.has(policy));
        return perhaps.length === 0 ? one : { ...one, perhaps: new Set(perhaps) };
      });

/** Does the policy say anything in this direction, here on the way? */
export const claims = (
  policy: Policy,
  { direction, hooks }: Pick<PolicySubject, 'direction' | 'hooks'>,
): boolean => policy[direction] !== undefined && hooks.includes(policy.hook);

/** The tiers with some of their policies; a tier without one is skipped, and its default with it. */
export const selectTiers = (
  tiers: readonly OrderedTier[],
  test: (policy: Policy) => boolean,
): readonly OrderedTier[] =>
  tiers.flatMap(({ tier, policies }) => {
    const applied = policies.filter(test);
    return applied.length === 0 ? [] : [{ tier, policies: applied }];
  });

import type { Direction } from '../../model/flow';
import type { Policy, PolicyHook } from '../../model/policy';
import type { OrderedTier } from '../../model/policy-order';
import { type Labels, matches } from '../../model/selector';

/** Whom policies apply to, and where on the way they are asked. */
export interface PolicySubject {
  readonly labels: Labels;
  readonly direction: Direction;
  readonly hooks: readonly PolicyHook[];
}

/** Hooks of the policies that workloads meet: what is special to host endpoints is not for them. */
export const WORKLOAD_HOOKS: readonly PolicyHook[] = ['normal', 'apply-on-forward'];

/** The tiers with only the policies that select the subject and claim the direction. */
export const tiersFor = (tiers: readonly OrderedTier[], subject: PolicySubject) =>
  selectTiers(
    tiers,
    (policy) => claims(policy, subject) && matches(policy.subject, subject.labels),
  );

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

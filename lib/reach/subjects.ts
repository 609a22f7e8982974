import type { Direction } from '../model/flow';
import type { Policy, PolicyHook } from '../model/policy';
import type { OrderedTier } from '../model/policy-order';
import { type Labels, matches } from '../model/selector';

/** Whom policies apply to, and where on the way they are asked. */
export interface Subject {
  readonly labels: Labels;
  readonly direction: Direction;
  readonly hooks: readonly PolicyHook[];
}

/** Hooks of the policies that workloads meet: what is special to host endpoints is not for them. */
export const WORKLOAD_HOOKS: readonly PolicyHook[] = ['normal', 'apply-on-forward'];

/**
 * The tiers with only the policies that select the subject and claim the direction; tiers without
 * one are skipped, and their default with them.
 */
export function tiersFor(tiers: readonly OrderedTier[], subject: Subject): readonly OrderedTier[] {
  return tiers.flatMap(({ tier, policies }) => {
    const applied = policies.filter((policy) => applies(policy, subject));
    return applied.length === 0 ? [] : [{ tier, policies: applied }];
  });
}

const applies = (policy: Policy, { labels, direction, hooks }: Subject): boolean =>
  policy[direction] !== undefined && hooks.includes(policy.hook) && matches(policy.subject, labels);

import type { World } from '../../model/world';
import type { TwoWorlds } from './differences';

/** Whether both worlds have the same tiers and policies, whatever they are called; one line where not. */
export function comparePolicies({ required, found }: TwoWorlds): readonly string[] {
  const [wanted, seen] = [policiesOf(required), policiesOf(found)];
  const missing = wanted.filter((one) => !seen.includes(one)).length;
  const more = seen.filter((one) => !wanted.includes(one)).length;
  if (missing + more === 0) return [];
  return [`policies and tiers: ${missing} of the step are missing, ${more} others are in force`];
}

const policiesOf = ({ policies, tiers }: World): readonly string[] =>
  [
    ...policies.map((policy) => ({ ...policy, name: '', order: String(policy.order) })),
    ...tiers.map((tier) => ({ ...tier, order: String(tier.order) })),
  ].map((one) => JSON.stringify(one));

import type { Check } from '../lab/check';

/** What a check found on a cluster. `wrong` says what was seen, what that means, where to look. */
export type CheckResult =
  | { readonly kind: 'right'; readonly check: Check; readonly saw: string }
  | {
      readonly kind: 'wrong';
      readonly check: Check;
      readonly saw: string;
      readonly means: string;
      readonly look: string;
    }
  /** A cluster does not answer it; says who does, and is counted apart from both others. */
  | { readonly kind: 'elsewhere'; readonly check: Check; readonly why: string };

export const right = (check: Check, saw: string): CheckResult => ({ kind: 'right', check, saw });

export const wrong = (
  check: Check,
  { saw, means, look }: { readonly saw: string; readonly means: string; readonly look: string },
): CheckResult => ({ kind: 'wrong', check, saw, means, look });

export const elsewhere = (check: Check, why: string): CheckResult => ({
  kind: 'elsewhere',
  check,
  why,
});

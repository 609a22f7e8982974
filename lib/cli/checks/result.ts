import type { Check } from '../../lab/check';

/** What a check found. `wrong` says what was seen, what that means and where to look. */
export type CheckResult =
  | { readonly kind: 'right'; readonly check: Check; readonly saw: string }
  | {
      readonly kind: 'wrong';
      readonly check: Check;
      readonly saw: string;
      readonly means: string;
      readonly look: string;
    }
  /** This target cannot answer it; says why, and is counted apart from both others. */
  | { readonly kind: 'elsewhere'; readonly check: Check; readonly why: string };

/** How checks of one kind are carried out: all together, answers in the order asked. */
export type Run<C extends Check> = (checks: readonly C[]) => Promise<readonly CheckResult[]>;

export const right = (check: Check, saw: string): CheckResult => ({ kind: 'right', check, saw });

export const wrong = (
  check: Check,
  { saw, means, look }: { readonly saw: string; readonly means: string; readonly look: string },
): CheckResult => ({ kind: 'wrong', check, saw, means, look });

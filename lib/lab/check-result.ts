import type { Check } from './check';

/** What a check found. `wrong` says what was seen, what that means and where to look. */
export type CheckResult =
  | { readonly kind: 'right'; readonly check: Check; readonly saw: string }
  | {
      readonly kind: 'wrong';
      readonly check: Check;
      readonly saw: string;
      readonly means: string;
      readonly look: string;
      /** What differs, a line each and at most ten; the first is `saw`. Absent: `saw` says it all. */
      readonly parts?: readonly string[];
    }
  /** This target cannot answer it; says why, and is counted apart from both others. */
  | { readonly kind: 'elsewhere'; readonly check: Check; readonly why: string };

export const right = (check: Check, saw: string): CheckResult => ({ kind: 'right', check, saw });

/** What a wrong result says. */
type Wrongness = Omit<Extract<CheckResult, { readonly kind: 'wrong' }>, 'kind' | 'check'>;

export const wrong = (check: Check, said: Wrongness): CheckResult => ({
  kind: 'wrong',
  check,
  ...said,
});

export const elsewhere = (check: Check, why: string): CheckResult => ({
  kind: 'elsewhere',
  check,
  why,
});

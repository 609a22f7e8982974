import type { Check, FlowCheck } from './check';

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

/** How a target carries checks out. */
export interface Carrier {
  /** All flows in one go: each denial is a wait, and waits can be shared. */
  readonly flows: (checks: readonly FlowCheck[]) => Promise<readonly CheckResult[]>;
  readonly one: (check: Exclude<Check, FlowCheck>) => Promise<CheckResult> | CheckResult;
}

/** Carries out checks, the flows together and the others one by one; results in the order asked. */
export async function carryOut(
  checks: readonly Check[],
  { flows, one }: Carrier,
): Promise<readonly CheckResult[]> {
  const asked = checks.filter((check): check is FlowCheck => check.kind === 'flow');
  const answered = new Map((await flows(asked)).map((result, i) => [asked[i], result]));
  const results: CheckResult[] = [];
  for (const check of checks) {
    const result = check.kind === 'flow' ? answered.get(check) : await one(check);
    if (result !== undefined) results.push(result);
  }
  return results;
}

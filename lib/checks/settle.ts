import type { Check } from '../lab/check';
import type { CheckResult } from '../lab/check-result';
import { type CheckSubject, runChecks } from './run';

/** How long a network may take to settle before what it shows counts, in milliseconds. */
const DEADLINE_MS = 1_500;

/**
 * Carries out checks until two runs in a row agree, or all are right, or the deadline has passed: a
 * network may still be changing when it is first looked at.
 */
export async function settledChecks(
  checks: readonly Check[],
  subject: CheckSubject,
): Promise<readonly CheckResult[]> {
  const deadline = performance.now() + DEADLINE_MS;
  let last = await runChecks(checks, subject);
  while (!last.every(isRight) && performance.now() < deadline) {
    const next = await runChecks(checks, subject);
    if (sameKinds(last, next)) return next;
    last = next;
  }
  return last;
}

const isRight = ({ kind }: CheckResult): boolean => kind === 'right';

const sameKinds = (a: readonly CheckResult[], b: readonly CheckResult[]): boolean =>
  a.every((result, i) => result.kind === b[i]?.kind);

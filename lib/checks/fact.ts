import type { FactCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { askFact, judgeFact } from '../lab/fact';
import { judged } from './judged';
import type { Target } from './target';

/** Reads a fact of a machine's network with one read-only command. */
export async function checkFact(check: FactCheck, target: Target): Promise<CheckResult> {
  const answer = await target.runOn(check.in, askFact(check.fact));
  return judged(check, answer, (stdout) => {
    const finding = judgeFact(check.fact, stdout);
    return finding.kind === 'right' ? right(check, finding.saw) : wrong(check, finding);
  });
}

import { type CheckResult, elsewhere, right, wrong } from '../lab/check-result';
import { judged } from './judged';
import { expectedOutcome, needsControl, OUTCOME_MEANING } from './outcomes';
import type { AttemptCheck, AttemptsMade, MadeAttempt, TargetAnswer } from './target';

/**
 * Judges the attempts of a flow or a ping: every one must show the expected outcome. A denial counts
 * only where the same destination answered its control in the same run.
 */
export const judgeAttempts = (
  check: AttemptCheck,
  answer: TargetAnswer<AttemptsMade>,
): CheckResult => judged(check, answer, (made) => judgeMade(check, made));

function judgeMade(check: AttemptCheck, { tried, controls }: AttemptsMade): CheckResult {
  const expected = expectedOutcome(check);
  const [first] = tried;
  if (first === undefined) {
    return wrong(check, {
      saw: 'no attempt was made',
      means: `no end has the name ${check.from} or ${check.to} now`,
      look: 'lab matrix',
    });
  }
  const untried = tried.find(({ outcome }) => outcome === 'unsupported');
  const other = tried.find(({ outcome }) => outcome !== expected && outcome !== 'unsupported');
  if (other !== undefined) return differs(check, other);
  if (untried !== undefined) return elsewhere(check, `${untried.name}: ${meaningOf(untried)}`);
  const dead = needsControl(check)
    ? controls.find(({ outcome }) => outcome !== 'connected')
    : undefined;
  if (dead?.outcome === 'unsupported') {
    return elsewhere(check, `the control ${dead.name} cannot be made: ${meaningOf(dead)}`);
  }
  if (dead !== undefined) return unproven(check, dead);
  return right(check, `${tried.length} of ${tried.length} ${expected}`);
}

const differs = (check: AttemptCheck, attempt: MadeAttempt): CheckResult =>
  wrong(check, {
    saw: `${attempt.name} was ${attempt.outcome}, expected ${expectedOutcome(check)}`,
    means: meaningOf(attempt),
    look: attempt.look,
  });

const unproven = (check: AttemptCheck, { name, outcome, look }: MadeAttempt): CheckResult =>
  wrong(check, {
    saw: `the control ${name} was ${outcome}`,
    means:
      'the destination does not answer its control either, so its silence does not prove a filter',
    look,
  });

const meaningOf = ({ because, outcome }: MadeAttempt): string =>
  because === '' ? OUTCOME_MEANING[outcome] : because;

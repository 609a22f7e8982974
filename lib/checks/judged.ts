import type { Check } from '../lab/check';
import { type CheckResult, elsewhere, wrong } from '../lab/check-result';
import type { TargetAnswer } from './target';

/** Judges a value that a target answered; without one the result says why there is none. */
export function judged<T>(
  check: Check,
  answer: TargetAnswer<T>,
  judge: (value: T) => CheckResult,
): CheckResult {
  switch (answer.kind) {
    case 'answered':
      return judge(answer.value);
    case 'missing':
      return wrong(check, {
        saw: answer.what,
        means: 'the check names something that does not exist or does not work now',
        look: answer.look,
      });
    case 'elsewhere':
      return elsewhere(check, answer.reason);
  }
}

import { judgeAnswer, sayText, wrongBecause } from '../lab/answer';
import type { AnswerCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import type { LabProgress } from '../lab/progress';
import { judged } from './judged';
import { answered, type Target, type TargetAnswer } from './target';

/** Judges what the learner typed; a value that differs from machine to machine is read now. */
export async function checkAnswer(
  check: AnswerCheck,
  target: Target,
  progress: LabProgress | undefined,
): Promise<CheckResult> {
  const { question } = check;
  const typed = progress?.answers[question.id];
  const look = `lab answer ${question.id} <your answer>`;
  if (typed === undefined) {
    return wrong(check, { saw: 'no answer yet', means: sayText(question), look });
  }
  return judged(check, await observedValues(check, target), (observed) =>
    judgeAnswer(question.accept, typed, observed) === 'right'
      ? right(check, `${typed}: ${question.because}`)
      : wrong(check, { saw: `'${typed}'`, means: wrongBecause(question.accept, typed), look }),
  );
}

/** The values that an answer about the running environment may have; none for other answers. */
export async function observedValues(
  { question: { accept } }: Pick<AnswerCheck, 'question'>,
  target: Target,
): Promise<TargetAnswer<readonly string[]>> {
  return accept.kind === 'observed' ? target.observe(accept.fact, accept.of) : answered([]);
}

import { judgeAnswer, notRight, type Question } from '../lab/answer';
import type { Lab } from '../lab/format';
import { allQuestions } from '../lab/validate';
import { Failure } from '../model/problem';
import { openExam } from './exam';
import { record } from './learner';

/** What a learner's answer is worth. */
export interface JudgedAnswer {
  readonly question: Question;
  /** `noted`: only the environment knows the right answer, and a check compares it. */
  readonly verdict: 'right' | 'wrong' | 'noted';
  /** Why it is right, or what is wrong about it; empty where it was noted. */
  readonly why: string;
}

/**
 * Keeps a learner's answer to a question of a lab, and judges it.
 * @throws Failure `unknown-question`
 */
export function answerQuestion(lab: Lab<string>, id: string, typed: string): JudgedAnswer {
  const all = allQuestions(lab);
  const question = all.find((one) => one.id === id);
  if (question === undefined) {
    const known = all.map((one) => one.id).join(', ');
    throw new Failure('unknown-question', `lab ${lab.id} has no question '${id}'`, `use ${known}`);
  }
  const { accept, because } = question;
  const isWrong = accept.kind !== 'observed' && judgeAnswer(accept, typed) === 'wrong';
  record(lab.id, {
    kind: 'answered',
    question: id,
    answer: typed,
    ...(isWrong && { isWrong }),
  });
  if (accept.kind === 'observed') return { question, verdict: 'noted', why: '' };
  // An exam does not explain.
  const inExam = openExam()?.lab === lab.id;
  return isWrong
    ? { question, verdict: 'wrong', why: inExam ? 'Not right.' : notRight(accept, typed) }
    : { question, verdict: 'right', why: inExam ? '' : because };
}

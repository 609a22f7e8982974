import type { Lab, Step } from '../lab/format';
import { currentStep, nextHint } from '../lab/progress';
import { refuseInExam } from './exam';
import { progressIn, record } from './learner';

/** A hint of a step. */
export interface HintTaken {
  readonly step: Step;
  /** `last`: every hint was taken before, and this is the last one again. */
  readonly kind: 'next' | 'last';
  readonly text: string;
  /** How many hints of the step are taken now. */
  readonly taken: number;
}

/**
 * Takes the next hint of the step that the learner is at, and keeps that it was taken; `undefined` where
 * every step is done.
 * @throws Failure `in-exam`
 */
export function takeHint(lab: Lab<string>): HintTaken | undefined {
  refuseInExam(lab.id, 'lab hint');
  const progress = progressIn(lab.id);
  const step = currentStep(lab, progress);
  if (step === undefined) return undefined;
  const text = nextHint(step, progress);
  if (text === undefined)
    return { step, kind: 'last', text: step.hints.at(-1) ?? '', taken: step.hints.length };
  const taken = record(lab.id, { kind: 'hint-taken', step: step.id })?.hints[step.id] ?? 1;
  return { step, kind: 'next', text, taken };
}

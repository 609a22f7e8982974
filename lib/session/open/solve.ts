import type { Step } from '../../lab/format';
import { currentStep } from '../../lab/progress';
import { refuseInExam } from '../exam';
import { progressIn, record } from '../learner';
import type { AppliedSolution, SolveOptions, UpLab } from '../types';

/** A step whose solution was applied. */
export interface SolvedStep {
  readonly step: Step;
  readonly applied: AppliedSolution;
}

/**
 * Applies the solution of the step that the learner is at, and keeps that it was asked for; `undefined`
 * where every step is done.
 */
export async function solveStep(
  { lab, solve }: UpLab,
  options: SolveOptions = {},
): Promise<SolvedStep | undefined> {
  refuseInExam(lab.id, 'lab solve');
  const step = currentStep(lab, progressIn(lab.id));
  if (step === undefined) return undefined;
  record(lab.id, { kind: 'solution-taken', step: step.id });
  return { step, applied: await solve(step.solution, options) };
}

import { isPassed } from '../../checks/run';
import type { CheckResult } from '../../lab/check-result';
import type { Lab, Step } from '../../lab/format';
import { currentStep } from '../../lab/progress';
import { Failure } from '../../model/problem';
import { progressIn, record } from '../learner';
import type { UpLab } from '../types';

/** A step whose checks were carried out. */
export interface CheckedStep {
  readonly step: Step;
  readonly results: readonly CheckResult[];
  readonly passed: boolean;
}

/**
 * Checks a step of a lab that is up, and keeps whether it passed; `undefined` where none is named and
 * every step is done.
 * @param named id of the step; the one that the learner is at where absent
 * @throws Failure `unknown-step`
 */
export async function checkStep(
  { lab, check }: UpLab,
  named: string | undefined,
): Promise<CheckedStep | undefined> {
  const before = progressIn(lab.id);
  const step = named === undefined ? currentStep(lab, before) : stepOf(lab, named);
  if (step === undefined) return undefined;
  const results = await check(step.checks, before);
  const passed = isPassed(results);
  record(lab.id, { kind: passed ? 'step-passed' : 'check-failed', step: step.id });
  return { step, results, passed };
}

function stepOf(lab: Lab<string>, id: string): Step {
  const step = lab.steps.find((one) => one.id === id);
  if (step !== undefined) return step;
  const known = lab.steps.map((one) => one.id).join(', ');
  throw new Failure('unknown-step', `lab ${lab.id} has no step '${id}'`, `use ${known}`);
}

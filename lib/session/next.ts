import type { Lab } from '../lab/format';
import { currentStep, type LabProgress } from '../lab/progress';

/** The task that comes next in a lab, as `--json` prints it. */
export function nextTask(lab: Lab<string>, progress: LabProgress | undefined) {
  const step = currentStep(lab, progress);
  const next = step === undefined ? null : { step: step.id, task: step.task };
  return { lab: lab.id, next, progress: progress ?? null };
}

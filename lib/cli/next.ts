import type { Lab } from '../lab/format';
import { currentStep, type LabProgress } from '../lab/progress';
import type { Terminal } from './terminal';

interface Where {
  readonly lab: Lab<string>;
  readonly progress: LabProgress | undefined;
  readonly json?: true;
}

/** Prints the task that comes next, and what to type; or what comes after the last one. */
export function printTask(terminal: Terminal, { lab, progress, json }: Where): void {
  const step = currentStep(lab, progress);
  if (json) {
    const task = step === undefined ? null : { step: step.id, task: step.task };
    terminal.out(JSON.stringify({ lab: lab.id, next: task, progress: progress ?? null }));
    return;
  }
  if (step === undefined) {
    terminal.out(`Every step of ${lab.id} is done.`);
    terminal.out(`\nNext: lab down, then lab list`);
    return;
  }
  const place = `${lab.steps.indexOf(step) + 1}/${lab.steps.length}`;
  terminal.out(`\n${terminal.palette.strong(`Step ${place} ${step.id}`)}: ${step.task}`);
  terminal.out('\nNext: lab check, lab hint, lab matrix');
}

import { askText, judgeAnswer } from '../lab/answer';
import type { Lab } from '../lab/format';
import { currentStep, type LabProgress } from '../lab/progress';
import { labAfter } from './catalogue';
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
    printRest(terminal, lab, progress);
    return;
  }
  const place = `${lab.steps.indexOf(step) + 1}/${lab.steps.length}`;
  terminal.out(`\n${terminal.palette.strong(`Step ${place} ${step.id}`)}: ${step.task}`);
  const look = lab.environment.kind === 'linux' ? 'lab shell <machine>' : 'lab matrix';
  terminal.out(`\nNext: lab check, lab hint, ${look}`);
}

/** Prints what comes after the steps: the lab's questions, one at a time, and then the next lab. */
export function printRest(
  terminal: Terminal,
  lab: Lab<string>,
  progress: LabProgress | undefined,
): void {
  const left = lab.questions.filter(({ id, accept }) => {
    const typed = progress?.answers[id];
    if (accept.kind === 'observed') return typed === undefined;
    return typed === undefined || judgeAnswer(accept, typed) === 'wrong';
  });
  const [question] = left;
  if (question === undefined) {
    const after = labAfter(lab);
    const next = after === undefined ? 'lab list' : `lab show ${after.id}`;
    terminal.out(`\nNext: lab down, then ${next}`);
    return;
  }
  const count = left.length === 1 ? 'One question is left' : `${left.length} questions are left`;
  terminal.out(`\n${terminal.palette.strong(count)}: ${askText(question)}`);
  terminal.out(`\nNext: lab answer ${question.id} <your answer>, or lab down`);
}

import { askText, judgeAnswer } from '../../lab/answer';
import { textDiagram } from '../../lab/diagram';
import type { Lab, Step } from '../../lab/format';
import { currentStep, type LabProgress } from '../../lab/progress';
import { waysToDo } from '../../lab/ways';
import { labAfter } from '../../session/catalogue';
import { openExam } from '../../session/exam';
import { conceptOf, labPicture } from '../../session/lesson';
import { nextTask } from '../../session/next';
import type { Terminal } from './terminal';

interface Where {
  readonly lab: Lab<string>;
  readonly progress: LabProgress | undefined;
  readonly json?: true;
}

/** Prints the task that comes next, and what to type; or what comes after the last one. */
export function printTask(terminal: Terminal, { lab, progress, json }: Where): void {
  if (json) {
    terminal.out(JSON.stringify(nextTask(lab, progress)));
    return;
  }
  const step = currentStep(lab, progress);
  if (step === undefined) {
    terminal.out(`Every step of ${lab.id} is done. ${lab.head.conclusion}`);
    if (openExam()?.lab === lab.id) terminal.out('\nNext: lab exam');
    else printRest(terminal, lab, progress);
    return;
  }
  const place = `${lab.steps.indexOf(step) + 1}/${lab.steps.length}`;
  terminal.out(`\n${terminal.palette.strong(`Step ${place} ${step.id}`)}: ${step.task}`);
  printWays(terminal, lab, step);
  const help = openExam()?.lab === lab.id ? '' : ', lab hint';
  terminal.out(`\nNext: lab check${help}`);
}

function printWays(terminal: Terminal, lab: Lab<string>, step: Step): void {
  const ways = waysToDo(lab, step);
  const width = Math.max(...ways.map(({ type }) => type.length));
  terminal.out('');
  for (const { type, why } of ways)
    terminal.out(`  ${type.padEnd(width)}  ${terminal.palette.quiet(why)}`);
}

/** Prints what a lab is about: its concept in at most ten lines, its picture, and where the whole text is. */
export function printLesson(terminal: Terminal, lab: Lab<string>): void {
  const { minutes } = lab.head;
  terminal.out(`${terminal.palette.strong(lab.title)} (about ${minutes} minutes)\n`);
  terminal.out(`${conceptOf(lab).replaceAll('**', '').replaceAll('`', '')}\n`);
  terminal.out(textDiagram(labPicture(lab)));
  terminal.out(`\nThe whole text: lab show ${lab.id}`);
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
    const next = after === undefined ? 'lab list' : `lab up ${after.id}`;
    terminal.out(`\nNext: lab down, then ${next}`);
    return;
  }
  const count = left.length === 1 ? 'One question is left' : `${left.length} questions are left`;
  terminal.out(`\n${terminal.palette.strong(count)}: ${askText(question)}`);
  terminal.out(`\nNext: lab answer ${question.id} <your answer>, or lab down`);
}

import type { Command } from 'commander';
import { type Question, rightAnswer } from '../lab/answer';
import { currentStep } from '../lab/progress';
import { EXIT, type ExitCode } from './exit';
import { inUpLab } from './in-up-lab';
import { progressIn, record } from './learner';
import type { Terminal } from './terminal';
import type { UpLab } from './up-lab';

/** `lab solve`: applies the solution of the current step, and proves what it does. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('solve')
    .description('applies the solution of the current step')
    .option('--lab <id>', 'which running lab, where several are up')
    .action(async (options: { readonly lab?: string }) =>
      ended(await inUpLab(options.lab, (up) => solve(terminal, up))),
    );
}

/** What to type for a question; a value of this machine is for the learner to look up. */
const answerLine = ({ id, accept, because }: Question): string =>
  `lab answer ${id} '${rightAnswer(accept) ?? '<look it up>'}'  # ${because}`;

async function solve(terminal: Terminal, up: UpLab): Promise<ExitCode> {
  const { lab } = up;
  const step = currentStep(lab, progressIn(lab.id));
  if (step === undefined) {
    terminal.out('Every step is done.\n\nNext: lab down, then lab list');
    return EXIT.right;
  }
  record(lab.id, { kind: 'solution-taken', step: step.id });
  for (const line of await up.solve(step.solution)) terminal.out(line);
  for (const check of step.checks)
    if (check.kind === 'answer') terminal.out(answerLine(check.question));
  terminal.out(`\nNext: lab check ${step.id}`);
  return EXIT.right;
}

import type { Command } from 'commander';
import { currentStep, nextHint } from '../lab/progress';
import { drawnLab } from './drawn';
import { EXIT, type ExitCode } from './exit';
import { progressIn, record } from './learner';
import { runningLab } from './running';
import type { Terminal } from './terminal';

/** `lab hint`: the next hint of the step that the learner is at. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('hint')
    .description('the next hint for the current step')
    .option('--lab <id>', 'which running lab, where several are up')
    .action(async (options: { readonly lab?: string }) => ended(await hint(terminal, options.lab)));
}

async function hint(terminal: Terminal, named: string | undefined): Promise<ExitCode> {
  const lab = drawnLab((await runningLab(named)).lab);
  const progress = progressIn(lab.id);
  const step = currentStep(lab, progress);
  if (step === undefined) {
    terminal.out('Every step is done.\n\nNext: lab down, then lab list');
    return EXIT.right;
  }
  const text = nextHint(step, progress);
  if (text === undefined) {
    const last = step.hints.at(-1) ?? '';
    terminal.out(`That was the last hint: ${last}\n\nNext: lab check, or lab solve`);
    return EXIT.right;
  }
  const taken = record(lab.id, { kind: 'hint-taken', step: step.id })?.hints[step.id] ?? 1;
  terminal.out(`Hint ${taken}/${step.hints.length} for ${step.id}: ${text}`);
  terminal.out('\nNext: lab check, or lab hint again');
  return EXIT.right;
}

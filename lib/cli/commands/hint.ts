import type { Command } from 'commander';
import { drawnLab } from '../../session/drawn';
import { takeHint } from '../../session/hint';
import { findLabId } from '../../session/open/find';
import { EXIT, type ExitCode } from '../common/exit';
import { labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

/** `lab hint`: the next hint of the step that the learner is at. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  labOption(program.command('hint'))
    .description('the next hint for the current step')
    .action(async (options: { readonly lab?: string }) => ended(await hint(terminal, options.lab)));
}

async function hint(terminal: Terminal, named: string | undefined): Promise<ExitCode> {
  const hinted = takeHint(drawnLab(await findLabId({ lab: named })));
  if (hinted === undefined) {
    terminal.out('Every step is done.\n\nNext: lab down, then lab list');
    return EXIT.right;
  }
  const { step, kind, text, taken } = hinted;
  if (kind === 'last') {
    terminal.out(`That was the last hint: ${text}\n\nNext: lab check, or lab solve`);
    return EXIT.right;
  }
  terminal.out(`Hint ${taken}/${step.hints.length} for ${step.id}: ${text}`);
  terminal.out('\nNext: lab check, or lab hint again');
  return EXIT.right;
}

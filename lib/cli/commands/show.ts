import type { Command } from 'commander';
import { markdownText } from '../../report/markdown';
import { findLab } from '../../session/catalogue';
import { progressIn } from '../../session/learner';
import { lessonOf } from '../../session/lesson';
import { EXIT, type ExitCode } from '../common/exit';
import { jsonOption } from '../common/options';
import type { Terminal } from '../common/terminal';

/** `lab show <id>`: the text and the tasks of one lab, without hints, answers and solutions. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(program.command('show <id>'), 'print the lab as data')
    .description('text and tasks of one lab, without hints, answers and solutions')
    .action(async (id: string, options: { readonly json?: true }) =>
      ended(await show(terminal, id, options)),
    );
}

async function show(
  terminal: Terminal,
  id: string,
  { json }: { readonly json?: true },
): Promise<ExitCode> {
  const lab = findLab(id);
  if (json) {
    terminal.out(JSON.stringify(lab));
    return EXIT.right;
  }
  terminal.out(await markdownText(lessonOf(lab, progressIn(id)), terminal.palette));
  const target = lab.targets.includes('local') ? '' : ` --target ${lab.targets[0] ?? ''}`;
  terminal.out(`\nNext: lab up ${lab.id}${target}`);
  return EXIT.right;
}

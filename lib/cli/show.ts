import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { findLab } from './catalogue';
import { EXIT, type ExitCode } from './exit';
import type { Terminal } from './terminal';

const LABS = join(__dirname, '..', '..', 'labs');

/** `lab show <id>`: the text of one lab. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('show <id>')
    .description("one lab's text")
    .option('--json', 'print the lab as data')
    .action((id: string, options: { readonly json?: true }) => ended(show(terminal, id, options)));
}

function show(terminal: Terminal, id: string, { json }: { readonly json?: true }): ExitCode {
  const lab = findLab(id);
  if (json) {
    terminal.out(JSON.stringify(lab));
    return EXIT.right;
  }
  terminal.out(readFileSync(join(LABS, lab.id, 'README.md'), 'utf8').trimEnd());
  const target = lab.targets.includes('local') ? '' : ` --target ${lab.targets[0] ?? ''}`;
  terminal.out(`\nNext: lab up ${lab.id}${target}`);
  return EXIT.right;
}

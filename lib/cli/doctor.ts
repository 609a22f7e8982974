import type { Command } from 'commander';
import { examine } from '../runtime/doctor';
import { EXIT, type ExitCode } from './exit';
import type { Terminal } from './terminal';

/** `lab doctor`: finds out by trying what this machine can do, and names the fix for what is missing. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('doctor')
    .description('what this machine can do, and the fix for what is missing')
    .option('--json', 'print the value instead of the text')
    .action(async (options: { readonly json?: true }) => {
      ended(await doctor(terminal, options));
    });
}

async function doctor(terminal: Terminal, { json }: { readonly json?: true }): Promise<ExitCode> {
  const examination = await examine();
  terminal.out(JSON.stringify(examination, null, json ? 0 : 2));
  return EXIT.right;
}

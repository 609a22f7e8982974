import { cpus, loadavg } from 'node:os';
import type { Command } from 'commander';
import { measurePaths } from '../../proof/speed-paths';
import { type PathSpeed, speedText } from '../../report/speed';
import { EXIT, type ExitCode } from '../common/exit';
import { jsonOption } from '../common/options';
import type { Terminal } from '../common/terminal';

/** `lab speed`: latency and throughput of every data path that this machine can build, tried now. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(program.command('speed'))
    .description('measures the data paths of the local target, here and now')
    .action(async (options: { readonly json?: true }) => ended(await speed(terminal, options)));
}

async function speed(terminal: Terminal, { json }: { readonly json?: true }): Promise<ExitCode> {
  const paths: readonly PathSpeed[] = await measurePaths();
  const machine = { cores: cpus().length, load: loadavg()[0] ?? 0 };
  terminal.out(json ? JSON.stringify({ paths, machine }) : speedText(paths, machine));
  return EXIT.right;
}

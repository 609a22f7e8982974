import type { Command } from 'commander';
import { EXIT, type ExitCode } from './exit';
import { type RunningLab, runningLabs } from './running';
import type { Terminal } from './terminal';

/** `lab status`: which labs are up, at which stage, for how long still. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('status')
    .description('labs that are up: stage, time left, cost so far')
    .option('--json', 'print the value instead of the text')
    .action(async (options: { readonly json?: true }) => {
      const alive = await runningLabs();
      if (options.json) terminal.out(JSON.stringify(alive));
      else printStatus(terminal, alive);
      ended(EXIT.right);
    });
}

function printStatus(terminal: Terminal, labs: readonly RunningLab[]): void {
  for (const { lab, target, stage, expiresAt } of labs) {
    const at = stage === '' ? '' : `, stage ${stage}`;
    terminal.out(`${lab}: up on ${target}${at}, ${timeLeft(expiresAt)} left, costs nothing`);
  }
  terminal.out(
    labs.length === 0
      ? 'No lab is up; nothing costs anything.\n\nNext: lab list'
      : '\nNext: lab check, lab extend <hours>, lab down',
  );
}

/** Time from now until an ISO time: `7 h 59 min`. */
export function timeLeft(until: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(until) - Date.now()) / 60_000));
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

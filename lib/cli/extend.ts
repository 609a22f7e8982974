import type { Command } from 'commander';
import { Failure } from '../model/problem';
import { attachSandbox } from '../runtime/sandbox';
import { EXIT, type ExitCode } from './exit';
import { remoteNamed } from './remote-named';
import { runningLab, socketOf } from './running';
import { timeLeft } from './status';
import type { Terminal } from './terminal';

interface Which {
  readonly lab?: string;
  readonly as?: string;
}

/** `lab extend <hours>`: moves the hour at which a lab ends by itself. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('extend <hours>')
    .description('more time for a lab that is up')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--as <name>', 'EKS: the one that was brought up with this name')
    .action(async (hours: string, options: Which) => {
      await extend(terminal, hours, options);
      ended(EXIT.right);
    });
}

async function extend(terminal: Terminal, text: string, { lab, as }: Which): Promise<void> {
  const hours = Number(text);
  if (!(hours > 0 && hours <= 168)) {
    throw new Failure('bad-hours', `'${text}' is no number of hours`, 'use 0.1 to 168, such as 2');
  }
  const remote = await remoteNamed(lab, as);
  if (remote !== undefined) {
    const { extendRemote } = require('./remote/life') as typeof import('./remote/life');
    const until = await extendRemote(remote, hours);
    terminal.out(`${remote.lab}: ends at ${until}\n\nNext: lab check`);
    return;
  }
  const running = await runningLab(lab);
  const until = Date.parse(running.expiresAt) + hours * 3_600_000;
  const sandbox = await attachSandbox(socketOf(running.lab));
  await sandbox.extend(until);
  await sandbox.close();
  const expiresAt = new Date(until).toISOString();
  terminal.out(`${running.lab}: ${timeLeft(expiresAt)} left\n\nNext: lab check`);
}

import type { Command } from 'commander';
import { timeLeft } from '../../report/time';
import { extendLocal } from '../../session/local/end';
import { runningLab } from '../../session/local/find';
import { findRemote, type LabName } from '../../session/open/find';
import { EXIT, type ExitCode } from '../common/exit';
import { asOption, hours, labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

/** `lab extend <hours>`: moves the hour at which a lab ends by itself. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  asOption(labOption(program.command('extend')))
    .argument('<hours>', 'how many hours to add, 0.1 to 168', hours('bad-hours'))
    .description('more time for a lab that is up')
    .action(async (more: number, options: LabName) => {
      await extend(terminal, more, options);
      ended(EXIT.right);
    });
}

async function extend(terminal: Terminal, more: number, name: LabName): Promise<void> {
  const remote = await findRemote(name);
  if (remote !== undefined) {
    const until = await loadRemote().extendRemote(remote, more);
    terminal.out(`${remote.lab}: ends at ${until}\n\nNext: lab check`);
    return;
  }
  const running = await runningLab(name.lab);
  const until = await extendLocal(running, more);
  terminal.out(`${running.lab}: ${timeLeft(until)} left\n\nNext: lab check`);
}

/** The client of AWS is loaded where a lab is on EKS. */
const loadRemote = () =>
  require('../../session/remote/life') as typeof import('../../session/remote/life');

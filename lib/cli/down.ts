import type { Command } from 'commander';
import { dropApplied } from './applied';
import { EXIT, type ExitCode } from './exit';
import { attachRunning, runningLab } from './session';
import { forgetRunning, type RunningLab, rememberedLabs } from './state';
import type { Terminal } from './terminal';

interface DownOptions {
  readonly all?: true;
  readonly json?: true;
}

/** `lab down`: ends a lab's environment and shows that nothing of it is left. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('down [id]')
    .description('ends the environment, with an inventory that must be empty')
    .option('--all', 'every lab that is up')
    .option('--json', 'print the value instead of the text')
    .action(async (id: string | undefined, options: DownOptions) => {
      const chosen = options.all ? rememberedLabs() : [runningLab(id)];
      for (const running of chosen) await down(terminal, running, options);
      ended(EXIT.right);
    });
}

/** Only the sandbox's own process holds namespaces, links and files; when it is gone, so are they. */
async function down(terminal: Terminal, running: RunningLab, { json }: DownOptions): Promise<void> {
  const sandbox = await attachRunning(running);
  await sandbox.end();
  forgetRunning(running.lab);
  dropApplied(running.lab);
  if (json) terminal.out(JSON.stringify({ lab: running.lab, left: [] }));
  else terminal.out(`${running.lab} is down. Left behind: nothing.\n\nNext: lab list`);
}

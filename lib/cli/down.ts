import type { Command } from 'commander';
import { Failure } from '../model/problem';
import { attachSandbox } from '../runtime/sandbox';
import { EXIT, type ExitCode } from './exit';
import { remoteNamed } from './remote-named';
import { type RunningLab, runningLab, runningLabs, socketOf } from './running';
import type { Terminal } from './terminal';

interface DownOptions {
  readonly dryRun?: true;
  readonly as?: string;
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
    .option('--as <name>', 'EKS: the one that was brought up with this name')
    .option('--all', 'every lab that is up on this machine')
    .option('--dry-run', 'EKS and kind: prints exactly what would go, and removes nothing')
    .option('--json', 'print the value instead of the text')
    .action(async (id: string | undefined, options: DownOptions) => {
      const remote = options.all ? undefined : await remoteNamed(id, options.as);
      if (remote !== undefined) return ended(await remoteDown(terminal, remote, options));
      const chosen = options.all ? await runningLabs() : [await runningHere(id)];
      for (const running of chosen) await down(terminal, running, options);
      ended(EXIT.right);
    });
}

/** One that this machine does not know may run in an account: another machine brought it up. */
async function runningHere(id: string | undefined): Promise<RunningLab> {
  try {
    return await runningLab(id);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'nothing-up' || id === undefined) throw error;
    const fix = `lab status; from another machine on EKS: lab sweep ${id} --region <region> --dry-run`;
    throw new Failure(error.code, error.message, fix);
  }
}

/** The clients of AWS and Kubernetes are loaded by labs that need them. */
const remoteDown: typeof import('./remote/down')['remoteDown'] = (...args) =>
  (require('./remote/down') as typeof import('./remote/down')).remoteDown(...args);

/** Only the sandbox's own process holds namespaces, links and files; when it is gone, so are they. */
async function down(terminal: Terminal, running: RunningLab, { json }: DownOptions): Promise<void> {
  const sandbox = await attachSandbox(socketOf(running.lab));
  await sandbox.end();
  if (json) terminal.out(JSON.stringify({ lab: running.lab, left: [] }));
  else terminal.out(`${running.lab} is down. Left behind: nothing.\n\nNext: lab list`);
}

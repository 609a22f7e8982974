import type { Command } from 'commander';
import { Failure } from '../../model/problem';
import { endLocal, killLocal } from '../../session/local/end';
import { runningLab } from '../../session/local/find';
import { runningLabs } from '../../session/local/running';
import { findRemote } from '../../session/open/find';
import type { RunningLab } from '../../session/types';
import { EXIT, type ExitCode } from '../common/exit';
import { asOption, jsonOption } from '../common/options';
import type { Terminal } from '../common/terminal';

interface DownOptions {
  readonly dryRun?: true;
  readonly as?: string;
  readonly all?: true;
  readonly force?: true;
  readonly json?: true;
}

/** `lab down`: ends a lab's environment and shows that nothing of it is left. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(asOption(program.command('down [id]')))
    .description('ends the environment, with an inventory that must be empty')
    .option('--all', 'every lab that is up on this machine')
    .option('--force', 'ends a lab on this machine that does not answer')
    .option('--dry-run', 'EKS and kind: prints exactly what would be removed, and removes nothing')
    .action(async (id: string | undefined, options: DownOptions) => {
      if (options.force) return ended(await downByForce(terminal, id, options));
      const remote = options.all ? undefined : await findRemote({ lab: id, as: options.as });
      if (remote !== undefined) return ended(await remoteDown(terminal, remote, options));
      const chosen = options.all ? await runningLabs() : [await runningHere(id)];
      for (const running of chosen) await down(terminal, running, options);
      ended(EXIT.right);
    });
}

async function downByForce(
  terminal: Terminal,
  id: string | undefined,
  options: DownOptions,
): Promise<ExitCode> {
  if (id === undefined) {
    throw new Failure('no-id', '--force needs the id of a lab', 'lab down <id> --force');
  }
  await killLocal(id);
  sayDown(terminal, id, options);
  return EXIT.right;
}

/** A lab that this machine does not know may have been brought up on EKS from another machine. */
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
const remoteDown: typeof import('../common/remote-down')['remoteDown'] = (...args) =>
  (require('../common/remote-down') as typeof import('../common/remote-down')).remoteDown(...args);

async function down(terminal: Terminal, running: RunningLab, options: DownOptions): Promise<void> {
  await endLocal(running);
  sayDown(terminal, running.lab, options);
}

function sayDown(terminal: Terminal, lab: string, { json }: DownOptions): void {
  if (json) terminal.out(JSON.stringify({ lab, left: [] }));
  else terminal.out(`${lab} is down. Left behind: nothing.\n\nNext: lab list`);
}

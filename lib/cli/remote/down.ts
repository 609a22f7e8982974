import { kindDown } from '../../cluster/kind';
import { releaseBilled } from '../../cluster/release';
import { runProgram } from '../../cluster/run';
import { systemClock } from '../../model/clock';
import { EXIT, type ExitCode } from '../exit';
import type { Terminal } from '../terminal';
import { type EndingOptions, endInAccount } from './ending';
import { forgetRemote, nameOf, type RemoteLab } from './known';
import { clusterOfRemote } from './session';

/**
 * Ends a lab in kind or on EKS: what load balancers hang on while their controllers live, then the
 * account, to an inventory that must be empty. Every step may be repeated.
 */
export async function remoteDown(
  terminal: Terminal,
  remote: RemoteLab,
  options: EndingOptions,
): Promise<ExitCode> {
  if (remote.target === 'eks') return downEks(terminal, remote, options);
  if (options.dryRun) {
    terminal.out(`kind delete cluster --name lab-${remote.lab}`);
    return EXIT.right;
  }
  await kindDown(remote.lab, runProgram);
  forgetRemote(remote);
  terminal.out(`${remote.lab} is down. Left behind: nothing.\n\nNext: lab list`);
  return EXIT.right;
}

async function downEks(
  terminal: Terminal,
  remote: RemoteLab,
  options: EndingOptions,
): Promise<ExitCode> {
  const lab = nameOf(remote);
  if (!options.dryRun) await releaseWhatBills(terminal, remote);
  const ending = { lab, region: remote.region, again: `lab down ${lab}` };
  const code = await endInAccount(terminal, ending, options);
  if (code === EXIT.right && !options.dryRun) forgetRemote(remote);
  return code;
}

/** A cluster that cannot be reached stops nothing: the sweep finds what is behind it. */
async function releaseWhatBills(terminal: Terminal, remote: RemoteLab): Promise<void> {
  try {
    const cluster = await clusterOfRemote(remote);
    const onWait = (reason: string): void => terminal.err(`waiting for ${reason}`);
    const left = await releaseBilled(cluster, { clock: systemClock, onWait });
    for (const object of left) terminal.err(`would not go, the sweep will find it: ${object}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    terminal.err(
      'the cluster does not answer; going on with the account, where all of it is found',
    );
    terminal.err(`  (${reason})`);
  }
}

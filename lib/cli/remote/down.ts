import { openAws } from '../../account/aws';
import { awsAccount } from '../../account/aws-account';
import { planSweep, type SweepEvent, sweep } from '../../account/sweep';
import { eventText, planText, resultText } from '../../account/sweep-text';
import { kindDown } from '../../cluster/kind';
import { releaseBilled } from '../../cluster/release';
import { runProgram } from '../../cluster/run';
import { systemClock } from '../../model/clock';
import { awsFailure } from '../aws-failure';
import { EXIT, type ExitCode } from '../exit';
import type { Terminal } from '../terminal';
import { forgetRemote, nameOf, type RemoteLab } from './known';
import { clusterOfRemote } from './session';

/** How a lab in a cluster is ended. */
export interface RemoteDown {
  readonly dryRun?: true;
  readonly json?: true;
}

/**
 * Ends a lab in kind or on EKS: what load balancers hang on while their controllers live, then the
 * account, to an inventory that must be empty. Every step may be repeated.
 */
export async function remoteDown(
  terminal: Terminal,
  remote: RemoteLab,
  options: RemoteDown,
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
  { dryRun, json }: RemoteDown,
): Promise<ExitCode> {
  const { region } = remote;
  const lab = nameOf(remote);
  const aws = openAws({ region });
  const account = awsAccount(aws);
  try {
    if (dryRun) {
      const plan = await planSweep(account, lab);
      terminal.out(json ? JSON.stringify(plan) : planText(plan, lab).join('\n'));
      if (!json) terminal.out(`\nNext: lab down ${lab}`);
      return EXIT.right;
    }
    await releaseWhatBills(terminal, remote);
    const onEvent = (event: SweepEvent): void => terminal.err(eventText(event));
    const result = await sweep(account, { lab, clock: systemClock, onEvent });
    terminal.out(json ? JSON.stringify(result) : resultText(result, { lab, region }).join('\n'));
    if (result.left.length > 0) return EXIT.differs;
    forgetRemote(remote);
    return EXIT.right;
  } catch (error) {
    throw awsFailure(error);
  } finally {
    aws.close();
  }
}

/** A cluster that cannot be reached stops nothing: the sweep finds what is behind it. */
async function releaseWhatBills(terminal: Terminal, remote: RemoteLab): Promise<void> {
  try {
    const cluster = await clusterOfRemote(remote);
    const onWait = (reason: string): void => terminal.err(`waiting for ${reason}`);
    const left = await releaseBilled(cluster, { clock: systemClock, onWait });
    for (const object of left) terminal.err(`would not go, the sweep will find it: ${object}`);
  } catch (error) {
    terminal.err(`the cluster cannot be asked (${String(error)}); going on with the account`);
  }
}

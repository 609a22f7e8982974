import { awsAccount } from '../../account/teardown/aws-account';
import type { Sorted } from '../../account/teardown/owner';
import { planSweep, sweep } from '../../account/teardown/sweep';
import type { SweepEvent, SweepResult } from '../../account/teardown/types';
import { systemClock } from '../../model/clock';
import { kindDown } from '../../targets/cluster/kind';
import { releaseBilled } from '../../targets/cluster/release';
import { runProgram } from '../../targets/cluster/run';
import type { RemoteLab } from '../types';
import { type AwsPlace, withAws } from './account';
import { clusterOfRemote } from './cluster';
import { forgetRemote, nameOf } from './known';

/** What a teardown of this lab would remove from the account now. Nothing is removed. */
export const planAccountSweep = (lab: string, place: AwsPlace): Promise<Sorted> =>
  withAws(place, (aws) => planSweep(awsAccount(aws), lab));

/** Removes everything of a lab from the account, in rounds, until an inventory is empty. */
export const sweepAccount = (
  lab: string,
  place: AwsPlace,
  onEvent: (event: SweepEvent) => void,
): Promise<SweepResult> =>
  withAws(place, (aws) => sweep(awsAccount(aws), { lab, clock: systemClock, onEvent }));

/** Ends a lab in kind; a cluster that does not exist is not an error. */
export async function endKind(remote: RemoteLab): Promise<void> {
  await kindDown(remote.lab, runProgram);
  forgetRemote(remote);
}

/** What happens before the account is swept. */
export type ReleaseEvent =
  | { readonly kind: 'waiting'; readonly for: string }
  | { readonly kind: 'stays'; readonly object: string }
  /** The cluster does not answer; the sweep finds what is behind it. */
  | { readonly kind: 'no-cluster'; readonly reason: string };

/** How the end of a lab on EKS is followed. */
export interface EndObserver {
  readonly onRelease: (event: ReleaseEvent) => void;
  readonly onSweep: (event: SweepEvent) => void;
}

/**
 * Ends a lab on EKS: first what load balancers and volumes hang on, while their controllers run, then
 * the account. Every step may be repeated.
 */
export async function endEks(remote: RemoteLab, observer: EndObserver): Promise<SweepResult> {
  await releaseWhatBills(remote, observer.onRelease);
  const result = await sweepAccount(nameOf(remote), remote, observer.onSweep);
  if (result.left.length === 0 && result.stopped === undefined) forgetRemote(remote);
  return result;
}

async function releaseWhatBills(
  remote: RemoteLab,
  onEvent: (event: ReleaseEvent) => void,
): Promise<void> {
  try {
    const cluster = await clusterOfRemote(remote);
    const onWait = (reason: string): void => onEvent({ kind: 'waiting', for: reason });
    const left = await releaseBilled(cluster, { clock: systemClock, onWait });
    for (const object of left) onEvent({ kind: 'stays', object });
  } catch (error) {
    onEvent({
      kind: 'no-cluster',
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

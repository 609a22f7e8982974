import { eventText, planText, resultText } from '../../account/teardown/text';
import type { SweepEvent } from '../../account/teardown/types';
import type { AwsPlace } from '../../session/remote/account';
import {
  endEks,
  endKind,
  planAccountSweep,
  type ReleaseEvent,
  sweepAccount,
} from '../../session/remote/end';
import { nameOf } from '../../session/remote/known';
import type { RemoteLab } from '../../session/types';
import { EXIT, type ExitCode } from './exit';
import type { Terminal } from './terminal';

/** What is removed, where, and the command that would do the same again. */
export interface AccountTeardown extends AwsPlace {
  /** The lab's name in the account. */
  readonly lab: string;
  readonly again: string;
}

/** Options of every teardown. */
export interface TeardownOptions {
  readonly dryRun?: true;
  readonly json?: true;
}

/** Ends a lab in kind or on EKS, to an inventory that must be empty; or prints what would go. */
export async function remoteDown(
  terminal: Terminal,
  remote: RemoteLab,
  options: TeardownOptions,
): Promise<ExitCode> {
  if (remote.target === 'kind') return kindDown(terminal, remote, options);
  const lab = nameOf(remote);
  const teardown = { lab, region: remote.region, again: `lab down ${lab}` };
  if (options.dryRun) return showPlan(terminal, teardown, options);
  const onRelease = (event: ReleaseEvent): void => printRelease(terminal, event);
  const onSweep = (event: SweepEvent): void => terminal.err(eventText(event));
  const result = await endEks(remote, { onRelease, onSweep });
  return showResult(terminal, { teardown, result }, options);
}

async function kindDown(
  terminal: Terminal,
  remote: RemoteLab,
  { dryRun }: TeardownOptions,
): Promise<ExitCode> {
  if (dryRun) {
    terminal.out(`kind delete cluster --name lab-${remote.lab}`);
    return EXIT.right;
  }
  await endKind(remote);
  terminal.out(`${remote.lab} is down. Left behind: nothing.\n\nNext: lab list`);
  return EXIT.right;
}

/** Removes everything of a lab from an account by its tags alone, or prints what would go. */
export async function accountDown(
  terminal: Terminal,
  teardown: AccountTeardown,
  options: TeardownOptions,
): Promise<ExitCode> {
  if (options.dryRun) return showPlan(terminal, teardown, options);
  const onSweep = (event: SweepEvent): void => terminal.err(eventText(event));
  const result = await sweepAccount(teardown.lab, teardown, onSweep);
  return showResult(terminal, { teardown, result }, options);
}

async function showPlan(
  terminal: Terminal,
  teardown: AccountTeardown,
  { json }: TeardownOptions,
): Promise<ExitCode> {
  const plan = await planAccountSweep(teardown.lab, teardown);
  if (json) terminal.out(JSON.stringify(plan));
  else {
    terminal.out(planText(plan, teardown).join('\n'));
    terminal.out(`\nNext: ${plan.ours.length === 0 ? 'lab list' : teardown.again}`);
  }
  return EXIT.right;
}

interface ShownTeardown {
  readonly teardown: AccountTeardown;
  readonly result: Awaited<ReturnType<typeof sweepAccount>>;
}

/** Answers `differs` where something is left. */
function showResult(
  terminal: Terminal,
  { teardown, result }: ShownTeardown,
  { json }: TeardownOptions,
): ExitCode {
  const isEmpty = result.left.length === 0 && result.stopped === undefined;
  if (json) terminal.out(JSON.stringify(result));
  else {
    terminal.out(resultText(result, teardown).join('\n'));
    terminal.out(`\nNext: ${isEmpty ? 'lab list' : `${teardown.again}, which goes on from here`}`);
  }
  return isEmpty ? EXIT.right : EXIT.differs;
}

function printRelease(terminal: Terminal, event: ReleaseEvent): void {
  for (const line of releaseLines(event)) terminal.err(line);
}

function releaseLines(event: ReleaseEvent): readonly string[] {
  switch (event.kind) {
    case 'waiting':
      return [`waiting for ${event.for}`];
    case 'stays':
      return [`could not be deleted, the sweep removes what is behind it: ${event.object}`];
    case 'no-cluster':
      return [
        'the cluster does not answer; the sweep of the account removes all of it',
        `  (${event.reason})`,
      ];
  }
}

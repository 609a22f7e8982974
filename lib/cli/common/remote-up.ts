import { costText } from '../../account/cost/text';
import { deployText } from '../../account/deploy/events';
import { preflightText } from '../../account/deploy/life-text';
import type { Lab } from '../../lab/format';
import { Failure } from '../../model/problem';
import { record } from '../../session/learner';
import { type EksOptions, type StartEvent, startRemote } from '../../session/remote/start';
import type { RemoteLab } from '../../session/types';
import { confirmed } from './confirm';
import { EXIT, type ExitCode } from './exit';
import { printTask } from './next';
import type { Terminal } from './terminal';

/** What `lab up` was called with, for a target other than this machine. */
export interface RemoteUp {
  readonly lab: Lab<string>;
  readonly target: RemoteLab['target'];
  readonly hours: number;
  readonly eks: EksOptions;
  /** Do not ask whether the cost is agreed to. */
  readonly yes?: true | undefined;
  readonly json?: true | undefined;
}

/** Brings a lab up in kind or on EKS, and prints its progress and the first task. */
export async function remoteUp(terminal: Terminal, up: RemoteUp): Promise<ExitCode> {
  const { lab, target, hours, eks } = up;
  const onEvent = (event: StartEvent): void => terminal.err(startText(event));
  const confirm = (): Promise<boolean> => agreed(terminal, up);
  const ended = await startRemote({ lab, target, hours, eks, onEvent, confirm });
  if (ended === 'declined') {
    terminal.err(`nothing was deployed\n\nNext: lab up ${lab.id}, which costs nothing here`);
    return EXIT.differs;
  }
  const progress = record(lab.id, { kind: 'begun', stage: lab.start ?? '' });
  printTask(terminal, { lab, progress, json: up.json });
  return EXIT.right;
}

function startText(event: StartEvent): string {
  switch (event.kind) {
    case 'progress':
      return event.text;
    case 'cost':
      return costText(event.cost).join('\n');
    case 'preflight':
      return ['', ...preflightText(event.found)].join('\n');
    case 'deploy':
      return deployText(event.event);
  }
}

async function agreed(terminal: Terminal, { yes }: RemoteUp): Promise<boolean> {
  if (yes) return true;
  if (!terminal.interactive) {
    const problem = 'stdin is not a terminal, so the cost cannot be confirmed';
    throw new Failure('not-asked', problem, 'pass --yes');
  }
  return confirmed('\ndeploy this?');
}

import type { Lab } from '../lab/format';
import { Failure } from '../model/problem';
import { attachSandbox, type Sandbox } from '../runtime/sandbox';
import { appliedFiles } from './applied';
import { findLab } from './catalogue';
import { stageWorld } from './lab-world';
import { attachWorld, type Local } from './local';
import { forgetRunning, type RunningLab, rememberedLabs } from './state';

/** A lab that is up on this machine, and a hold on its network. */
export interface Session {
  readonly lab: Lab<string>;
  readonly running: RunningLab;
  readonly local: Local;
}

/**
 * The running lab that a command is about: the one named, or the only one.
 * @throws Failure `nothing-up` or `several-up`.
 */
export function runningLab(named: string | undefined): RunningLab {
  const all = rememberedLabs();
  const found = named === undefined ? all : all.filter(({ lab }) => lab === named);
  const [first, second] = found;
  if (first === undefined) {
    const what = named === undefined ? 'no lab is up' : `lab ${named} is not up`;
    throw new Failure('nothing-up', what, `lab up ${named ?? '<id>'}   (lab list shows them all)`);
  }
  if (second !== undefined) {
    const ids = found.map(({ lab }) => lab).join(', ');
    throw new Failure('several-up', `several labs are up: ${ids}`, 'say which one with --lab <id>');
  }
  return first;
}

/** Attaches to the sandbox of a running lab; forgets a lab whose sandbox is gone. */
export async function attachRunning(running: RunningLab): Promise<Sandbox> {
  try {
    return await attachSandbox(running.socket);
  } catch (cause) {
    forgetRunning(running.lab);
    throw new Failure(
      'lab-gone',
      `lab ${running.lab} is no longer there (expired, ended, or the machine restarted)`,
      `lab up ${running.lab}   (your progress is kept)`,
      { cause },
    );
  }
}

/** Uses a running lab of the local target, and lets go of it afterwards. */
export async function inSession<T>(
  named: string | undefined,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const running = runningLab(named);
  if (running.target !== 'local') throw onlyLocal(running);
  const lab = findLab(running.lab);
  const sandbox = await attachRunning(running);
  try {
    const world = stageWorld(lab, running.stage, appliedFiles(lab.id));
    return await use({ lab, running, local: attachWorld(sandbox, world) });
  } finally {
    await sandbox.close();
  }
}

const onlyLocal = ({ lab, target }: RunningLab): Failure =>
  new Failure(
    'other-target',
    `lab ${lab} runs on ${target}; this command looks into the local target`,
    `lab check works on every target; lab up ${lab} --target local brings it up here`,
  );

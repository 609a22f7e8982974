import type { Lab } from '../../lab/format';
import { attachSandbox, type Sandbox } from '../../runtime/sandbox/sandbox';
import { attachWorld } from '../../targets/local/local';
import { drawnLab } from '../drawn';
import { clusterOf, datapathAt, stageWorld } from '../lab-world';
import type { LocalSession, RunningLab } from '../types';
import { runningLab } from './find';
import { socketOf } from './running';

/** A lab of either kind that is up on this machine, and the sandbox that holds its network. */
export interface AttachedLab {
  readonly lab: Lab<string>;
  readonly running: RunningLab;
  readonly sandbox: Sandbox;
}

/**
 * Attaches to a lab that is up on this machine, uses it, and detaches.
 * @param named the lab's id; the only lab that is up where absent
 * @throws Failure `nothing-up` or `several-up`
 */
export async function withAttachedLab<T>(
  named: string | undefined,
  use: (attached: AttachedLab) => Promise<T>,
): Promise<T> {
  const running = await runningLab(named);
  const lab = drawnLab(running.lab);
  const sandbox = await attachSandbox(socketOf(running.lab));
  try {
    return await use({ lab, running, sandbox });
  } finally {
    await sandbox.close();
  }
}

/**
 * Attaches to a cluster lab that is up on this machine, uses it, and detaches.
 * @param named the lab's id; the only lab that is up where absent
 * @throws Failure `no-cluster` where the lab has bare Linux machines
 */
export const withLocalSession = <T>(
  named: string | undefined,
  use: (session: LocalSession) => Promise<T>,
): Promise<T> => withAttachedLab(named, (attached) => use(sessionOf(attached)));

/** The session of an attached cluster lab: its world at the stage it shows now. */
export function sessionOf({ lab, running, sandbox }: AttachedLab): LocalSession {
  clusterOf(lab);
  const world = stageWorld(lab, running.stage, running);
  const datapath = datapathAt(lab, running.stage);
  return { lab, running, local: attachWorld(sandbox, world, { datapath }) };
}

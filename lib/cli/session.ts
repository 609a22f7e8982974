import type { Lab } from '../lab/format';
import { attachSandbox } from '../runtime/sandbox';
import { drawnLab } from './drawn';
import { datapathAt, stageWorld } from './lab-world';
import { attachWorld, type Local } from './local';
import { type RunningLab, runningLab, socketOf } from './running';

/** A lab that is up on this machine, and a hold on its network. */
export interface Session {
  readonly lab: Lab<string>;
  readonly running: RunningLab;
  readonly local: Local;
}

/** Uses a running lab of the local target, and lets go of it afterwards. */
export async function inSession<T>(
  named: string | undefined,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const running = await runningLab(named);
  const lab = drawnLab(running.lab);
  const sandbox = await attachSandbox(socketOf(lab.id));
  try {
    const world = stageWorld(lab, running.stage, running);
    const datapath = datapathAt(lab, running.stage);
    return await use({ lab, running, local: attachWorld(sandbox, world, { datapath }) });
  } finally {
    await sandbox.close();
  }
}

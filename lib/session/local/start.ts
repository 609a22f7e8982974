import type { Lab } from '../../lab/format';
import { Failure } from '../../model/problem';
import { openSandbox, type Sandbox } from '../../runtime/sandbox/sandbox';
import { bringUp, type PlanProgress } from '../../targets/local/local';
import { bringUpMachines } from '../../targets/machines/bring-up';
import { datapathAt, stageWorld } from '../lab-world';
import { labRunning, noteOf, prepareSockets, socketOf } from './running';

/** How a lab starts on this machine. */
export interface LocalStart {
  /** When it ends by itself, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Receives the function that ends the half-made lab, before anything is made. */
  readonly onOpen?: (end: () => Promise<void>) => void;
  /** How many commands that build it are done, and how many there are. */
  readonly onProgress?: PlanProgress;
  /** The lab ends with this process, whatever ends that. @default false: it outlives it */
  readonly endsWithOpener?: boolean;
}

/**
 * Brings a lab up on this machine at its first stage. Until it is complete it ends with this process,
 * so a kill at any moment leaves nothing.
 *
 * @throws Failure `already-up`, or `no-sandbox` where this machine cannot make one
 */
export async function startLocal(lab: Lab<string>, start: LocalStart): Promise<void> {
  await refuseSecond(lab.id);
  prepareSockets();
  const { expiresAt, onOpen, endsWithOpener = false } = start;
  const socket = socketOf(lab.id);
  const opening = openSandbox({ mode: 'background', socket, expiresAt, endsWithOpener });
  // The world is read while the sandbox opens.
  const bring = bringFor(lab, start);
  const sandbox = await opening;
  onOpen?.(() => sandbox.end());
  try {
    await (await bring)(sandbox);
    const startedAt = new Date().toISOString();
    const stage = lab.start ?? '';
    await sandbox.note(noteOf({ lab: lab.id, stage, startedAt, applied: [] }));
    await sandbox.keep();
  } catch (error) {
    await sandbox.end();
    throw error;
  }
  await sandbox.close();
}

type Bring = (sandbox: Sandbox) => Promise<unknown>;

/** What builds the lab; a promise, so that a world that cannot be read ends the sandbox too. */
function bringFor(lab: Lab<string>, { onProgress }: LocalStart): Promise<Bring> {
  const reading = new Promise<Bring>((resolve) => {
    if (lab.environment.kind === 'linux')
      resolve((sandbox: Sandbox) => bringUpMachines(lab, sandbox));
    else resolve(clusterIn(lab, onProgress));
  });
  // It may fail before it is waited for.
  reading.catch(() => undefined);
  return reading;
}

function clusterIn(lab: Lab<string>, onProgress: PlanProgress | undefined): Bring {
  const stage = lab.start ?? '';
  const world = stageWorld(lab, stage);
  const datapath = datapathAt(lab, stage);
  return (sandbox) => bringUp(sandbox, world, { datapath }, onProgress);
}

async function refuseSecond(id: string): Promise<void> {
  if ((await labRunning(id)).length === 0) return;
  throw new Failure('already-up', `lab ${id} is already up`, `lab check, or lab down ${id}`);
}

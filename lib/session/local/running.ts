import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../model/problem';
import { attachSandbox, type Sandbox } from '../../runtime/sandbox/sandbox';
import { makeStateFolder, ownStateFolder } from '../state';
import type { RunningLab } from '../types';

/** What the sandbox's note keeps; the sandbox itself knows when it ends. */
type Note = Pick<RunningLab, 'lab' | 'stage' | 'startedAt' | 'applied'>;

const SOCKET = /^[a-z0-9-]+\.sock$/;

/**
 * The socket of a local lab. It is the only trace of a running lab on disk, made and removed by the
 * sandbox's own process, so there is no record that could be wrong.
 */
export function socketOf(lab: string): string {
  if (!/^[a-z0-9-]+$/.test(lab)) {
    throw new Failure('unknown-lab', `no lab has the id '${lab}'`, 'lab list shows them all');
  }
  const path = join(ownStateFolder(), `${lab}.sock`);
  if (Buffer.byteLength(path) <= 107) return path;
  throw new Failure(
    'long-path',
    `the state folder's path is too long for a unix socket: ${path}`,
    'set XDG_STATE_HOME to a shorter path of your own',
  );
}

/** Makes the folder in which sockets stand, for this user alone. */
export const prepareSockets = (): void => void makeStateFolder();

/** What a sandbox says of itself: which lab it is and where it stands. */
export const noteOf = ({ lab, stage, startedAt, applied }: Note): string =>
  JSON.stringify({ lab, stage, startedAt, applied });

/** Every lab that is up here. */
export async function runningLabs(): Promise<readonly RunningLab[]> {
  const all = await Promise.all(labsWithSocket().map(labRunning));
  return all.flat();
}

/** Ids of labs that have a socket; one that was killed leaves its socket until it is asked. */
export const labsWithSocket = (): readonly string[] =>
  socketNames().map((name) => name.slice(0, -'.sock'.length));

/**
 * What one lab says of itself; nothing where no process listens on its socket.
 * @throws Failure `no-answer` where it exists and does not answer: its socket stays
 */
export async function labRunning(lab: string): Promise<readonly RunningLab[]> {
  const sandbox = await attachedIf(lab);
  if (sandbox === undefined) return [];
  const described = await within(ANSWER_MS, sandbox.describe());
  const closed = sandbox.close();
  if (described === undefined) throw noAnswer(lab, `it did not answer in ${ANSWER_MS / 1000} s`);
  await closed;
  const { note, expiresAt = 0, containers } = described;
  const kept = JSON.parse(note) as Note;
  const until = new Date(expiresAt).toISOString();
  return [{ ...kept, target: 'local', expiresAt: until, containers }];
}

/** How long a lab may take to say what it is, in milliseconds. */
const ANSWER_MS = 2500;

async function attachedIf(lab: string): Promise<Sandbox | undefined> {
  try {
    return await attachSandbox(socketOf(lab));
  } catch (error) {
    if (error instanceof Failure && error.code === 'not-running') return undefined;
    throw error instanceof Failure ? noAnswer(lab, error.problem) : error;
  }
}

const noAnswer = (lab: string, why: string): Failure =>
  new Failure('no-answer', `lab ${lab} does not answer: ${why}`, `lab down ${lab} --force ends it`);

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function socketNames(): readonly string[] {
  const folder = ownStateFolder();
  try {
    return readdirSync(folder).filter((name) => SOCKET.test(name));
  } catch {
    return [];
  }
}

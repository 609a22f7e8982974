import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab/format';
import { Failure, type SourceFile } from '../model/problem';
import type { Description } from '../runtime/protocol';
import { attachSandbox, type Sandbox } from '../runtime/sandbox';
import { drawnLab } from './drawn';
import { stateFolder } from './state';

/** A lab that is up on this machine. */
export interface RunningLab {
  readonly lab: string;
  readonly target: 'local';
  /** The policy stage it shows; empty for a Linux lab. */
  readonly stage: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601; it ends by itself then. */
  readonly expiresAt: string;
  /** What the learner applied on top of the stage. */
  readonly applied: readonly SourceFile[];
  /** Pods that are containers of a runtime, which called the CNI plugin for them. */
  readonly containers: Description['containers'];
}

/** What the sandbox itself keeps: its hour is told by the sandbox. */
type Note = Pick<RunningLab, 'lab' | 'stage' | 'startedAt' | 'applied'>;

const SOCKET = /\.sock$/;

/**
 * The socket of a local lab. It is the only trace of a running lab on disk, made and removed by the
 * sandbox's own process, so there is no record that could be wrong.
 */
export function socketOf(lab: string): string {
  const path = join(stateFolder(), `${lab}.sock`);
  if (Buffer.byteLength(path) <= 107) return path;
  throw new Failure(
    'long-path',
    `the state folder's path is too long for a unix socket: ${path}`,
    'set XDG_STATE_HOME to a shorter path, such as /tmp/state',
  );
}

/** Makes the folder in which sockets stand, for this user alone. */
export const prepareSockets = (): void =>
  void mkdirSync(stateFolder(), { recursive: true, mode: 0o700 });

/** What a sandbox says of itself: which lab it is and where it stands. */
export const noteOf = ({ lab, stage, startedAt, applied }: Note): string =>
  JSON.stringify({ lab, stage, startedAt, applied });

/** Every lab that is up here. */
export async function runningLabs(): Promise<readonly RunningLab[]> {
  const all = await Promise.all(socketNames().map((name) => ask(name.replace(SOCKET, ''))));
  return all.flat();
}

/**
 * The running lab that a command is about: the one named, or the only one.
 * @throws Failure `nothing-up` or `several-up`.
 */
export async function runningLab(named: string | undefined): Promise<RunningLab> {
  const all = await runningLabs();
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

/** Uses the sandbox of a running lab, and lets go of it afterwards. */
export async function inSandboxOf<T>(
  named: string | undefined,
  use: (sandbox: Sandbox, lab: Lab<string>, running: RunningLab) => Promise<T>,
): Promise<T> {
  const running = await runningLab(named);
  const sandbox = await attachSandbox(socketOf(running.lab));
  try {
    return await use(sandbox, drawnLab(running.lab), running);
  } finally {
    await sandbox.close();
  }
}

async function ask(lab: string): Promise<readonly RunningLab[]> {
  const sandbox = await attachSandbox(socketOf(lab)).catch(() => undefined);
  if (sandbox === undefined) {
    // A socket nobody listens on: its process was killed. What it held went with it.
    rmSync(socketOf(lab), { force: true });
    return [];
  }
  const { note, expiresAt = 0, containers } = await sandbox.describe();
  await sandbox.close();
  const told = JSON.parse(note) as Note;
  const until = new Date(expiresAt).toISOString();
  return [{ ...told, target: 'local', expiresAt: until, containers }];
}

const socketNames = (): readonly string[] => {
  try {
    return readdirSync(stateFolder()).filter((name) => SOCKET.test(name));
  } catch {
    return [];
  }
};

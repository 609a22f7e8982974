import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a lab runs. */
export type Target = 'local' | 'kind' | 'eks';

/** A lab that is up: everything a later command needs to find it again. */
export interface RunningLab {
  readonly lab: string;
  readonly target: Target;
  readonly stage: string;
  /** Unix socket of the process that holds a local lab; empty for the others. */
  readonly socket: string;
  /** ISO 8601 times. */
  readonly startedAt: string;
  readonly expiresAt: string;
}

/** The state folder of this user (XDG base directories): running labs and progress. */
export const stateFolder = (): string =>
  join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'eks-network-labs');

const runningFolder = (): string => join(stateFolder(), 'running');
const runningFile = (lab: string): string => join(runningFolder(), `${lab}.json`);

/** The socket of a local lab. A user's runtime folder is short and cleaned at logout. */
export const socketOf = (lab: string): string => join(stateFolder(), `${lab}.sock`);

/** Remembers that a lab is up; replaces what was remembered of it, whole or not at all. */
export function rememberRunning(running: RunningLab): void {
  writeWhole(runningFolder(), runningFile(running.lab), running);
}

export function forgetRunning(lab: string): void {
  rmSync(runningFile(lab), { force: true });
  rmSync(socketOf(lab), { force: true });
}

/** Every lab that is remembered as up, by id; whether it still is, only its target knows. */
export function rememberedLabs(): readonly RunningLab[] {
  return filesIn(runningFolder()).flatMap((name) => {
    const running = readJson<RunningLab>(join(runningFolder(), name));
    return running === undefined ? [] : [running];
  });
}

/** Reads a user's value of this kind, or `undefined` where none was kept. */
export const readState = <T>(name: string): T | undefined =>
  readJson<T>(join(stateFolder(), `${name}.json`));

/** Keeps a user's value across sessions. */
export const writeState = (name: string, value: unknown): void =>
  writeWhole(stateFolder(), join(stateFolder(), `${name}.json`), value);

// Written beside and renamed, so that a kill at any moment leaves the old or the new file.
function writeWhole(folder: string, path: string, value: unknown): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const beside = `${path}.${process.pid}.tmp`;
  writeFileSync(beside, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(beside, path);
}

const filesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
};

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

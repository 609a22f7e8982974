import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The state folder of this user (XDG base directories): sockets of running labs, and progress. */
export const stateFolder = (): string =>
  join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'eks-network-labs');

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

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { Failure } from '../model/problem';

/**
 * The state folder of this user: sockets of running labs, and progress. An empty or relative
 * XDG_STATE_HOME is ignored (XDG Base Directory Specification, "Basics" and "Environment variables").
 */
export function stateFolder(): string {
  const given = process.env.XDG_STATE_HOME ?? '';
  const home = isAbsolute(given) ? given : join(homedir(), '.local', 'state');
  return join(home, 'eks-network-labs');
}

/**
 * The same folder, once it is known that no other user can write it: who can may put a socket of their
 * own there, and this process would obey what listens on it.
 * @throws Failure `unsafe-state`
 */
export function ownStateFolder(): string {
  const folder = stateFolder();
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return folder;
  const isOthers = process.getuid !== undefined && stats.uid !== process.getuid();
  if (!isOthers && stats.isDirectory() && (stats.mode & 0o022) === 0) return folder;
  throw new Failure(
    'unsafe-state',
    `the state folder ${folder} ${reasonAgainst(isOthers, stats.isDirectory())}`,
    `set XDG_STATE_HOME to a folder of your own, or: chmod 700 ${folder}`,
  );
}

function reasonAgainst(isOthers: boolean, isFolder: boolean): string {
  if (isOthers) return 'belongs to another user';
  return isFolder ? 'can be written by other users' : 'is not a folder';
}

/**
 * Makes the state folder, for this user alone.
 * @throws Failure `unsafe-state`, or `unwritable-state` where it cannot be made
 */
export function makeStateFolder(): string {
  try {
    makeFolder(stateFolder());
  } catch (cause) {
    throw unwritable(stateFolder(), cause);
  }
  return ownStateFolder();
}

/** One folder after the other: Node's own recursion never ends below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

const pathOf = (name: string): string => join(ownStateFolder(), `${name}.json`);

/**
 * Reads a user's value of this kind, or `undefined` where none was kept.
 * @throws Failure `bad-state` where the file holds no JSON; it is kept under another name
 */
export function readState<T>(name: string): T | undefined {
  const text = textOf(pathOf(name));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw keptAside(name, cause);
  }
}

/**
 * Keeps a file that cannot be understood under another name, so that nothing is written over it.
 * @returns the failure that says so
 */
export function keptAside(name: string, cause: unknown): Failure {
  const path = pathOf(name);
  const aside = `${path}.broken-${new Date().toISOString().replaceAll(':', '')}`;
  renameSync(path, aside);
  const problem = `${path} is broken, and was kept as ${aside}`;
  return new Failure('bad-state', problem, 'repair and rename it, or run the command again', {
    cause,
  });
}

/**
 * Keeps a user's value across sessions. It is written beside, brought to the disk and renamed, so that
 * a kill or a power cut at any moment leaves the old or the new file.
 * @throws Failure `unwritable-state`
 */
export function writeState(name: string, value: unknown): void {
  makeStateFolder();
  const path = pathOf(name);
  removeUnfinished(path);
  const beside = `${path}.${process.pid}.tmp`;
  try {
    writeThrough(beside, `${JSON.stringify(value, null, 2)}\n`);
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw unwritable(path, cause);
  }
}

/** Removes what killed processes wrote beside the file and did not rename. A running process keeps its own. */
function removeUnfinished(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    const pid = /^(\d+)\.tmp$/.exec(name.slice(basename(path).length + 1))?.[1];
    if (!name.startsWith(`${basename(path)}.`) || pid === undefined || isRunning(Number(pid)))
      continue;
    rmSync(join(dirname(path), name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function writeThrough(path: string, text: string): void {
  const fd = openSync(path, 'w', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const problem = `cannot read ${path}: ${message}`;
    throw new Failure('unreadable-state', problem, 'make the file readable', { cause });
  }
}

const unwritable = (path: string, cause: unknown): Failure =>
  new Failure(
    'unwritable-state',
    `cannot write ${path}: ${(cause as Error).message}`,
    'free space on the disk, or set XDG_STATE_HOME to a folder that you may write',
    { cause },
  );

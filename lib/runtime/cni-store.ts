import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CniError } from '../cni/cni-error';
import { type Leases, NO_LEASES } from '../cni/ipam';
import { checked, flock, LOCK_EX } from './libc';

/**
 * Reads the leases of a network, lets `change` decide, and writes what it wants kept. Plugins run
 * side by side, so the whole of it happens under a lock, which the kernel drops with its holder;
 * and the file is exchanged in one step, so a plugin killed in the middle leaves the old one.
 */
export function withLeases<T>(
  folder: string,
  network: string,
  change: (leases: Leases) => { readonly leases: Leases; readonly answer: T },
): T {
  const path = join(folder, `${network}.json`);
  const lock = lockFile(folder, network);
  try {
    const before = readLeases(path);
    const { leases, answer } = change(before);
    if (leases !== before) {
      writeFileSync(`${path}.new`, `${JSON.stringify(leases)}\n`);
      renameSync(`${path}.new`, path);
    }
    return answer;
  } finally {
    closeSync(lock);
  }
}

function lockFile(folder: string, network: string): number {
  try {
    mkdirSync(folder, { recursive: true });
    const fd = openSync(join(folder, `${network}.lock`), 'a');
    checked('flock', flock(fd, LOCK_EX));
    return fd;
  } catch (error) {
    throw new CniError(5, 'cannot open the address store', String(error));
  }
}

function readLeases(path: string): Leases {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Leases;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NO_LEASES;
    throw new CniError(5, 'cannot read the address store', `${path}: ${String(error)}`);
  }
}

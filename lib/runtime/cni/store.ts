import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseCidr, parseIp } from '../../model/address';
import { checked, flock, LOCK_EX } from '../kernel/libc';
import { CniError } from './spec/error';
import { isObject } from './spec/fields';
import { type Leases, NO_LEASES } from './spec/ipam';

/**
 * Reads the leases of a network, lets `change` decide, and writes what it wants kept. Plugins run
 * side by side, so the whole of it happens under a lock, which the kernel drops with its holder;
 * and the file is exchanged in one step, so a plugin killed in the middle leaves the old one.
 *
 * A store that is not readable as leases is set aside as `<network>.json.broken` and begun anew:
 * addresses of living containers stay reserved by their routes on the host.
 * @throws CniError 5 where the folder or the file cannot be read or written
 */
export function withLeases<T>(
  folder: string,
  network: string,
  change: (leases: Leases) => { readonly leases: Leases; readonly answer: T },
): T {
  const path = join(folder, `${fileNameOf(network)}.json`);
  const lock = lockFile(folder, fileNameOf(network));
  try {
    const before = readLeases(path);
    const { leases, answer } = change(before);
    if (leases !== before) writeLeases(path, leases);
    return answer;
  } finally {
    closeSync(lock);
  }
}

/** A name is legal at any length and a file name is not (NAME_MAX is 255 bytes). */
const fileNameOf = (network: string): string =>
  network.length <= 200
    ? network
    : `${network.slice(0, 150)}-${createHash('sha256').update(network).digest('hex').slice(0, 32)}`;

function lockFile(folder: string, name: string): number {
  try {
    makeFolder(folder);
    const fd = openSync(join(folder, `${name}.lock`), 'a');
    checked('flock', flock(fd, LOCK_EX));
    return fd;
  } catch (error) {
    throw new CniError(5, 'cannot open the address store', String(error));
  }
}

/** Makes a folder and those above it. Node's own `recursive` never ends where /proc refuses one. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Plugins run side by side.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function readLeases(path: string): Leases {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NO_LEASES;
    throw new CniError(5, 'cannot read the address store', String(error));
  }
  const leases = parseLeases(text);
  if (leases !== undefined) return leases;
  try {
    renameSync(path, `${path}.broken`);
  } catch (error) {
    throw new CniError(5, 'cannot set the broken address store aside', String(error));
  }
  return NO_LEASES;
}

/** The leases in a text; `undefined` where it has another shape. */
function parseLeases(text: string): Leases | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { blocks, holders, last = {} } = value;
  if (!isObject(blocks) || !isObject(holders) || !isObject(last)) return undefined;
  const isRight =
    Object.entries(blocks).every(([b, node]) => !('problem' in parseCidr(b)) && isText(node)) &&
    Object.entries(holders).every(([a, holder]) => parseIp(a) === a && isHolder(holder)) &&
    Object.values(last).every((address) => isText(address) && parseIp(address) === address);
  return isRight ? ({ blocks, holders, last } as unknown as Leases) : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isHolder = (value: unknown): boolean =>
  isObject(value) && isText(value.containerId) && isText(value.ifname);

/**
 * Writes the whole text beside the file and exchanges the two. On a full disk a text that is no
 * longer than before (a release) is written in place: DEL must succeed there too.
 */
function writeLeases(path: string, leases: Leases): void {
  const text = Buffer.from(`${JSON.stringify(leases)}\n`);
  try {
    writeWhole(`${path}.new`, 'w', text);
    renameSync(`${path}.new`, path);
  } catch (error) {
    rmSync(`${path}.new`, { force: true });
    if (writtenInPlace(path, text)) return;
    throw new CniError(5, 'cannot write the address store', String(error));
  }
}

function writtenInPlace(path: string, text: Buffer): boolean {
  try {
    if (readFileSync(path).length < text.length) return false;
    writeWhole(path, 'r+', text);
    return true;
  } catch {
    return false;
  }
}

function writeWhole(path: string, flags: 'w' | 'r+', text: Buffer): void {
  const fd = openSync(path, flags, 0o600);
  try {
    let at = 0;
    while (at < text.length) at += writeSync(fd, text, at);
    ftruncateSync(fd, text.length);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

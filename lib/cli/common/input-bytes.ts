import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { isatty } from 'node:tty';
import { Failure } from '../../model/problem';

/** Largest input in bytes that is read at all; a cluster's export is far below. */
export const MOST_BYTES = 400 * 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;
/** Pause in milliseconds while a pipe has nothing yet. */
const PAUSE_MS = 5;
/** How long a named pipe may stay without a writer, in milliseconds. */
const WRITER_MS = 10_000;

/**
 * Everything that a path holds. `-` and `/dev/stdin` are standard input, `/dev/fd/3` is descriptor 3.
 * A pipe is read to its end, however slow its writer is. The process that started this one may
 * have made the pipe non-blocking; then `read` answers EAGAIN (read(2)) where there is nothing yet.
 *
 * @throws Failure `input-too-large` above 400 MiB, and the system's error where a read fails
 */
export function inputBytes(path: string): Buffer {
  const open = descriptorIn(path);
  if (open !== undefined) return bytesOf({ fd: open, path, until: 0 });
  // A named pipe that has no writer must not hold the open call for ever.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const isPipe = fstatSync(fd).isFIFO();
    return bytesOf({ fd, path, until: isPipe ? Date.now() + WRITER_MS : 0 });
  } finally {
    closeSync(fd);
  }
}

/** Whether a path is standard input, which can be read once. */
export const isStandardInput = (path: string): boolean => descriptorIn(path) === 0;

/** Whether a person would have to type what is read from a path. */
export const isTyped = (path: string): boolean => isStandardInput(path) && isatty(0);

function descriptorIn(path: string): number | undefined {
  if (path === '-' || path === '/dev/stdin') return 0;
  const [, number] = /^(?:\/dev\/fd|\/proc\/self\/fd)\/(\d{1,6})$/.exec(path) ?? [];
  return number === undefined ? undefined : Number(number);
}

interface OpenInput {
  readonly fd: number;
  readonly path: string;
  /** Until when an end without any byte may mean that the writer is still to come. */
  readonly until: number;
}

function bytesOf({ fd, path, until }: OpenInput): Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const count = readChunk(fd, chunk);
    if (count === 'nothing yet' || (count === 0 && size === 0 && Date.now() < until)) {
      pause();
      continue;
    }
    if (count === 0) return Buffer.concat(chunks, size);
    size += count;
    if (size > MOST_BYTES) {
      throw new Failure('input-too-large', `${path} is larger than 400 MiB`, 'split the input');
    }
    chunks.push(chunk.subarray(0, count));
  }
}

function readChunk(fd: number, chunk: Buffer): number | 'nothing yet' {
  try {
    return readSync(fd, chunk, 0, chunk.length, null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN' || code === 'EINTR') return 'nothing yet';
    if (code === 'EOF') return 0;
    throw error;
  }
}

const pause = (): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);

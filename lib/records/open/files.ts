import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure, InputProblems } from '../../model/problem';
import { FOREIGN_BYTES } from '../forms/foreign';
import type { FileIntake } from './intake';
import { PARQUET_MAGIC, readParquet } from './parquet';
import type { RecordsReader } from './read';

/** How far the files are read. */
export interface ReadProgress {
  readonly file: string;
  readonly bytes: number;
  readonly lines: number;
}

/** Where the content of standard input comes from. */
export interface RecordInput {
  readonly path: string;
  /** Absent: the file at the path. */
  readonly stream?: Readable;
}

/**
 * Reads files of records in the order given: plain text or gzip (several members too, as `cat *.gz`
 * makes them), or Parquet. Memory stays bounded, whatever their size.
 *
 * @throws Failure `unreadable-file` where one cannot be read; InputProblems where its first bytes say that
 *   it is something else
 */
export async function readRecordFiles(
  inputs: readonly RecordInput[],
  reader: RecordsReader,
  progress: (at: ReadProgress) => void = () => undefined,
): Promise<void> {
  for (const input of inputs) {
    const intake = counted(reader.open(input.path), input.path, progress);
    if (input.stream !== undefined) await readStream(input.path, input.stream, intake);
    else await readFile(input.path, intake);
    intake.end();
  }
}

interface CountedIntake extends FileIntake {
  readonly bytes: (count: number) => void;
}

function counted(
  intake: FileIntake,
  file: string,
  progress: (at: ReadProgress) => void,
): CountedIntake {
  let bytes = 0;
  let lines = 0;
  return {
    ...intake,
    text: (chunk) => {
      for (let at = chunk.indexOf('\n'); at !== -1; at = chunk.indexOf('\n', at + 1)) lines += 1;
      intake.text(chunk);
      progress({ file, bytes, lines });
    },
    row: (value) => {
      lines += 1;
      intake.row(value);
    },
    bytes: (count) => {
      bytes += count;
    },
  };
}

async function readFile(path: string, intake: CountedIntake): Promise<void> {
  // What is read from a pipe is gone, so only a file is looked at first.
  const first = await firstBytes(path);
  refuseForeign(path, first);
  if (first.subarray(0, 4).toString('latin1') !== PARQUET_MAGIC) {
    return readStream(path, createReadStream(path, { highWaterMark: CHUNK }), intake);
  }
  const file = await open(path);
  try {
    await readParquet(file, intake, (count) => intake.bytes(count));
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw notRecords(path, `this is a Parquet file that is not whole: ${cause.message}`);
  } finally {
    await file.close();
  }
}

const CHUNK = 1024 * 1024;

async function firstBytes(path: string): Promise<Buffer> {
  try {
    if (!(await stat(path)).isFile()) return Buffer.alloc(0);
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    const problem = `cannot read ${path}: ${reason(cause)}`;
    throw new Failure('unreadable-file', problem, 'give a file that exists and that you may read', {
      cause,
    });
  }
}

async function readStream(path: string, stream: Readable, intake: CountedIntake): Promise<void> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  try {
    for await (const chunk of unzipped(stream, path, intake)) {
      const bytes = chunk as Buffer;
      decoder ??= new TextDecoder(encodingOf(bytes));
      intake.text(decoder.decode(bytes, { stream: true }));
    }
  } catch (cause) {
    if (cause instanceof InputProblems) throw cause;
    const problem = `cannot read ${path}: ${reason(cause)}`;
    throw new Failure('unreadable-file', problem, 'check that the file is whole', { cause });
  }
}

/** UTF-16 as PowerShell's `>` writes it begins with a byte order mark; all else is read as UTF-8. */
function encodingOf([first, second]: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** The stream, through gunzip where its first bytes are gzip's (RFC 1952). */
async function* unzipped(
  stream: Readable,
  path: string,
  { bytes }: CountedIntake,
): AsyncIterable<Uint8Array> {
  let unzip: Transform | undefined;
  const source = stream[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done) return;
  const head = first.value as Buffer;
  if (head[0] !== 0x1f || head[1] !== 0x8b) refuseForeign(path, head);
  else unzip = createGunzip();
  if (unzip === undefined) {
    for (let next: IteratorResult<unknown> = first; !next.done; next = await source.next()) {
      bytes((next.value as Buffer).length);
      yield next.value as Buffer;
    }
    return;
  }
  const feed = feeding(unzip, first, source, bytes);
  yield* unzip;
  await feed;
}

async function feeding(
  unzip: Transform,
  first: IteratorResult<unknown>,
  source: AsyncIterator<unknown>,
  bytes: CountedIntake['bytes'],
): Promise<void> {
  for (let next = first; !next.done; next = await source.next()) {
    const chunk = next.value as Buffer;
    bytes(chunk.length);
    if (!unzip.write(chunk)) await new Promise((done) => unzip.once('drain', done));
    if (unzip.destroyed) return;
  }
  unzip.end();
}

/** @throws InputProblems where the first bytes are of a known other kind of file */
function refuseForeign(path: string, head: Buffer): void {
  const foreign = FOREIGN_BYTES.find(([, bytes]) => bytes.every((byte, i) => head[i] === byte));
  if (foreign === undefined) return;
  throw notRecords(path, `this is ${foreign[0]}: it has no flow records that lab reads`);
}

const notRecords = (file: string, problem: string): InputProblems => {
  const fix = 'give the flow logs themselves: lab reads text, JSON, gzip and Parquet';
  return new InputProblems([{ file, document: 0, path: '', problem, fix }]);
};

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

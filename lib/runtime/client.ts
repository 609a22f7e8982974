import type { Readable, Writable } from 'node:stream';
import { Failure } from '../model/problem';
import { line, readLines } from './lines';
import type { Note, Operation, Operations, Reply } from './protocol';

/** The client's end of a connection to a holder. */
export interface Client {
  /** Asks, and resolves with the answer; rejects when the holder refuses or is gone. */
  ask<K extends Operation>(
    op: K,
    ask: Operations[K]['ask'],
    onNote?: (note: Note<K>) => void,
  ): Promise<Operations[K]['answer']>;
  /** Resolves when the holder says its first word; rejects when it ends without one. */
  readonly ready: Promise<void>;
  /** Tells everybody who waits why no answer will come. */
  lost(why: string): void;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onNote?: (note: never) => void;
}

/** Speaks lines of JSON over a pair of streams. */
export function createClient(input: Readable, output: Writable): Client {
  const waiting = new Map<number, Waiting>();
  let gone: string | undefined;
  let last = 0;

  const wait = (id: number, onNote?: (note: never) => void): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, ...(onNote === undefined ? {} : { onNote }) });
    });
  readLines(input, (value) => {
    const reply = value as Reply;
    const asked = waiting.get(reply.id);
    if (reply.kind === 'note') return asked?.onNote?.(reply.note as never);
    waiting.delete(reply.id);
    if (reply.kind === 'answer') return asked?.resolve(reply.answer);
    if (reply.kind === 'error') return asked?.reject(new Error(reply.message));
    const { code, problem, fix } = reply.failure;
    asked?.reject(new Failure(code, problem, fix));
  });
  // A write to a holder that died fails here and is told by `lost`.
  output.on('error', () => undefined);

  return {
    ready: wait(0) as Promise<never>,
    ask(op, ask, onNote) {
      if (gone !== undefined) return Promise.reject(new Error(gone));
      last += 1;
      const answer = wait(last, onNote);
      output.write(line({ id: last, op, ask }));
      return answer as Promise<never>;
    },
    lost(why) {
      gone ??= why;
      for (const { reject } of waiting.values()) reject(new Error(gone));
      waiting.clear();
    },
  };
}

import type { Readable, Writable } from 'node:stream';
import { Failure } from '../../model/problem';
import { line, readLines } from './lines';
import type { HolderReply, Note, Operation, Operations } from './protocol';

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

/**
 * Speaks lines of JSON over a pair of streams.
 * @param holder whether it is about to start, and says so first, or is kept already
 */
export function createClient(
  input: Readable,
  output: Writable,
  holder: 'starting' | 'kept' = 'starting',
): Client {
  let isReady = holder === 'kept';
  const waiting = new Map<number, Waiting>();
  let gone: Error | undefined;
  let last = 0;

  const wait = (id: number, onNote?: (note: never) => void): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, ...(onNote === undefined ? {} : { onNote }) });
    });
  readLines(input, (value) => {
    const reply = value as HolderReply;
    const asked = waiting.get(reply.id);
    if (reply.kind === 'note') return asked?.onNote?.(reply.note as never);
    waiting.delete(reply.id);
    isReady ||= reply.id === 0;
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
      if (gone !== undefined) return Promise.reject(gone);
      last += 1;
      const answer = wait(last, onNote);
      output.write(line({ id: last, op, ask }));
      return answer as Promise<never>;
    },
    lost(why) {
      gone ??= isReady ? ended(why) : new Error(why);
      for (const { reject } of waiting.values()) reject(gone);
      waiting.clear();
    },
  };
}

/** A lab may end under a command: at its hour, by `lab down` elsewhere, or killed. */
const ended = (why: string): Failure =>
  new Failure(
    'lab-ended',
    `the lab ended during the command (${why})`,
    'lab status, or lab up <id>',
  );

import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { Failure } from '../../model/problem';

/** When a sandbox ends: with its first client, or (once kept) at its hour, or when told to. */
export interface Stay {
  /** From now on others attach through the socket. The tie to the first client is cut, or stays. */
  keep(wish: {
    readonly socket: string;
    readonly expiresAt: number;
    readonly endsWithOpener: boolean;
  }): Promise<null>;
  extend(expiresAt: number): null;
  expiresAt(): number | undefined;
  /** Stores what the sandbox is in the sandbox itself, so no file beside it has to. */
  write(note: string): null;
  note(): string;
  clientGone(): void;
  end(): never;
  onAttach(take: (connection: Socket) => void): void;
}

/** Tied to the first client until `keep`. */
export function createStay(exit: () => never): Stay {
  let socketPath: string | undefined;
  let isTied = true;
  let expiry: number | undefined;
  let note = '';
  let timer: NodeJS.Timeout | undefined;
  let attach: (connection: Socket) => void = (connection) => connection.destroy();

  const end = (): never => {
    if (socketPath !== undefined) rmSync(socketPath, { force: true });
    return exit();
  };
  const extend = (expiresAt: number): null => {
    clearTimeout(timer);
    expiry = expiresAt;
    // setTimeout counts to 2^31 ms and no further; longer waits are taken in pieces.
    const wait = Math.min(expiresAt - Date.now(), 2 ** 31 - 1);
    timer = setTimeout(() => (Date.now() >= expiresAt ? end() : extend(expiresAt)), wait);
    return null;
  };
  return {
    async keep({ socket, expiresAt, endsWithOpener }) {
      if (socketPath !== undefined) throw new Error('the sandbox is kept already');
      await listenOn(socket, (connection) => attach(connection));
      socketPath = socket;
      isTied = endsWithOpener;
      return extend(expiresAt);
    },
    extend,
    expiresAt: () => expiry,
    write: (text) => {
      note = text;
      return null;
    },
    note: () => note,
    clientGone: () => {
      if (isTied) end();
    },
    end,
    onAttach: (take) => {
      attach = take;
    },
  };
}

/** Only the owner of the socket may connect to it. */
function listenOn(path: string, take: (connection: Socket) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer(take);
    const mask = process.umask(0o177);
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? ALREADY_UP : error),
    );
    server.listen(path, () => resolve());
    process.umask(mask);
  });
}

/** Two commands may bring up one lab at once: the first to listen has it. */
const ALREADY_UP = new Failure(
  'already-up',
  'another command brought this lab up at the same time',
  'lab status shows it',
);

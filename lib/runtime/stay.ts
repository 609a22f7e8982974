import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

/** When a sandbox ends: with its first client, or (once kept) at its hour, or when told to. */
export interface Stay {
  /** Cuts the tie to the first client: from now on others attach through the socket. */
  keep(wish: { readonly socket: string; readonly expiresAt: number }): Promise<null>;
  extend(expiresAt: number): null;
  expiresAt(): number | undefined;
  /** Whoever keeps a sandbox leaves word of what it is, so no file has to say so beside it. */
  write(note: string): null;
  note(): string;
  clientGone(): void;
  end(): never;
  onAttach(take: (connection: Socket) => void): void;
}

/** Tied to the first client until `keep`. */
export function createStay(exit: () => never): Stay {
  let socketPath: string | undefined;
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
    async keep({ socket, expiresAt }) {
      if (socketPath !== undefined) throw new Error('the sandbox is kept already');
      await listenOn(socket, (connection) => attach(connection));
      socketPath = socket;
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
      if (socketPath === undefined) end();
    },
    end,
    onAttach: (take) => {
      attach = take;
    },
  };
}

/** The socket is made for its owner alone; nobody else may speak to the lab. */
function listenOn(path: string, take: (connection: Socket) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer(take);
    const mask = process.umask(0o177);
    server.once('error', reject);
    server.listen(path, () => resolve());
    process.umask(mask);
  });
}

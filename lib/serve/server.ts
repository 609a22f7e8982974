import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '../model/problem';
import { addressOf } from './address';
import { type Answering, answerRoute, sendError } from './answer';
import { errorAnswer } from './errors';
import { type BookEvents, createEvents } from './events';
import { admit, bringsToken, cookieHeader, type Keys, newKeys } from './guard';
import { SAFE_HEADERS } from './headers';
import { findRoute } from './router';
import { createOwnedLabs } from './routes/owned';
import { bookState } from './routes/state';
import { createTurns } from './routes/turns';
import { type SiteFiles, servedFile } from './site-files';
import { createTerminals, type Terminals } from './terminals';

/** How the live lab book is served. */
export interface BookOptions {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** The app's files. */
  readonly files: SiteFiles;
  /** The folder in which `keep` writes. */
  readonly folder: string;
  /** Labs that are brought up outlive the server. @default false */
  readonly keep?: boolean;
  /** Told about each mistake of this project. @default they are printed on standard error */
  readonly onBug?: (error: unknown) => void;
}

/** A lab book that is served. */
export interface ServedBook {
  /** The address to open, with the token. */
  readonly url: string;
  readonly port: number;
  /** Stops listening, closes terminals and ends the labs that were brought up, unless they are kept. */
  close(): Promise<void>;
}

/**
 * Serves the lab book on 127.0.0.1.
 * @throws Failure `port-taken`
 */
export async function startBook(options: BookOptions): Promise<ServedBook> {
  const keys = newKeys();
  const { folder, keep = false, onBug = (bug: unknown) => console.error(bug) } = options;
  const owned = createOwnedLabs({ keep });
  const turns = createTurns(() => events.changed());
  const context = { folder, owned, turns };
  const events = createEvents(() => bookState(context));
  const answering: Answering = { context, changed: events.changed, onBug };
  const server = createServer(LIMITS);
  const port = await listen(server, options.port);
  const terminals = createTerminals(onBug);
  const book: OpenBook = { ...options, keys, port, events, answering, terminals };
  server.on('request', (request, response) => void answer(book, request, response));
  server.on('upgrade', (request, socket, head) => {
    terminals.upgrade(request, socket, { head, admit: () => admit(request, port, keys) });
  });
  return {
    port,
    url: `http://127.0.0.1:${port}/?token=${keys.token}`,
    async close() {
      events.end();
      terminals.end();
      const closed = new Promise((resolve) => server.close(resolve));
      await owned.endAll();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A head or a body that comes slowly does not hold a connection for ever; milliseconds. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 60_000, maxHeaderSize: 16_384 } as const;

interface OpenBook extends Pick<BookOptions, 'files'> {
  readonly keys: Keys;
  readonly port: number;
  readonly events: BookEvents;
  readonly answering: Answering;
  readonly terminals: Terminals;
}

async function answer(
  book: OpenBook,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value);
  try {
    await admitted(book, request, response);
  } catch (error) {
    sendError(response, errorAnswer(error, book.answering.onBug));
  }
}

async function admitted(
  { keys, port, files, events, answering }: OpenBook,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET' } = request;
  const { pathname } = addressOf(request);
  if (method === 'GET' && pathname === '/' && bringsToken(request, port, keys)) {
    response.writeHead(303, { Location: '/', 'Set-Cookie': cookieHeader(port, keys) });
    response.end();
    return;
  }
  admit(request, port, keys);
  if (method === 'GET' && pathname === '/api/events') return events.follow(response);
  if (pathname.startsWith('/api/')) {
    const found = findRoute(method, pathname);
    return answerRoute(request, response, { found, answering });
  }
  if (method !== 'GET' && method !== 'HEAD')
    throw new Failure('bad-method', `${pathname} does not take ${method}`, 'use GET');
  const { type, bytes } = await servedFile(pathname, files);
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': bytes.length });
  response.end(method === 'HEAD' ? undefined : bytes);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? portTaken(port) : error),
    );
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}

const portTaken = (port: number): Failure =>
  new Failure(
    'port-taken',
    `another program listens on port ${port} of 127.0.0.1`,
    'lab book --port <number>, or without --port for a free one',
  );

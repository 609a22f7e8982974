import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorBody, StreamLine } from '../../lib/serve/api/shapes';
import { startBook } from '../../lib/serve/server';

/** What came back for a request. */
export interface Replied {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** A request as a program sends it, which may set every header. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A served book, and a browser that opened its address. */
export interface OpenedBook {
  readonly url: string;
  readonly port: number;
  readonly cookie: string;
  readonly folder: string;
  readonly bugs: readonly unknown[];
  /** Sends a request with exactly these headers, and no others but Host. */
  readonly raw: (path: string, sent?: Sent) => Promise<Replied>;
  /** Asks as the page does: with cookie and Origin. */
  readonly get: (path: string) => Promise<Replied>;
  readonly post: (path: string, value: unknown) => Promise<Replied>;
  /** Asks for a long action, and answers all of its lines. */
  readonly stream: <T, I = never>(
    path: string,
    value: unknown,
  ) => Promise<readonly StreamLine<T, I>[]>;
  readonly close: () => Promise<void>;
}

const PAGE =
  '<!doctype html><html lang="en"><head><meta name="lab-book" content="published"></head></html>';

/** Serves a book whose app is one page, with a state and a folder of its own. */
export async function openBook(): Promise<OpenedBook> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-book-'));
  const before = process.env.XDG_STATE_HOME;
  process.env.XDG_STATE_HOME = folder;
  const bugs: unknown[] = [];
  const book = await startBook({
    port: 0,
    folder,
    files: async (path) => (path === 'index.html' ? Buffer.from(PAGE) : undefined),
    onBug: (bug) => bugs.push(bug),
  });
  const { port, url } = book;
  const raw = (path: string, sent: Sent = {}) => send(port, path, sent);
  const opened = await raw(new URL(url).pathname + new URL(url).search);
  const [cookie = ''] = (opened.headers['set-cookie']?.[0] ?? '').split(';');
  const origin = `http://127.0.0.1:${port}`;
  const post = (path: string, value: unknown) =>
    raw(path, {
      method: 'POST',
      headers: { cookie, origin, 'content-type': 'application/json' },
      body: JSON.stringify(value),
    });
  return {
    url,
    port,
    cookie,
    folder,
    bugs,
    raw,
    post,
    get: (path) => raw(path, { headers: { cookie } }),
    stream: async (path, value) =>
      (await post(path, value)).text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    close: async () => {
      await book.close();
      if (before === undefined) delete process.env.XDG_STATE_HOME;
      else process.env.XDG_STATE_HOME = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function send(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: Sent,
): Promise<Replied> {
  return new Promise((resolve, reject) => {
    const host = `127.0.0.1:${port}`;
    const asked = httpRequest(
      { host: '127.0.0.1', port, path, method, headers: { host, ...headers } },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** The code of an answer that says what is wrong. */
export function codeIn(text: string): string {
  const body = JSON.parse(text) as ErrorBody;
  return 'error' in body ? body.error.code : 'problems';
}

/** The value of a stream that ended well. */
export function doneOf<T, I>(lines: readonly StreamLine<T, I>[]): T {
  const last = lines.at(-1);
  if (last?.kind === 'done') return last.value;
  throw new Error(`the stream ended with ${JSON.stringify(last)}`);
}

/** The code with which a stream failed. */
export function failedWith<T, I>(lines: readonly StreamLine<T, I>[]): string {
  const last = lines.at(-1);
  if (last?.kind === 'failed') return codeIn(JSON.stringify(last.failure));
  throw new Error(`the stream ended with ${JSON.stringify(last)}`);
}

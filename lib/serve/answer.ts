import type { IncomingMessage, ServerResponse } from 'node:http';
import { addressOf } from './address';
import type { StreamLine } from './api/shapes';
import { BODY_BYTES, readBody } from './body';
import { type ErrorAnswer, errorAnswer } from './errors';
import type { FoundRoute } from './router';
import type { BookContext, StreamHandler } from './routes/types';

/** What answering a request needs besides it. */
export interface Answering {
  readonly context: BookContext;
  /** Called after everything but GET: pages may have to show another state. */
  readonly changed: () => void;
  readonly onBug: (error: unknown) => void;
}

/** Carries a route out and answers the request. */
export async function answerRoute(
  request: IncomingMessage,
  response: ServerResponse,
  { found, answering }: { readonly found: FoundRoute; readonly answering: Answering },
): Promise<void> {
  const { lab, kind, route } = found;
  const { context, changed } = answering;
  const asked =
    request.method === 'GET'
      ? queryOf(request)
      : await readBody(request, (kind === 'stream' ? route.most : undefined) ?? BODY_BYTES);
  const ask = route.read(asked, '');
  try {
    if (kind === 'value') sendJson(response, 200, await route.answer({ lab, ask, context }));
    else await stream(response, { route, call: { lab, ask, context }, answering });
  } finally {
    if (request.method !== 'GET') changed();
  }
}

/** The questions of an address; one that is asked twice is a list, which no route takes. */
function queryOf(request: IncomingMessage): Readonly<Record<string, unknown>> {
  const { searchParams } = addressOf(request);
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

interface Streamed {
  readonly route: StreamHandler<unknown, unknown, unknown>;
  readonly call: { readonly lab: string; readonly ask: unknown; readonly context: BookContext };
  readonly answering: Answering;
}

/** Writes a line for each thing that happens; what the page has not read yet is kept until it is. */
async function stream(
  response: ServerResponse,
  { route, call, answering }: Streamed,
): Promise<void> {
  const page = new AbortController();
  response.on('close', () => page.abort());
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson; charset=utf-8' });
  const write = (line: StreamLine<unknown, unknown>): void => {
    if (response.writable) response.write(`${JSON.stringify(line)}\n`);
  };
  try {
    const value = await route.run(call, {
      progress: (text, done, total) => write({ kind: 'progress', text, done, total }),
      item: (item) => write({ kind: 'item', item }),
      gone: page.signal,
    });
    write({ kind: 'done', value });
  } catch (error) {
    write({ kind: 'failed', failure: errorAnswer(error, answering.onBug).body });
  }
  response.end();
}

export const sendError = (response: ServerResponse, { status, body }: ErrorAnswer): void =>
  sendJson(response, status, body);

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  // A body that was refused is not read to its end, so the connection is of no more use.
  if (status === 413) response.setHeader('Connection', 'close');
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

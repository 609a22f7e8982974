import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { Failure } from '../model/problem';
import { addressOf } from './address';
import type { TerminalEnd } from './api/shapes';
import { errorAnswer } from './errors';
import { SAFE_HEADERS } from './headers';
import { patternOf } from './router';
import { object, text, whole } from './routes/fields';
import { runTerminal } from './terminal';

/** Terminals that are open. */
export interface Terminals {
  /** Answers the request for a WebSocket: a terminal, or a refusal. */
  upgrade(
    request: IncomingMessage,
    socket: Duplex,
    how: { readonly head: Buffer; readonly admit: () => void },
  ): void;
  /** Closes all of them. */
  end(): void;
}

/** Most terminals that are open at once. */
const MOST = 32;
/** Most bytes of a message: what a person pastes. */
const MESSAGE_BYTES = 1_000_000;

/** What the address of a terminal says. */
const question = object<{ place: string; columns: number; rows: number }>({
  place: text(200),
  columns: whole(1, 1000),
  rows: whole(1, 1000),
});

/** @param onBug told about each mistake of this project */
export function createTerminals(onBug: (error: unknown) => void): Terminals {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES });
  const open = new Set<WebSocket>();
  return {
    upgrade(request, socket, { head, admit }) {
      socket.on('error', () => socket.destroy());
      try {
        admit();
        const asked = askedOf(request);
        if (open.size >= MOST)
          throw new Failure('too-many', `${MOST} terminals are open`, 'close some of them');
        sockets.handleUpgrade(request, socket, head, (page) => {
          open.add(page);
          page.on('close', () => open.delete(page));
          void runIn(page, asked, onBug);
        });
      } catch (error) {
        refuse(socket, error, onBug);
      }
    },
    end() {
      for (const page of open) endWith(page, 'the lab book has ended');
    },
  };
}

function askedOf(request: IncomingMessage) {
  const { pathname, searchParams } = addressOf(request);
  const { pattern, lab } = patternOf(pathname);
  if (pattern !== 'api/labs/:lab/terminal')
    throw new Failure('no-route', `there is no socket ${pathname}`, 'see lib/serve/ROUTES.md');
  const given = Object.fromEntries(searchParams);
  const { columns = '80', rows = '24' } = given;
  return { lab, ...question({ ...given, columns: Number(columns), rows: Number(rows) }, '') };
}

async function runIn(
  page: WebSocket,
  asked: Parameters<typeof runTerminal>[1],
  onBug: (error: unknown) => void,
): Promise<void> {
  try {
    endWith(page, await runTerminal(page, asked));
  } catch (error) {
    const { body } = errorAnswer(error, onBug);
    endWith(page, 'error' in body ? `${body.error.problem}; ${body.error.fix}` : 'it cannot open');
  }
}

function endWith(page: WebSocket, why: string): void {
  const last: TerminalEnd = { kind: 'end', why };
  if (page.readyState === page.OPEN) page.send(JSON.stringify(last));
  page.close(1000);
}

/** A refusal is an answer of HTTP: the socket was not opened yet. */
function refuse(socket: Duplex, error: unknown, onBug: (error: unknown) => void): void {
  const { status, body } = errorAnswer(error, onBug);
  const content = JSON.stringify(body);
  const headers = {
    ...SAFE_HEADERS,
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': `${Buffer.byteLength(content)}`,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(
    [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', content].join('\r\n'),
  );
}

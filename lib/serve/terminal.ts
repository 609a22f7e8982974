import type { IPty } from '@lydell/node-pty';
import type { RawData, WebSocket } from 'ws';
import { withPlace } from '../session/local/place';
import { labRunning } from '../session/local/running';
import { shellIn } from '../session/local/shell';
import type { TerminalInput } from './api/shapes';
import { either, object, oneOf, text, whole } from './routes/fields';

/** Which terminal is asked for. */
export interface TerminalAsked {
  readonly lab: string;
  /** A pod, a node, an outside host or a machine of the lab. */
  readonly place: string;
  readonly columns: number;
  readonly rows: number;
}

/** Bytes that wait for the page above which the terminal pauses, and below which it goes on. */
const FULL = 1_000_000;
const DRAINED = 100_000;

const terminalInput = either<TerminalInput, TerminalInput>(
  object<Extract<TerminalInput, { kind: 'input' }>>({
    kind: oneOf('input'),
    data: text(1_000_000),
  }),
  object<Extract<TerminalInput, { kind: 'resize' }>>({
    kind: oneOf('resize'),
    columns: whole(1, 1000),
    rows: whole(1, 1000),
  }),
);

/**
 * Runs a shell in a place of a lab that is up, at a pseudo terminal of its own. The shell is a process of the
 * lab: it ends with it, and never continues on the machine itself.
 *
 * @returns why it ended
 * @throws Failure where the lab is not up or has no such place
 */
export async function runTerminal(
  page: WebSocket,
  { lab, place, columns, rows }: TerminalAsked,
): Promise<string> {
  const early: RawData[] = [];
  const keepEarly = (data: RawData) => void early.push(data);
  page.on('message', keepEarly);
  return withPlace({ name: place, lab }, async ({ sandbox, netns }) => {
    const { file, args, path } = await sandbox.entry(netns, shellIn(place));
    if (page.readyState !== page.OPEN) return 'the page is gone';
    const { HOME, LANG, SHELL, USER } = process.env;
    // Loaded where a terminal is opened: it is a native module.
    const { spawn } = await import('@lydell/node-pty');
    const env = { HOME, LANG, SHELL, USER, PATH: path, TERM: 'xterm-256color' };
    const pty = spawn(file, [...args], { cols: columns, rows, env, encoding: null });
    page.off('message', keepEarly);
    for (const data of early) take(page, pty, data);
    page.on('message', (data) => take(page, pty, data));
    const code = await ended(page, pty);
    const isUp = (await labRunning(lab).catch(() => [])).length > 0;
    return isUp ? `exit code ${code}` : 'the lab ended';
  });
}

/** Resolves with the exit code; a page that is gone takes the shell with it (SIGHUP, as a terminal does). */
function ended(page: WebSocket, pty: IPty): Promise<number> {
  pty.onData((data) => show(page, pty, data));
  const hangUp = () => pty.kill('SIGHUP');
  page.on('close', hangUp);
  return new Promise((resolve) => {
    pty.onExit(({ exitCode }) => {
      page.off('close', hangUp);
      resolve(exitCode);
    });
  });
}

/** `encoding: null` makes the terminal answer bytes, whatever its types say. */
function show(page: WebSocket, pty: IPty, data: string | Uint8Array): void {
  if (page.readyState !== page.OPEN) return;
  page.send(typeof data === 'string' ? Buffer.from(data) : data, { binary: true }, () => {
    if (page.bufferedAmount < DRAINED) pty.resume();
  });
  if (page.bufferedAmount > FULL) pty.pause();
}

/** A message that is no input closes the socket: 1008 is a violation of policy (RFC 6455, 7.4.1). */
function take(page: WebSocket, pty: IPty, data: RawData): void {
  try {
    const input = terminalInput(JSON.parse(data.toString()), '');
    if (input.kind === 'input') pty.write(input.data);
    else pty.resize(input.columns, input.rows);
  } catch {
    page.close(1008, 'not an input of a terminal');
  }
}

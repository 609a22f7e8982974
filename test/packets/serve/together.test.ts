import { createConnection } from 'node:net';
import { WebSocket } from 'ws';
import type {
  BookState,
  CheckAnswer,
  LabDown,
  LabPage,
  MatrixAnswer,
  NextTask,
  StreamLine,
} from '../../../lib/serve/api/shapes';
import { doneOf, failedWith, type OpenedBook, openBook } from '../../serve/book';
import { describePackets } from '../kernel';

const LAB = 'k8s-1-pods';
const AT = `/api/labs/${LAB}`;

const isDone = (lines: readonly StreamLine<unknown, unknown>[]): boolean =>
  lines.at(-1)?.kind === 'done';

/** A terminal of a page, and what it has printed. */
function openTerminal(book: OpenedBook, query: string, lab = LAB) {
  const url = `ws://127.0.0.1:${book.port}/api/labs/${lab}/terminal?${query}`;
  const origin = `http://127.0.0.1:${book.port}`;
  const socket = new WebSocket(url, { headers: { cookie: book.cookie, origin } });
  const seen = { screen: '', end: '' };
  socket.on('message', (data, isBinary) => {
    if (isBinary) seen.screen += data.toString();
    else seen.end = JSON.parse(data.toString()).why;
  });
  const send = (value: unknown) => socket.send(JSON.stringify(value));
  const shows = async (text: string | RegExp): Promise<void> => {
    for (const end = Date.now() + 10_000; Date.now() < end; ) {
      if (seen.screen.search(text) >= 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`not on the screen: ${text}\n${seen.screen}`);
  };
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const opened = new Promise<void>((resolve) => socket.once('open', () => resolve()));
  const type = (data: string) => send({ kind: 'input', data });
  return { socket, seen, send, type, shows, closed, opened };
}

describePackets('several pages at one lab book', () => {
  let book: OpenedBook;
  beforeEach(async () => {
    book = await openBook();
  });
  afterEach(async () => {
    expect(book.bugs).toEqual([]);
    await book.close();
  });
  const state = async (): Promise<BookState> => JSON.parse((await book.get('/api/state')).text);
  const up = async () => doneOf(await book.stream<NextTask>(`${AT}/up`, {}));

  test('two pages bring one lab up: one does, the other is answered that it is up', async () => {
    const both = await Promise.all([1, 2].map(() => book.stream<NextTask>(`${AT}/up`, {})));
    expect(both.filter(isDone)).toHaveLength(1);
    expect(both.filter((lines) => !isDone(lines)).map(failedWith)).toEqual(['already-up']);
    expect((await state()).up).toHaveLength(1);
  });

  test('down during a check: the check ends with the lab, and nothing is left', async () => {
    await up();
    const checking = book.stream<CheckAnswer>(`${AT}/check`, {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    const down = doneOf(await book.stream<LabDown>(`${AT}/down`, {}));
    expect(down).toEqual({ lab: LAB, left: [] });
    const checked = await checking;
    if (!isDone(checked)) expect(['lab-ended', 'nothing-up']).toContain(failedWith(checked));
    expect((await state()).up).toEqual([]);
  });

  test('down while it comes up ends the half-made lab', async () => {
    const coming = book.stream<NextTask>(`${AT}/up`, {});
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(isDone(await book.stream<LabDown>(`${AT}/down`, {}))).toBe(true);
    const came = await coming;
    if (!isDone(came)) expect(failedWith(came)).toBe('lab-ended');
    expect((await state()).up).toEqual([]);
    expect((await state()).busy).toEqual({});
  });

  test('two pages take it down: both are answered that it is down', async () => {
    await up();
    const both = await Promise.all([1, 2].map(() => book.stream<LabDown>(`${AT}/down`, {})));
    for (const lines of both) if (!isDone(lines)) expect(failedWith(lines)).toBe('nothing-up');
    expect(both.some(isDone)).toBe(true);
    expect((await state()).up).toEqual([]);
  });

  test('actions of two pages on one lab run one after the other', async () => {
    await up();
    const asked = [
      book.stream<MatrixAnswer>(`${AT}/matrix`, {}),
      book.stream<CheckAnswer>(`${AT}/check`, {}),
      book.stream<MatrixAnswer>(`${AT}/matrix`, {}),
    ];
    const [first, , last] = await Promise.all(asked);
    expect(doneOf(first as readonly StreamLine<MatrixAnswer>[]).differing).toEqual([]);
    expect(doneOf(last as readonly StreamLine<MatrixAnswer>[]).differing).toEqual([]);
    const page: LabPage = JSON.parse((await book.get(AT)).text);
    expect(page.progress?.done.length ?? 0).toBeLessThanOrEqual(1);
  });

  test('a page that follows the state sees what another one does', async () => {
    const states: BookState[] = [];
    const host = `127.0.0.1:${book.port}`;
    const socket = createConnection(book.port, '127.0.0.1', () =>
      socket.write(`GET /api/events HTTP/1.1\r\nHost: ${host}\r\nCookie: ${book.cookie}\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
      const found = [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) => json);
      states.splice(0, states.length, ...found.map((json) => JSON.parse(json)));
    });
    await up();
    await book.stream<LabDown>(`${AT}/down`, {});
    for (const end = Date.now() + 5000; Date.now() < end; ) {
      const last = states.at(-1);
      if (states.some((one) => one.up.length === 1) && last?.up.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    socket.destroy();
    expect(states.some(({ busy }) => busy[LAB] === 'up')).toBe(true);
    expect(states.some((one) => one.up.length === 1)).toBe(true);
    expect(states.at(-1)?.up).toEqual([]);
  });

  test('a capture whose page is gone ends, and the lab answers others', async () => {
    await up();
    const socket = createConnection(book.port, '127.0.0.1');
    const body = JSON.stringify({ place: 'node-a', seconds: 3600, count: 10_000 });
    socket.write(
      [
        `POST ${AT}/capture HTTP/1.1`,
        `Host: 127.0.0.1:${book.port}`,
        `Origin: http://127.0.0.1:${book.port}`,
        `Cookie: ${book.cookie}`,
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
    await new Promise<void>((resolve) => socket.once('data', () => resolve()));
    socket.destroy();
    expect(doneOf(await book.stream<MatrixAnswer>(`${AT}/matrix`, {})).differing).toEqual([]);
  });

  test('a terminal is a shell of the pod at a pseudo terminal of its size', async () => {
    await up();
    const places = JSON.parse((await book.get(`${AT}/places`)).text);
    const pod = places.find(({ kind }: { kind: string }) => kind === 'pod').name;
    const terminal = openTerminal(book, `place=${pod}&columns=91&rows=31`);
    await terminal.opened;
    terminal.type('tty; stty size; ip -o -4 addr show eth0; echo pid=$$ place=$LAB_PLACE\n');
    await terminal.shows(/31 91/);
    await terminal.shows(/eth0 {4}inet 10\./);
    await terminal.shows(`place=${pod}`);
    terminal.send({ kind: 'resize', columns: 120, rows: 40 });
    terminal.type('stty size\n');
    await terminal.shows(/40 120/);
    terminal.type('exit 3\n');
    await terminal.closed;
    expect(terminal.seen.end).toBe('exit code 3');
  });

  test('a terminal ends with the lab, and never goes on as a shell of the machine', async () => {
    await up();
    const terminal = openTerminal(book, 'place=node-a');
    await terminal.opened;
    terminal.type('echo ready-$((1+1))\n');
    await terminal.shows('ready-2');
    await book.stream<LabDown>(`${AT}/down`, {});
    await terminal.closed;
    expect(terminal.seen.end).toBe('the lab ended');
    const late = openTerminal(book, 'place=node-a');
    await late.closed;
    expect(late.seen).toEqual({ screen: '', end: expect.stringContaining('is not up') });
  });

  test('a place that is no place of the lab opens nothing', async () => {
    await up();
    for (const place of ['$(id)', '../host', '-t 1', 'host', '']) {
      const terminal = openTerminal(book, `place=${encodeURIComponent(place)}`);
      await terminal.closed;
      expect(terminal.seen.screen).toBe('');
      expect(terminal.seen.end).not.toBe('');
    }
  });

  test('a message that is no input closes the terminal', async () => {
    await up();
    const terminal = openTerminal(book, 'place=node-a');
    await terminal.opened;
    terminal.type('echo ready-$((1+1))\n');
    await terminal.shows('ready-2');
    terminal.send({ kind: 'resize', columns: -1, rows: 1e9 });
    await terminal.closed;
  });

  test('the server ends: terminals and labs end with it', async () => {
    await up();
    const terminal = openTerminal(book, 'place=node-a');
    await terminal.opened;
    await terminal.shows('node-a');
    const other = await openBook();
    await other.close();
    await book.close();
    await terminal.closed;
    expect(terminal.seen.end).toBe('the lab book has ended');
    book = await openBook();
    expect((await state()).up).toEqual([]);
  });
});

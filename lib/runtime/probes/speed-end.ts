import { connect, createServer, type Socket } from 'node:net';

/**
 * One end of a measurement, a process of its own inside a namespace: `serve <port>`, or `ask <host>
 * <port> <round trips> <milliseconds a stream>`, which writes one line of JSON: this.
 */
export interface Measured {
  /** Each round trip of 64 bytes over one connection, in microseconds. */
  readonly roundTrips: readonly number[];
  /** TCP streams, one after the other. */
  readonly streams: readonly Stream[];
}

/** What a stream carried, and in how long until its receiver had all of it. */
export interface Stream {
  readonly bytes: number;
  readonly millis: number;
}

/** The first byte of a connection says what it is for. */
const ECHO = 'e';
const SINK = 's';
const MESSAGE = Buffer.alloc(64, 'x');
const CHUNK = Buffer.alloc(256 * 1024, 'x');
/** Round trips that are not counted: code is compiled and neighbours are warm after them. */
const WARM_UP = 50;
const STREAMS = 3;

const [, , mode, ...rest] = process.argv;
if (mode === 'serve') serve(Number(rest[0]));
else if (mode === 'ask') void ask(rest);

function serve(port: number): void {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (peer) => {
    peer.on('error', () => peer.destroy());
    peer.once('data', (first) => {
      // What follows the first byte may come along with it.
      const rest = first.subarray(1);
      if (String(first.subarray(0, 1)) === SINK) return sink(peer, rest.length);
      peer.on('data', (data) => peer.write(data));
      if (rest.length > 0) peer.write(rest);
    });
  });
  server.listen(port, '0.0.0.0');
}

/** Counts what comes, and tells how much it was when no more does. */
function sink(peer: Socket, before: number): void {
  let bytes = before;
  peer.on('data', (data) => {
    bytes += data.length;
  });
  peer.on('end', () => peer.end(String(bytes)));
}

async function ask([host = '', port = '', count = '', millis = '']: readonly string[]) {
  const roundTrips = await echo(await connected(host, Number(port)), Number(count));
  const streams: Stream[] = [];
  while (streams.length < STREAMS) {
    streams.push(await flood(await connected(host, Number(port)), Number(millis)));
  }
  process.stdout.write(`${JSON.stringify({ roundTrips, streams } satisfies Measured)}\n`);
}

function connected(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

function echo(socket: Socket, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  return new Promise((resolve, reject) => {
    let [heard, sent] = [0, 0n];
    const next = (): void => {
      [heard, sent] = [0, process.hrtime.bigint()];
      socket.write(MESSAGE);
    };
    socket.once('error', reject);
    socket.on('data', (data) => {
      heard += data.length;
      if (heard < MESSAGE.length) return;
      times.push(Number(process.hrtime.bigint() - sent) / 1000);
      if (times.length < WARM_UP + count) return next();
      socket.destroy();
      resolve(times.slice(WARM_UP));
    });
    socket.write(ECHO, () => setImmediate(next));
  });
}

function flood(socket: Socket, millis: number): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const pour = (): void => {
      if (performance.now() - start >= millis) return void socket.end();
      if (socket.write(CHUNK)) setImmediate(pour);
      else socket.once('drain', pour);
    };
    let received = '';
    socket.once('error', reject);
    socket.on('data', (data) => {
      received += data.toString();
    });
    socket.on('end', () => resolve({ bytes: Number(received), millis: performance.now() - start }));
    socket.write(SINK, pour);
  });
}

import { Socket } from 'node:net';

/**
 * Reads a whole request and answers with `200` and the banner as its body; anything else, and
 * silence, is answered with the bare banner. Then it hangs up. The descriptor is ours from now on.
 */
export function hearOut(fd: number, banner: string): void {
  const socket = new Socket({ fd, readable: true, writable: true, allowHalfOpen: true });
  let head = '';
  let request: RequestHead | undefined;
  const say = (text: string): void => {
    clearTimeout(silence);
    socket.end(text);
  };
  const heard = (data: Buffer): void => {
    if (request === undefined) {
      head += data.toString('latin1');
      if (!REQUEST_LINE.test(head)) {
        say(banner);
        return;
      }
      request = headOf(head);
      if (request === undefined && head.length > LONGEST_HEAD) socket.destroy();
    } else request = withBody(request, data);
    if (request !== undefined && isWhole(request)) say(response(banner, request));
  };
  // What came while this thread was busy is read before it counts as silence.
  const silence = setTimeout(() => setImmediate(() => head === '' && say(banner)), SILENCE_MS);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => clearTimeout(silence));
  socket.on('end', () => say(banner));
  socket.on('data', (data: Buffer) => {
    clearTimeout(silence);
    heard(data);
  });
  socket.setTimeout(LONGEST_MS, () => socket.destroy());
}

/** A request whose head has come, and what is known of its body. */
interface RequestHead {
  readonly line: string;
  /** `name: value`, as they came. */
  readonly headers: readonly string[];
  /** Bytes of the body that are still to come; `chunked`: until its last chunk. */
  readonly left: number | 'chunked';
  /** The last bytes of a body in chunks. */
  readonly tail: string;
}

function headOf(text: string): RequestHead | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [line = '', ...headers] = text.slice(0, end).split('\r\n');
  const body = text.slice(end + 4);
  const headerOf = (name: string): string | undefined =>
    headers
      .find((one) => one.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const isChunked = headerOf('transfer-encoding')?.toLowerCase() === 'chunked';
  const length = Number(headerOf('content-length') ?? 0);
  return {
    line,
    headers,
    left: isChunked ? 'chunked' : Math.max(0, length - body.length),
    tail: body.slice(-LAST_CHUNK.length),
  };
}

function withBody(request: RequestHead, data: Buffer): RequestHead {
  const { left, tail } = request;
  if (left !== 'chunked') return { ...request, left: Math.max(0, left - data.length) };
  return { ...request, tail: `${tail}${data.toString('latin1')}`.slice(-LAST_CHUNK.length) };
}

const isWhole = ({ left, tail }: RequestHead): boolean =>
  left === 'chunked' ? tail === LAST_CHUNK : left === 0;

/** The end of a body in chunks (RFC 9112 section 7.1). */
const LAST_CHUNK = '0\r\n\r\n';

// A client of HTTP speaks as soon as it is connected; a probe waits a little longer in its first try.
const SILENCE_MS = 60;
const LONGEST_MS = 5000;
const LONGEST_HEAD = 65_536;

/** The beginning of a request line, however little of it has come (RFC 9112 section 3). */
const REQUEST_LINE = /^[A-Z]{1,10}($| $| [^\r\n]*($|\r?\n))/;

/** The banner, and in headers what was received: rewritten paths and changed headers show there. */
const response = (body: string, { line, headers }: RequestHead): string =>
  [
    'HTTP/1.1 200 OK',
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Received: ${line}`,
    ...headers.map((one) => `X-Received-${one}`),
    'Connection: close',
    '',
    body,
  ].join('\r\n');

import { Socket } from 'node:net';

/**
 * Hears a peer out: a request is answered with `200` and the banner as its body, anything else, and
 * silence, with the bare banner. Then it hangs up. The descriptor is ours from now on.
 */
export function hearOut(fd: number, banner: string): void {
  const socket = new Socket({ fd, readable: true, writable: true, allowHalfOpen: true });
  let heard = '';
  const say = (text: string): void => {
    clearTimeout(silence);
    socket.end(text);
  };
  // What came while this thread was busy is read before it counts as silence.
  const silence = setTimeout(() => setImmediate(() => heard === '' && say(banner)), SILENCE_MS);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => clearTimeout(silence));
  socket.on('end', () => say(banner));
  socket.on('data', (data: Buffer) => {
    clearTimeout(silence);
    heard += data.toString('latin1');
    if (!REQUEST_LINE.test(heard)) say(banner);
    else if (heard.includes('\r\n\r\n')) say(response(banner));
    else if (heard.length > LONGEST_HEAD) socket.destroy();
  });
  socket.setTimeout(LONGEST_MS, () => socket.destroy());
}

// A client of HTTP speaks as soon as it is connected; a probe waits a little longer in its first try.
const SILENCE_MS = 60;
const LONGEST_MS = 5000;
const LONGEST_HEAD = 65_536;

/** The beginning of a request line, however little of it has come (RFC 9112 section 3). */
const REQUEST_LINE = /^[A-Z]{1,10}($| $| [^\r\n]*($|\r?\n))/;

const response = (body: string): string =>
  [
    'HTTP/1.1 200 OK',
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');

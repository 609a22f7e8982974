import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http';
import { Socket } from 'node:net';
import { connect as overTls } from 'node:tls';
import type { Netns } from '../../dataplane/commands/command';
import type { Ip } from '../../model/address';
import { IPPROTO, SOCK } from '../kernel/libc';
import type { Namespaces } from '../kernel/namespaces';
import { openSocket } from './attempt';

/** One request, from inside a namespace. */
export interface HttpQuestion {
  readonly netns: Netns;
  readonly address: Ip;
  /** 1 to 65535. */
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** The name asked for: header `Host`, and in TLS the server name. */
  readonly host: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** @default GET */
  readonly method?: string;
  readonly timeoutMs: number;
}

/** What came back. `silent`: no answer in time, or the network refused; `why` says which. */
export type HttpAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: string;
      /** By name in lower case; several of one name are joined. */
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'silent'; readonly why: string };

/**
 * Asks over a real connection that begins in the namespace. Any certificate will do: a lab's own are
 * self-signed.
 */
export async function askHttp(namespaces: Namespaces, question: HttpQuestion): Promise<HttpAnswer> {
  const { netns, address: destination, port, timeoutMs } = question;
  const probe = { netns, destination, port, protocol: 'TCP' } as const;
  const opened = namespaces.enter(netns, () => openSocket(probe, SOCK.STREAM, IPPROTO.TCP));
  if (opened.kind === 'done') return { kind: 'silent', why: opened.outcome };
  const plain = new Socket({ fd: opened.fd, readable: true, writable: true });
  const deadline = setTimeout(() => plain.destroy(new Error('timed-out')), timeoutMs);
  try {
    await connected(plain);
    return await exchange(question, plain);
  } catch (error) {
    return { kind: 'silent', why: wordOf(error) };
  } finally {
    clearTimeout(deadline);
    plain.destroy();
  }
}

/** Nothing can be sent before a connection stands, not even nothing: send(2) says why it does not. */
const connected = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.write('', (error) => (error ? reject(error) : resolve()));
  });

function exchange(question: HttpQuestion, plain: Socket): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    plain.on('error', reject);
    const { protocol, host, path, headers, method = 'GET' } = question;
    const socket =
      protocol === 'HTTP'
        ? plain
        : overTls({ socket: plain, servername: host, rejectUnauthorized: false });
    socket.on('error', reject);
    const request: ClientRequest = overHttp({
      createConnection: () => socket,
      path,
      method,
      headers: { Host: host, Connection: 'close', ...headers },
    });
    request.on('error', reject);
    request.on('response', (response) => read(response).then(resolve, reject));
    request.end();
  });
}

async function read(response: IncomingMessage): Promise<HttpAnswer> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  const body = Buffer.concat(parts).toString();
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      [value ?? []].flat().join(', '),
    ]),
  );
  return { kind: 'answered', status: response.statusCode ?? 0, body, headers };
}

function wordOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'refused';
  return code === undefined || code === 'ERR_STREAM_DESTROYED' ? error.message : `${code}`;
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Failure } from '../model/problem';
import { addressOf } from './address';

/** What a request must show to be admitted. */
export interface Keys {
  /** In the printed URL; exchanged for the cookie. */
  readonly token: string;
  /** Value of the cookie. */
  readonly cookie: string;
}

/** Two secrets of 256 random bits each. */
export const newKeys = (): Keys => ({ token: secret(), cookie: secret() });

const secret = (): string => randomBytes(32).toString('base64url');

/** Cookies of one host are shared by all of its ports (RFC 6265, 8.5), so the name holds the port. */
export const cookieName = (port: number): string => `lab-book-${port}`;

/**
 * The header that gives a browser the cookie. `SameSite=Strict`: no other site's page can send it; no
 * `Domain`: no other host gets it (RFC 6265bis, 4.1.2).
 */
export const cookieHeader = (port: number, { cookie }: Keys): string =>
  `${cookieName(port)}=${cookie}; Path=/; HttpOnly; SameSite=Strict`;

/**
 * Refuses a request that does not come from this server's own page. `Host` must name this server, or a
 * name that was rebound to this address would reach it. `Origin` must be this server's where there is one, and
 * must be there for everything but GET and HEAD and for each WebSocket: browsers send it then (Fetch Standard,
 * 3.2). `Sec-Fetch-Site` refuses pages of other ports of this host, whose GET requests have no `Origin`.
 *
 * @throws Failure `foreign-host`, `foreign-origin` or `no-cookie`
 */
export function admit(request: IncomingMessage, port: number, keys: Keys): void {
  refuseForeignHost(request, port);
  refuseForeignOrigin(request, port);
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw foreignOrigin(`${site}`);
  if (!cookiesIn(request, cookieName(port)).some((value) => isSame(value, keys.cookie)))
    throw new Failure(
      'no-cookie',
      'this browser has no cookie of this lab book',
      'open the address that lab book printed',
    );
}

/**
 * Whether a request brings the token; it comes from the terminal, so it needs no cookie yet.
 * @throws Failure `foreign-host`, `foreign-origin`, or `wrong-token` where it brings another one
 */
export function bringsToken(request: IncomingMessage, port: number, keys: Keys): boolean {
  const given = addressOf(request).searchParams.getAll('token');
  if (given.length === 0) return false;
  refuseForeignHost(request, port);
  refuseForeignOrigin(request, port);
  if (given.length === 1 && isSame(given[0] ?? '', keys.token)) return true;
  throw new Failure(
    'wrong-token',
    'this address holds the token of another lab book',
    'open the address that the running lab book printed',
  );
}

/** The names by which this server may be asked. */
const hostsOf = (port: number): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`];

function refuseForeignHost({ headers }: IncomingMessage, port: number): void {
  if (hostsOf(port).includes(headers.host ?? '')) return;
  throw new Failure(
    'foreign-host',
    `the lab book does not answer for the host '${headers.host ?? ''}'`,
    `use http://127.0.0.1:${port}`,
  );
}

function refuseForeignOrigin({ headers, method }: IncomingMessage, port: number): void {
  const { origin, host, upgrade } = headers;
  if (origin === undefined) {
    const isRead = method === 'GET' || method === 'HEAD';
    if (isRead && upgrade === undefined) return;
    throw foreignOrigin('none');
  }
  const isOwn = hostsOf(port).includes(host ?? '') && origin === `http://${host}`;
  if (!isOwn) throw foreignOrigin(origin);
}

const foreignOrigin = (origin: string): Failure =>
  new Failure(
    'foreign-origin',
    `the request does not come from the page of this lab book (origin: ${origin})`,
    'use the page at the address that lab book printed',
  );

/** Values of every cookie of this name: a browser may send several of different paths. */
const cookiesIn = ({ headers }: IncomingMessage, name: string): readonly string[] =>
  (headers.cookie ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    return pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : [];
  });

/** Compares digests, so that the time taken says nothing about the secret. */
const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

import type { HttpHeader } from '../model/http';
import { Failure } from '../model/problem';
import type { World } from '../model/world';
import type { RequestQuestion } from '../reach/questions/request';
import { parseFlow } from '../read/flows/flows';

/** What a person says about a request beside its URL. */
export interface RequestOptions {
  /** `name: value`. */
  readonly header: readonly string[];
  readonly method: string;
  /** Name or address to connect to; absent: the URL's host. */
  readonly connectTo?: string;
}

/**
 * A request from its words: who asks, and what.
 *
 * Throws `Failure` `unknown-flow` where the end is not known, `bad-request` where a header or the
 * URL cannot be read.
 */
export function requestOf(
  [from, text]: readonly [string, string],
  world: World,
  { header, method, connectTo }: RequestOptions,
): RequestQuestion {
  const flow = parseFlow(from, 'internet:80', world);
  if ('problem' in flow) throw new Failure('unknown-flow', flow.problem, flow.fix);
  const url = urlOf(text);
  const headers = header.map(headerOf);
  const host = headers.find(({ name }) => name.toLowerCase() === 'host')?.value ?? url.host;
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  return {
    from: flow.from,
    connectTo: connectTo ?? url.hostname,
    request: {
      scheme,
      host,
      port: Number(url.port) || (scheme === 'https' ? 443 : 80),
      method: method.toUpperCase(),
      path: url.pathname,
      query: url.search.slice(1),
      headers: headers.filter(({ name }) => name.toLowerCase() !== 'host'),
    },
  };
}

function urlOf(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new Failure('bad-request', `'${text}' is not a URL`, 'write http://shop.example.com/path');
}

function headerOf(text: string): HttpHeader {
  const at = text.indexOf(':');
  if (at > 0) return { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
  throw new Failure('bad-request', `'${text}' is not a header`, "write 'canary: yes'");
}

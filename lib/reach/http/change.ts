import type { HttpHeader, HttpHeaderChange, HttpPathChange, HttpRedirect } from '../../model/http';
import type { HttpRequest } from '../../model/http-decision';
import { nameInHost } from './host';

/**
 * A path after a change. What a prefix matched is replaced without doubling or losing a slash
 * (Gateway API: HTTPPathModifier, the table of ReplacePrefixMatch).
 */
export function changedPath(path: string, change: HttpPathChange): string {
  switch (change.kind) {
    case 'whole':
      return change.value;
    case 'prefix': {
      const prefix = change.prefix.replace(/\/+$/, '');
      const value = change.value.replace(/\/+$/, '');
      const rest = path.slice(prefix.length);
      const next = `${value}${rest}`;
      return next.startsWith('/') ? next : `/${next}`;
    }
    case 'pattern':
      return path.replace(
        new RegExp(`^(?:${change.pattern})`, change.ignoreCase ? 'i' : ''),
        change.value,
      );
  }
}

/** Headers after a change; names ignore case, and an added value joins what is there. */
export function changedHeaders(
  headers: readonly HttpHeader[],
  { set, add, remove }: HttpHeaderChange,
): readonly HttpHeader[] {
  const gone = new Set([...remove, ...set.map(({ name }) => name)].map((one) => one.toLowerCase()));
  const removed = new Set(remove.map((one) => one.toLowerCase()));
  const kept = headers.filter(({ name }) => !gone.has(name.toLowerCase()));
  return [...kept, ...[...set, ...add].filter(({ name }) => !removed.has(name.toLowerCase()))];
}

const DEFAULT_PORT = { http: 80, https: 443 } as const;

/**
 * Where a redirect leads. Without a port of its own it is the scheme's where the redirect names a
 * scheme, else the listener's; a scheme's own port is not written (Gateway API:
 * HTTPRequestRedirectFilter.port).
 */
export function locationOf(redirect: HttpRedirect, request: HttpRequest): string {
  const scheme = redirect.scheme ?? request.scheme;
  const own = redirect.scheme === undefined ? request.port : DEFAULT_PORT[scheme];
  const port = redirect.port ?? own;
  const host = redirect.hostname ?? nameInHost(request.host);
  const path =
    redirect.path === undefined ? request.path : changedPath(request.path, redirect.path);
  const query = redirect.query ?? request.query;
  const suffix = port === DEFAULT_PORT[scheme] ? '' : `:${port}`;
  return `${scheme}://${host}${suffix}${path}${query === '' ? '' : `?${query}`}`;
}

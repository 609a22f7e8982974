import type {
  HttpAction,
  HttpForward,
  HttpHeaderChange,
  HttpPathChange,
  HttpRedirect,
} from '../../model/http';
import type { World } from '../../model/world';
import { type EnvoyMessage, literal } from './envoy-match';
import { type BackendPart, partsOf } from './http-backends';

/**
 * An action as Envoy's routes for one match. Parts that are answered with a status come first, each
 * for its share of what is left, since Envoy's weights know no status.
 */
export function routesFor(
  world: World,
  match: EnvoyMessage,
  { action, port }: { readonly action: HttpAction; readonly port: number },
): readonly EnvoyMessage[] {
  switch (action.kind) {
    case 'reply':
      return [{ match, ...replyOf(action.status, action) }];
    case 'redirect':
      return [{ match, redirect: redirectOf(action, port) }];
    case 'forward':
      return forwardRoutes(world, match, action);
  }
}

/** A status in place of an answer of a backend. */
export const replyOf = (
  status: number,
  { body, contentType }: { readonly body?: string; readonly contentType?: string } = {},
): EnvoyMessage => ({
  direct_response: { status, ...(body !== undefined && { body: { inline_string: body } }) },
  ...(contentType !== undefined && {
    response_headers_to_add: [header('content-type', contentType, 'OVERWRITE_IF_EXISTS_OR_ADD')],
  }),
});

const MILLION = 1_000_000;

function forwardRoutes(
  world: World,
  match: EnvoyMessage,
  action: HttpForward,
): readonly EnvoyMessage[] {
  const parts = partsOf(world, action.backends);
  if (parts.length === 0) return [{ match, ...replyOf(500) }];
  const statuses = parts.filter((part) => part.kind === 'status');
  const clusters = parts.filter((part) => part.kind === 'cluster');
  let left = parts.reduce((sum, { weight }) => sum + weight, 0);
  const routes: EnvoyMessage[] = [];
  for (const { status, weight } of statuses) {
    const fraction = { numerator: Math.round((weight / left) * MILLION), denominator: 'MILLION' };
    const isAll = weight === left;
    const some = isAll ? match : { ...match, runtime_fraction: { default_value: fraction } };
    routes.push({ match: some, ...replyOf(status) });
    left -= weight;
  }
  if (clusters.length === 0) return routes;
  return [...routes, { match, ...forwarding(world, clusters, action) }];
}

function forwarding(
  world: World,
  clusters: readonly Extract<BackendPart, { kind: 'cluster' }>[],
  { request, response, rewrite, mirrors, timeoutMs }: HttpForward,
): EnvoyMessage {
  const copies = mirrors.flatMap(({ backend, share }) =>
    partsOf(world, [{ target: backend, weight: 1, request: NONE, response: NONE }]).flatMap(
      (part) => (part.kind === 'cluster' ? [mirror(part.name, share)] : []),
    ),
  );
  return {
    route: {
      weighted_clusters: {
        clusters: clusters.map((part) => ({
          name: part.name,
          weight: part.weight,
          ...changes(part.request, part.response),
        })),
      },
      timeout: timeoutMs === undefined ? '0s' : `${timeoutMs / 1000}s`,
      ...(rewrite?.hostname !== undefined && { host_rewrite_literal: rewrite.hostname }),
      ...(rewrite?.path !== undefined && { regex_rewrite: pathRewrite(rewrite.path) }),
      ...(copies.length > 0 && { request_mirror_policies: copies }),
    },
    ...changes(request, response),
  };
}

const NONE: HttpHeaderChange = { set: [], add: [], remove: [] };

const mirror = (cluster: string, share: number): EnvoyMessage => ({
  cluster,
  disable_shadow_host_suffix_append: true,
  runtime_fraction: {
    default_value: { numerator: Math.round(share * MILLION), denominator: 'MILLION' },
  },
});

/** `%` starts a variable in Envoy's header values. */
function header(key: string, value: string, append: string): EnvoyMessage {
  return {
    header: { key, value: value.replaceAll('%', '%%') },
    append_action: append,
    keep_empty_value: true,
  };
}

function changes(request: HttpHeaderChange, response: HttpHeaderChange): EnvoyMessage {
  return {
    ...changeOf(request, 'request'),
    ...changeOf(response, 'response'),
  };
}

function changeOf(
  { set, add, remove }: HttpHeaderChange,
  of: 'request' | 'response',
): EnvoyMessage {
  const added = [
    ...set.map(({ name, value }) => header(name, value, 'OVERWRITE_IF_EXISTS_OR_ADD')),
    ...add.map(({ name, value }) => header(name, value, 'APPEND_IF_EXISTS_OR_ADD')),
  ];
  return {
    ...(added.length > 0 && { [`${of}_headers_to_add`]: added }),
    ...(remove.length > 0 && { [`${of}_headers_to_remove`]: remove }),
  };
}

/** A new path as RE2 expression and substitution; the query is not looked at. */
function pathRewrite(change: HttpPathChange): EnvoyMessage {
  const rewriting = (regex: string, substitution: string): EnvoyMessage => ({
    pattern: { regex },
    substitution,
  });
  switch (change.kind) {
    case 'whole':
      return rewriting('^[^?]*', plain(change.value));
    case 'prefix': {
      const prefix = literal(change.prefix.replace(/\/+$/, ''));
      const value = plain(change.value.replace(/\/+$/, ''));
      return value === '' ? rewriting(`^${prefix}/?`, '/') : rewriting(`^${prefix}`, value);
    }
    case 'pattern': {
      const flag = change.ignoreCase ? '(?i)' : '';
      return rewriting(
        `^${flag}(?:${change.pattern})`,
        plain(change.value).replace(/\$(\d)/g, '\\$1'),
      );
    }
  }
}

/** `\` names a group in a substitution. */
const plain = (value: string): string => value.replaceAll('\\', '\\\\');

const CODES = {
  301: 'MOVED_PERMANENTLY',
  302: 'FOUND',
  303: 'SEE_OTHER',
  307: 'TEMPORARY_REDIRECT',
  308: 'PERMANENT_REDIRECT',
} as const;

/**
 * Envoy keeps the port of the Host header unless it is given one. Without one in the rule it is the
 * scheme's own where the rule names a scheme, else the listener's.
 */
function redirectPort(
  { port, scheme, hostname }: HttpRedirect,
  listenerPort: number,
): number | undefined {
  const isUsual = listenerPort === 80 || listenerPort === 443;
  if (port !== undefined || isUsual) return port;
  if (scheme === undefined) return listenerPort;
  if (hostname !== undefined) return undefined;
  return scheme === 'https' ? 443 : 80;
}

function redirectOf(redirect: HttpRedirect, listenerPort: number): EnvoyMessage {
  const { status, scheme, hostname, path, query } = redirect;
  const port = redirectPort(redirect, listenerPort);
  const suffix = query === undefined || query === '' ? '' : `?${query}`;
  return {
    response_code: CODES[status],
    ...(scheme !== undefined && { scheme_redirect: scheme }),
    ...(hostname !== undefined && { host_redirect: hostname }),
    ...(port !== undefined && { port_redirect: port }),
    ...(path?.kind === 'whole' && { path_redirect: `${path.value}${suffix}` }),
    ...(path !== undefined && path.kind !== 'whole' && { regex_rewrite: pathRewrite(path) }),
    ...(query === '' && { strip_query: true }),
  };
}

import type { HttpMatch, HttpPathMatch, HttpProxy, HttpValueMatch } from '../../model/http';

/** A message of Envoy's configuration, as JSON. */
export type EnvoyMessage = { readonly [field: string]: unknown };

/** Text that RE2 matches literally. */
export const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** A glob as an RE2 expression: `*` is any number of characters, `?` is one. */
export const globExpression = (glob: string): string =>
  literal(glob).replaceAll('\\*', '.*').replaceAll('\\?', '.');

const anyOf = (expressions: readonly string[]): string =>
  expressions.length === 1 ? (expressions[0] ?? '') : `(?:${expressions.join('|')})`;

const matching = (regex: string): EnvoyMessage => ({ safe_regex: { regex } });

/**
 * A rule's condition as Envoy's `RouteMatch`. Hosts that its virtual host does not decide alone are
 * matched here (envoy.config.route.v3.RouteMatch).
 */
export function routeMatch(
  match: HttpMatch,
  hosts: readonly string[],
  kind: HttpProxy['kind'],
): EnvoyMessage {
  const headers = [
    ...authority(hosts, kind),
    ...methods(match.methods),
    ...match.headers.map((one) => ({ name: one.name, ...headerMatch(one) })),
  ];
  const query = match.query.map((one) => ({ name: one.name, string_match: stringMatch(one) }));
  return {
    ...pathMatch(match.path),
    ...(headers.length > 0 && { headers }),
    ...(query.length > 0 && { query_parameters: query }),
  };
}

function pathMatch(path: HttpPathMatch): EnvoyMessage {
  switch (path.kind) {
    case 'exact':
      return { path: path.value };
    case 'prefix': {
      const prefix = path.value.replace(/\/+$/, '');
      return prefix === '' ? { prefix: '/' } : { path_separated_prefix: prefix };
    }
    case 'pattern':
      return matching(`${path.ignoreCase ? '(?i)' : ''}(?:${path.value})`);
    case 'globs':
      return matching(anyOf(path.values.map(globExpression)));
  }
}

/** Wildcards that stand for one label, and a load balancer's globs, with any port behind the name. */
function authority(hosts: readonly string[], kind: HttpProxy['kind']): readonly EnvoyMessage[] {
  if (hosts.length === 0) return [];
  const names = hosts.map((host) => {
    if (kind === 'alb') return globExpression(host);
    return `[^.]+${literal(host.slice(1))}`;
  });
  const value = matching(`(?i)${anyOf(names)}(?::\\d+)?`);
  return [{ name: ':authority', string_match: value }];
}

function methods(wanted: readonly string[]): readonly EnvoyMessage[] {
  if (wanted.length === 0) return [];
  const [only] = wanted;
  const value = wanted.length === 1 ? { exact: only } : matching(anyOf(wanted.map(literal)));
  return [{ name: ':method', string_match: value }];
}

const headerMatch = (match: HttpValueMatch): EnvoyMessage => ({ string_match: stringMatch(match) });

function stringMatch({ kind, values }: HttpValueMatch): EnvoyMessage {
  const [only = ''] = values;
  switch (kind) {
    case 'exact':
      return values.length === 1 ? { exact: only } : matching(anyOf(values.map(literal)));
    case 'pattern':
      return matching(anyOf(values.map((value) => `(?:${value})`)));
    case 'globs':
      return matching(`(?is)${anyOf(values.map(globExpression))}`);
  }
}

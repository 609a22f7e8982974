import { type Cidr, within } from '../../model/address';
import type {
  HttpClients,
  HttpListener,
  HttpPathMatch,
  HttpProxy,
  HttpRule,
} from '../../model/http';
import type { World } from '../../model/world';
import { type EnvoyMessage, routeMatch } from './envoy-match';
import { replyOf, routesFor } from './envoy-routes';

/** What virtual hosts are made of. */
export interface HostsInput {
  readonly world: World;
  readonly kind: HttpProxy['kind'];
  /** All listeners of the port. */
  readonly listeners: readonly HttpListener[];
  /** The listener whose certificate the client asked for; absent: no TLS. */
  readonly connected?: HttpListener;
  /** The most specific block that the client is in, of those that rules name; absent: none. */
  readonly client?: Cidr;
}

/**
 * Virtual hosts of a port: one for each name or wildcard that a listener or a rule has, with the
 * rules that can serve it, the most specific first. Envoy asks one virtual host alone, so each has
 * the rules of wider names too.
 */
export function virtualHosts(input: HostsInput): readonly EnvoyMessage[] {
  const { listeners, kind } = input;
  const written = listeners.flatMap(({ hostname, rules }) => [
    ...(hostname === undefined ? [] : [hostname]),
    ...rules.flatMap(({ hosts }) => hosts),
  ]);
  const names = kind === 'alb' ? [] : written.map((name) => name.toLowerCase());
  return [...new Set([...names, '*'])].map((name) => ({
    name,
    domains: [name],
    routes: routesOf(name, input),
  }));
}

function routesOf(host: string, input: HostsInput): readonly EnvoyMessage[] {
  const { listeners, connected } = input;
  const serving = listeners
    .filter(({ hostname }) => hostname === undefined || covers(hostname, host, 'gateway'))
    .sort((a, b) => specificity(b.hostname) - specificity(a.hostname))[0];
  const everything = { prefix: '/' };
  if (serving === undefined) return [{ match: everything, ...replyOf(404) }];
  if (connected !== undefined && serving !== connected) {
    return [{ match: everything, ...replyOf(421) }];
  }
  return [
    ...ordered(serving.rules, host, input).flatMap((rule) =>
      ruleRoutes(rule, host, { ...input, port: serving.port }),
    ),
    ...routesFor(input.world, everything, { action: serving.otherwise, port: serving.port }),
  ];
}

function ruleRoutes(
  rule: HttpRule,
  host: string,
  input: HostsInput & { readonly port: number },
): readonly EnvoyMessage[] {
  const { world, kind, client, port } = input;
  const { match } = rule;
  if (match.clients !== undefined && !isIn(match.clients, client)) return [];
  const found = routeMatch(match, conditional(rule, host, kind), kind);
  if (rule.clients !== undefined && !isAdmitted(rule.clients, client)) {
    return [{ match: found, ...replyOf(403) }];
  }
  return routesFor(world, found, { action: rule.action, port });
}

/** Hosts of a rule that the virtual host's name does not decide. */
function conditional(
  { hosts }: HttpRule,
  host: string,
  kind: HttpProxy['kind'],
): readonly string[] {
  if (kind === 'alb') return hosts;
  return kind === 'ingress' && host.startsWith('*.') && !hosts.includes('*')
    ? hosts.filter((one) => one.toLowerCase() === host)
    : [];
}

const isIn = (blocks: readonly Cidr[], client: Cidr | undefined): boolean =>
  client !== undefined && blocks.some((block) => within(client, block));

const isAdmitted = ({ allowed, denied }: HttpClients, client: Cidr | undefined): boolean =>
  !isIn(denied, client) && (allowed.length === 0 || isIn(allowed, client));

/** Does a pattern hold for every name that a virtual host serves? */
function covers(pattern: string, host: string, kind: HttpProxy['kind']): boolean {
  const wanted = pattern.toLowerCase();
  if (wanted === host) return true;
  if (!wanted.startsWith('*.') || host === '*') return false;
  const suffix = wanted.slice(1);
  if (!host.endsWith(suffix) || host.length <= suffix.length) return false;
  if (kind === 'gateway') return true;
  return !host.slice(0, -suffix.length).includes('.') && !host.startsWith('*.');
}

const specificity = (host: string | undefined): number => {
  if (host === undefined) return 0;
  return host.startsWith('*.') ? host.length : 1000 + host.length;
};

/** The rules for a virtual host in the order in which Envoy tries them. */
function ordered(
  rules: readonly HttpRule[],
  host: string,
  { kind }: HostsInput,
): readonly HttpRule[] {
  if (kind === 'alb') return rules;
  const serving = rules.filter(
    ({ hosts }) => hosts.length === 0 || hosts.some((one) => covers(one, host, kind)),
  );
  const keys = new Map(serving.map((rule) => [rule, keyOf(rule, host, kind)]));
  return serving.toSorted((a, b) => compareKeys(keys.get(a) ?? [], keys.get(b) ?? []));
}

type Key = readonly (number | string)[];

/**
 * Smaller comes first: host, path, method, headers, query parameters, age, name (Gateway API:
 * HTTPRouteRule.matches; Kubernetes: Ingress, multiple matches).
 */
function keyOf({ hosts, match, source }: HttpRule, host: string, kind: HttpProxy['kind']): Key {
  const own = hosts.filter((one) => covers(one, host, kind)).map(specificity);
  const [exact, length] = pathKey(match.path);
  return [
    -Math.max(0, ...own),
    exact,
    -length,
    match.methods.length > 0 ? 0 : 1,
    -match.headers.length,
    -match.query.length,
    source.created ?? Number.MAX_SAFE_INTEGER,
    `${source.namespace}/${source.name}`,
  ];
}

function pathKey(path: HttpPathMatch): readonly [exact: number, length: number] {
  switch (path.kind) {
    case 'exact':
      return [0, path.value.length];
    case 'pattern':
      return [1, path.value.length];
    case 'prefix':
      return [1, path.value.replace(/\/+$/, '').length];
    case 'globs':
      return [2, 0];
  }
}

function compareKeys(a: Key, b: Key): number {
  for (const [i, value] of a.entries()) {
    const other = b[i];
    if (other !== undefined && value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

import { familyOf, type Ip, type IpFamily } from '../model/address';
import type { HttpListener, HttpRoute, World } from '../model/world';
import { type Answer, answerOf } from './http-backends';

/**
 * nginx.conf for the routes of one door: a server for each host and port, a location for each path,
 * 404 for whatever no route names.
 *
 * A route that asks for more than a host and a path is left out, and the text says so: led by half
 * of its conditions a request would go where nobody meant it to.
 */
export function nginxConfig(
  world: World,
  {
    addresses,
    routes,
  }: { readonly addresses: readonly Ip[]; readonly routes: readonly HttpRoute[] },
): string {
  const families = new Set(addresses.map(familyOf));
  const read = routes.filter(({ unread = [] }) => unread.length === 0);
  const sites = sitesOf(world, read);
  const upstreams = new Map(
    sites.flatMap(({ locations }) =>
      [...locations.values()].flatMap((answer) =>
        answer.kind === 'upstream' ? [[answer.name, answer] as const] : [],
      ),
    ),
  );
  return [
    ...HEAD,
    ...routes
      .filter((route) => !read.includes(route))
      .map(
        ({ kind, namespace, name, unread }) =>
          `  # left out: ${kind} ${namespace}/${name}, by ${unread?.join(', ')}`,
      ),
    ...[...upstreams.values()].flatMap(upstream),
    ...sites.flatMap((site) => server(site, families)),
    '}',
    '',
  ].join('\n');
}

/** Where a route's door listens: HTTP on port 80 unless it says otherwise. */
export const listenersFor = ({ listeners = [HTTP] }: HttpRoute): readonly HttpListener[] =>
  listeners;

const HTTP: HttpListener = { port: 80, protocol: 'HTTP' };

// One process, in the foreground, as the user it is started by: it dies with the sandbox, and what
// it writes lies in the folder it is given. A balancer does not try the next pod for a client.
const HEAD = [
  'daemon off;',
  'master_process off;',
  'user root root;',
  'pid nginx.pid;',
  'error_log stderr crit;',
  'events {}',
  'http {',
  '  access_log off;',
  '  server_tokens off;',
  ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (one) => `  ${one}_temp_path ${one};`,
  ),
  '  proxy_connect_timeout 1s;',
  '  proxy_next_upstream off;',
  '  proxy_set_header Host $http_host;',
  '  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
  '  proxy_set_header X-Forwarded-Proto $scheme;',
];

/** One server block at one port. */
interface Site {
  readonly listener: HttpListener;
  /** As nginx writes it; empty: whatever no other server is called. */
  readonly name: string;
  /** By what stands behind the word `location`; of two with one path the first counts. */
  readonly locations: ReadonlyMap<string, Answer>;
}

function sitesOf(world: World, routes: readonly HttpRoute[]): readonly Site[] {
  const listeners = new Map(
    routes.flatMap(listenersFor).map((one) => [`${one.port} ${one.protocol}`, one]),
  );
  return [...listeners.values()].flatMap((listener) => {
    const here = routes.filter((route) =>
      listenersFor(route).some(({ port }) => port === listener.port),
    );
    const names = ['', ...new Set(here.flatMap(namesOf))];
    return names.map((name) => ({ listener, name, locations: locationsOf(world, here, name) }));
  });
}

/**
 * A route's hosts as nginx names servers. `*.` stands for one label in an Ingress, and for one or
 * more in an HTTPRoute, as in nginx (Kubernetes: Ingress, hostname wildcards; Gateway API: Hostname).
 */
const namesOf = ({ kind, hosts }: HttpRoute): readonly string[] =>
  hosts.map((host) =>
    kind === 'Ingress' && host.startsWith('*.')
      ? quoted(`~^[^.]+${host.slice(1).replaceAll('.', '\\.')}$`)
      : host,
  );

/** A host's own routes, then those that name no host: they serve every one. */
function locationsOf(
  world: World,
  routes: readonly HttpRoute[],
  name: string,
): ReadonlyMap<string, Answer> {
  const own = routes.filter((route) => namesOf(route).includes(name));
  const everybody = routes.filter(({ hosts }) => hosts.length === 0);
  const found = new Map<string, Answer>();
  // An exact path comes before a prefix of the same length (Kubernetes: Ingress, multiple matches).
  const exactFirst = (all: readonly HttpRoute[]) =>
    all.toSorted((a, b) => Number(b.path.kind === 'exact') - Number(a.path.kind === 'exact'));
  for (const route of [...exactFirst(own), ...exactFirst(everybody)]) {
    for (const location of locationsFor(route.path)) {
      if (!found.has(location)) found.set(location, answerOf(world, route));
    }
  }
  if (!found.has('/')) found.set('/', { kind: 'status', status: 404 });
  return found;
}

/**
 * A prefix is one of path elements: `/app1` and `/app1/` both mean `/app1` and all below it, never
 * `/app1x` (Kubernetes: Ingress, path types; Gateway API: PathPrefix).
 */
function locationsFor({ kind, value }: HttpRoute['path']): readonly string[] {
  switch (kind) {
    case 'exact':
      return [`= ${quoted(value)}`];
    case 'pattern':
      return [`~ ${quoted(`^(?:${value})$`)}`];
    case 'prefix': {
      const path = value.replace(/\/+$/, '');
      return path === '' ? ['/'] : [`= ${quoted(path)}`, quoted(`${path}/`)];
    }
  }
}

/** A word of nginx's own syntax; only a plain one needs no quotes. */
const quoted = (word: string): string =>
  /^[\w./-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`;

const upstream = ({ name, servers }: Extract<Answer, { kind: 'upstream' }>): readonly string[] => [
  `  upstream ${name} {`,
  ...servers.map(
    ({ at, weight }) => `    server ${at}${weight === 1 ? '' : ` weight=${weight}`} max_fails=0;`,
  ),
  '  }',
];

function server(
  { listener: { port, protocol }, name, locations }: Site,
  families: ReadonlySet<IpFamily>,
): readonly string[] {
  const tail = `${protocol === 'HTTPS' ? ' ssl' : ''}${name === '' ? ' default_server' : ''}`;
  return [
    '  server {',
    ...(families.has(4) ? [`    listen ${port}${tail};`] : []),
    ...(families.has(6) ? [`    listen [::]:${port}${tail};`] : []),
    `    server_name ${name === '' ? '""' : name};`,
    ...(protocol === 'HTTPS'
      ? ['    ssl_certificate certificate.pem;', '    ssl_certificate_key key.pem;']
      : []),
    ...[...locations].map(
      ([location, answer]) => `    location ${location} { ${carryOut(answer)} }`,
    ),
    '  }',
  ];
}

const carryOut = (answer: Answer): string =>
  answer.kind === 'status' ? `return ${answer.status};` : `proxy_pass http://${answer.name};`;

import type { HttpListener, HttpRoute } from '../model/world';
import { applicationBalancer } from './alb';
import { complain, inside } from './at';
import { type Metadata, resource } from './metadata';
import { dnsLabel, dnsSubdomain, portName, portNumber } from './names';
import {
  anything,
  checked,
  integer,
  list,
  mapped,
  object,
  oneOf,
  type Read,
  type Shape,
  text,
} from './shape';

/** A host name, perhaps with `*.` in front (k8s: IsWildcardDNS1123Subdomain). */
const hostname: Shape<string> = text((value) =>
  /^(\*\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(value)
    ? undefined
    : { problem: `'${value}' is no host name`, fix: 'write one like shop.example.com' },
);

const backendPort = checked(
  object({ optional: { number: portNumber, name: portName } }),
  ({ number, name }, at) => {
    if ((number === undefined) !== (name === undefined)) return;
    complain(at, 'a port has a number or a name', 'give exactly one of number, name');
  },
);

const ingressBackend = object({
  optional: {
    service: object({ required: { name: dnsLabel }, optional: { port: backendPort } }),
  },
  ignored: ['resource'],
});

const ingressPath = checked(
  object({
    required: {
      pathType: oneOf('Exact', 'Prefix', 'ImplementationSpecific'),
      backend: ingressBackend,
    },
    optional: { path: text() },
  }),
  ({ path = '/', pathType }, at) => {
    if (path.startsWith('/') || pathType === 'ImplementationSpecific') return;
    complain(inside(at, 'path'), `'${path}' is no absolute path`, `write /${path}`);
  },
);

const ingressSpec = object({
  optional: {
    ingressClassName: dnsSubdomain,
    defaultBackend: ingressBackend,
    rules: list(
      object({
        optional: { host: hostname, http: object({ required: { paths: list(ingressPath) } }) },
      }),
    ),
    tls: list(object({ optional: { hosts: list(hostname) }, ignored: ['secretName'] })),
  },
});

const PATH_KINDS = { Exact: 'exact', Prefix: 'prefix', ImplementationSpecific: 'prefix' } as const;

/** `networking.k8s.io/v1` Ingress, one route for each path of it. */
export const ingress: Shape<readonly HttpRoute[]> = mapped(
  resource(ingressSpec),
  ({ metadata, spec }) => {
    const { ingressClassName: via, defaultBackend, rules = [], tls = [] } = spec;
    // An entry without hosts holds for all of them (networking.k8s.io/v1: IngressTLS).
    const hasTls = (host: string | undefined): boolean =>
      tls.some(({ hosts = [] }) => hosts.length === 0 || hosts.some((one) => one === host));
    const loadBalancer = applicationBalancer(metadata, via);
    const base = {
      kind: 'Ingress',
      namespace: metadata.namespace,
      name: metadata.name,
      ...(via !== undefined && { via }),
      ...(loadBalancer !== undefined && { loadBalancer }),
    } as const;
    const ruled = rules.flatMap(({ host, http }) =>
      (http?.paths ?? []).map(
        ({ path = '/', pathType, backend }): HttpRoute => ({
          ...base,
          hosts: host === undefined ? [] : [host],
          path: { kind: PATH_KINDS[pathType], value: path },
          backends: serviceOf(backend, metadata),
          ...(hasTls(host) && { listeners: BOTH }),
        }),
      ),
    );
    const rest: HttpRoute = {
      ...base,
      hosts: [],
      path: { kind: 'prefix', value: '/' },
      backends: defaultBackend === undefined ? [] : serviceOf(defaultBackend, metadata),
    };
    return defaultBackend === undefined ? ruled : [...ruled, rest];
  },
);

const BOTH: readonly HttpListener[] = [
  { port: 80, protocol: 'HTTP' },
  { port: 443, protocol: 'HTTPS' },
];

const serviceOf = (
  { service }: Read<typeof ingressBackend>,
  { namespace }: Metadata,
): HttpRoute['backends'] =>
  service === undefined
    ? []
    : [
        {
          namespace,
          service: service.name,
          port: service.port?.number ?? service.port?.name ?? '',
        },
      ];

const parentRef = object({
  required: { name: dnsSubdomain },
  optional: {
    namespace: dnsLabel,
    sectionName: text(),
    kind: text(),
    group: text(),
    port: portNumber,
  },
});

const match = object({
  optional: {
    path: object({
      optional: { type: oneOf('Exact', 'PathPrefix', 'RegularExpression'), value: text() },
    }),
    headers: anything,
    queryParams: anything,
    method: anything,
  },
});

const backendRef = object({
  required: { name: dnsSubdomain },
  optional: {
    namespace: dnsLabel,
    port: portNumber,
    kind: text(),
    group: text(),
    // Gateway API: BackendRef, weight.
    weight: integer(0, 1_000_000),
    filters: anything,
  },
});

const routeSpec = object({
  optional: {
    parentRefs: list(parentRef),
    hostnames: list(hostname),
    rules: list(
      object({
        optional: { matches: list(match), backendRefs: list(backendRef), filters: anything },
        ignored: ['name', 'timeouts', 'retry', 'sessionPersistence'],
      }),
    ),
  },
  ignored: ['useDefaultGateways'],
});

/** A route before its Gateway is known. */
export interface FoundRoute extends HttpRoute {
  /** Name of the one listener of its Gateway that it is for; absent: all of them. */
  readonly section?: string;
}

/** `gateway.networking.k8s.io` HTTPRoute, one route for each match; none means every path. */
export const httpRoute: Shape<readonly FoundRoute[]> = mapped(
  resource(routeSpec),
  ({ metadata, spec: { parentRefs = [], hostnames = [], rules = [] } }) => {
    const { namespace, name } = metadata;
    const [parent] = parentRefs;
    const via =
      parent === undefined ? undefined : `${parent.namespace ?? namespace}/${parent.name}`;
    return rules.flatMap(({ matches = [], backendRefs = [], filters }) => {
      const backends = backendRefs
        .filter(({ kind = 'Service' }) => kind === 'Service')
        .map((one) => ({
          namespace: one.namespace ?? namespace,
          service: one.name,
          port: one.port ?? '',
          ...(one.weight !== undefined && { weight: one.weight }),
        }));
      const done = {
        filters,
        'backendRefs.filters': backendRefs.find((one) => one.filters)?.filters,
      };
      return (matches.length === 0 ? [{}] : matches).map(
        (one): FoundRoute => ({
          kind: 'HTTPRoute',
          namespace,
          name,
          ...(via !== undefined && { via }),
          ...(parent?.sectionName !== undefined && { section: parent.sectionName }),
          hosts: hostnames,
          path: pathOf(one),
          backends,
          ...unreadOf({ ...one, path: undefined, ...done }),
        }),
      );
    });
  },
);

/** What a match asks for, or a rule does, beyond the path. */
function unreadOf(fields: Readonly<Record<string, unknown>>): Pick<HttpRoute, 'unread'> {
  const unread = Object.keys(fields).filter((key) => fields[key] !== undefined);
  return unread.length === 0 ? {} : { unread };
}

function pathOf({ path = {} }: Read<typeof match>): HttpRoute['path'] {
  const { type = 'PathPrefix', value = '/' } = path;
  const kind = ({ Exact: 'exact', PathPrefix: 'prefix', RegularExpression: 'pattern' } as const)[
    type
  ];
  return { kind, value };
}

const listener = object({
  required: { name: text(), port: portNumber, protocol: text() },
  optional: { hostname },
  ignored: ['tls', 'allowedRoutes'],
});

const gatewaySpec = object({
  required: { gatewayClassName: dnsSubdomain, listeners: list(listener) },
  ignored: ['addresses', 'infrastructure', 'allowedListeners', 'tls', 'backendTLS', 'defaultScope'],
});

/** A Gateway: its name, and the ports at which it reads HTTP. */
export interface Gateway extends Metadata {
  readonly listeners: readonly (HttpListener & { readonly name: string })[];
}

/** `gateway.networking.k8s.io` Gateway: routes ask for its name and its ports. */
export const gateway: Shape<Gateway> = mapped(
  resource(gatewaySpec),
  ({ metadata, spec: { listeners } }) => ({
    ...metadata,
    listeners: listeners.flatMap(({ name, port, protocol }) =>
      protocol === 'HTTP' || protocol === 'HTTPS' ? [{ name, port, protocol }] : [],
    ),
  }),
);

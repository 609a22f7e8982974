/** Random objects about HTTP over a small set of names, so that they meet each other often. */

/** A source of random numbers that a seed repeats (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Choices of one seed. */
export interface Dice {
  readonly pick: <T>(items: readonly T[]) => T;
  readonly chance: (share: number) => boolean;
  readonly upTo: (count: number) => number;
  /** Between `least` and `most` items, each made anew. */
  readonly some: <T>(least: number, most: number, make: (index: number) => T) => readonly T[];
}

export function diceOf(seed: number): Dice {
  const random = randomFrom(seed);
  const upTo = (count: number): number => Math.floor(random() * count);
  return {
    upTo,
    chance: (share) => random() < share,
    pick: (items) => items[upTo(items.length)] as (typeof items)[number],
    some: (least, most, make) =>
      Array.from({ length: least + upTo(most - least + 1) }, (_, i) => make(i)),
  };
}

export const APPS = ['a', 'b', 'c'] as const;
const HOSTS = [
  'shop.example.com',
  'www.example.com',
  'api.example.com',
  '*.example.com',
  '*.api.example.com',
  'example.org',
] as const;
const PATHS = ['/', '/a', '/a/', '/a/b', '/ab', '/b', '/a/b/c'] as const;
const HEADERS = ['canary', 'version'] as const;
const VALUES = ['yes', 'no', 'two'] as const;

const METHODS = ['GET', 'POST', 'PUT'] as const;

/** Where requests of a random world go: who answers, at which ports. */
export const FRONTENDS = ['gateway', 'ingress', 'alb'] as const;
export type Frontend = (typeof FRONTENDS)[number];

/** A request of a random world. */
export interface RandomRequest {
  readonly frontend: Frontend;
  readonly port: 80 | 8080;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const randomRequest = (dice: Dice): RandomRequest => ({
  frontend: dice.pick(FRONTENDS),
  port: dice.chance(0.8) ? 80 : 8080,
  host: dice.pick([
    'shop.example.com',
    'www.example.com',
    'api.example.com',
    'x.api.example.com',
    'x.y.api.example.com',
    'example.com',
    'example.org',
    'SHOP.example.com',
    'other.test',
  ]),
  method: dice.chance(0.8) ? 'GET' : dice.pick(['POST', 'PUT', 'DELETE']),
  path: dice.pick([...PATHS, '/a/b/c/d', '/A', '/abc', '/c', '/v1/x', '/v2/', '/a/b/']),
  query: dice.chance(0.7) ? '' : dice.pick(['q=1', 'q=2', 'q=1&r=2', 'r=2&q=1', 'q', 'q=1&q=2']),
  headers: {
    ...(dice.chance(0.4) && { [dice.pick(['canary', 'Canary'])]: dice.pick(VALUES) }),
    ...(dice.chance(0.3) && { [dice.pick(['version', 'VERSION'])]: dice.pick(VALUES) }),
  },
});

const meta = (name: string, more: object = {}) => ({ name, namespace: 'edge', ...more });

const pathMatch = (dice: Dice): object => {
  if (dice.chance(0.12))
    return { type: 'RegularExpression', value: dice.pick(['/v[0-9]+/.*', '/(a|b)', '/a.*']) };
  return { type: dice.chance(0.3) ? 'Exact' : 'PathPrefix', value: dice.pick(PATHS) };
};

const valueMatches = (dice: Dice, names: readonly string[]) => {
  const chosen = [...new Set(dice.some(1, 2, () => dice.pick(names)))];
  return chosen.map((name) =>
    dice.chance(0.2)
      ? { name, type: 'RegularExpression', value: dice.pick(['(yes|two)', '[0-9]', '.*']) }
      : { name, value: dice.pick([...VALUES, '1', '2']) },
  );
};

const routeMatch = (dice: Dice): object => ({
  ...(dice.chance(0.85) && { path: pathMatch(dice) }),
  ...(dice.chance(0.25) && { headers: valueMatches(dice, HEADERS) }),
  ...(dice.chance(0.2) && { queryParams: valueMatches(dice, ['q', 'r']) }),
  ...(dice.chance(0.2) && { method: dice.pick(METHODS) }),
});

const backendRef = (dice: Dice): object => ({
  name: dice.pick([...APPS, 'none', 'gone']),
  port: 80,
  ...(dice.chance(0.4) && { weight: dice.upTo(4) }),
  ...(dice.chance(0.15) && { namespace: 'other' }),
});

const redirect = (dice: Dice, replace: object | undefined): object => ({
  type: 'RequestRedirect',
  requestRedirect: {
    ...(dice.chance(0.5) && { scheme: dice.pick(['http', 'https']) }),
    ...(dice.chance(0.5) && { hostname: 'to.example.org' }),
    ...(dice.chance(0.3) && { port: dice.pick([80, 443, 8443]) }),
    ...(replace !== undefined && { path: replace }),
    statusCode: dice.pick([301, 302, 303, 307, 308]),
  },
});

const replacement = (dice: Dice, canPrefix: boolean): object | undefined => {
  if (dice.chance(0.4)) return undefined;
  return canPrefix && dice.chance(0.6)
    ? { type: 'ReplacePrefixMatch', replacePrefixMatch: dice.pick(['/', '/new', '/new/', '/x/y']) }
    : { type: 'ReplaceFullPath', replaceFullPath: dice.pick(['/', '/whole']) };
};

function routeRule(dice: Dice): object {
  const matches = dice.some(0, 2, () => routeMatch(dice));
  const [only] = matches as readonly { readonly path?: { readonly type: string } }[];
  const canPrefix = matches.length === 1 && only?.path?.type === 'PathPrefix';
  const replace = replacement(dice, canPrefix);
  if (dice.chance(0.15)) return { matches, filters: [redirect(dice, replace)] };
  const rewrite = { type: 'URLRewrite', urlRewrite: { hostname: 'inner.test', path: replace } };
  const header = {
    type: 'RequestHeaderModifier',
    requestHeaderModifier: {
      set: [{ name: 'x-set', value: '100%' }],
      add: [{ name: 'canary', value: 'added' }],
      remove: ['version'],
    },
  };
  return {
    matches,
    backendRefs: dice.some(0, 3, () => backendRef(dice)),
    filters: [...(dice.chance(0.15) ? [rewrite] : []), ...(dice.chance(0.15) ? [header] : [])],
  };
}

const httpRoute = (dice: Dice, index: number): object => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: meta(`route-${dice.upTo(100)}-${index}`, {
    ...(dice.chance(0.1) && { namespace: 'other' }),
    ...(dice.chance(0.5) && { creationTimestamp: `202${dice.upTo(6)}-01-01T00:00:00Z` }),
  }),
  spec: {
    parentRefs: [
      {
        name: 'gw',
        namespace: 'edge',
        ...(dice.chance(0.2) && { sectionName: dice.pick(['one', 'two', 'three']) }),
        ...(dice.chance(0.1) && { port: dice.pick([80, 8080]) }),
      },
    ],
    ...(dice.chance(0.7) && {
      hostnames: [...new Set(dice.some(1, 2, () => dice.pick(HOSTS)))],
    }),
    rules: dice.some(1, 3, () => routeRule(dice)),
  },
});

const gateway = (dice: Dice): object => {
  const hosts = [...new Set(['', ...dice.some(0, 2, () => dice.pick(HOSTS))])];
  const names = ['one', 'two', 'three'];
  const kept = dice.chance(0.3) && hosts.length > 1 ? hosts.slice(1) : hosts;
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: meta('gw'),
    spec: {
      gatewayClassName: 'c',
      listeners: [
        ...kept.map((hostname, i) => ({
          name: names[i],
          port: 80,
          protocol: 'HTTP',
          ...(hostname !== '' && { hostname }),
          ...(dice.chance(0.3) && { allowedRoutes: { namespaces: { from: 'All' } } }),
        })),
        { name: 'other', port: 8080, protocol: 'HTTP' },
      ],
    },
  };
};

const ingressPath = (dice: Dice): object => ({
  path: dice.pick(PATHS),
  pathType: dice.pick(['Prefix', 'Prefix', 'Exact', 'ImplementationSpecific']),
  backend: { service: { name: dice.pick([...APPS, 'none']), port: { number: 80 } } },
});

const ingressRules = (dice: Dice) =>
  dice.some(1, 2, () => ({
    ...(dice.chance(0.7) && { host: dice.pick(HOSTS) }),
    http: { paths: dice.some(1, 3, () => ingressPath(dice)) },
  }));

const nginxIngress = (dice: Dice, index: number): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: meta(`ingress-${index}`, {
    ...(dice.chance(0.5) && { creationTimestamp: `202${dice.upTo(6)}-01-01T00:00:00Z` }),
    annotations: {
      ...(dice.chance(0.1) && {
        'nginx.ingress.kubernetes.io/whitelist-source-range': dice.pick([
          '10.0.0.0/8',
          '192.0.2.0/24',
        ]),
      }),
      ...(dice.chance(0.1) && {
        'nginx.ingress.kubernetes.io/permanent-redirect': 'https://x.org/y',
      }),
    },
  }),
  spec: {
    ingressClassName: 'nginx',
    rules: ingressRules(dice),
    ...(index === 0 &&
      dice.chance(0.4) && {
        defaultBackend: { service: { name: dice.pick(APPS), port: { number: 80 } } },
      }),
  },
});

const ALB = 'alb.ingress.kubernetes.io/';

const CONDITIONS: readonly object[] = [
  { field: 'http-header', httpHeaderConfig: { httpHeaderName: 'canary', values: ['ye*'] } },
  { field: 'http-request-method', httpRequestMethodConfig: { values: ['POST', 'PUT'] } },
  { field: 'query-string', queryStringConfig: { values: [{ key: 'q', value: '1' }] } },
  { field: 'source-ip', sourceIPConfig: { values: ['192.0.2.0/24'] } },
  { field: 'host-header', hostHeaderConfig: { values: ['*.test'] } },
  { field: 'path-pattern', pathPatternConfig: { values: ['/v?/*'] } },
];

const ACTIONS: readonly object[] = [
  {
    type: 'fixed-response',
    fixedResponseConfig: { statusCode: '418', messageBody: 'x', contentType: 'text/plain' },
  },
  {
    type: 'redirect',
    redirectConfig: { statusCode: 'HTTP_302', host: 'to.test', path: '/moved/#{path}' },
  },
  {
    type: 'forward',
    forwardConfig: {
      targetGroups: [
        { serviceName: 'a', servicePort: 80, weight: 1 },
        { serviceName: 'b', servicePort: '80', weight: 3 },
      ],
    },
  },
];

const albIngress = (dice: Dice, index: number): object => {
  const rules = ingressRules(dice);
  const action = {
    path: dice.pick(PATHS),
    pathType: 'Prefix',
    backend: { service: { name: 'act', port: { name: 'use-annotation' } } },
  };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta(`alb-${index}`, {
      annotations: {
        [`${ALB}group.name`]: 'g',
        [`${ALB}target-type`]: 'ip',
        ...(dice.chance(0.5) && { [`${ALB}group.order`]: String(dice.upTo(5)) }),
        ...(dice.chance(0.3) && {
          [`${ALB}listen-ports`]: dice.pick([
            '[{"HTTP":80}]',
            '[{"HTTP":8080}]',
            '[{"HTTP":80},{"HTTP":8080}]',
          ]),
        }),
        ...(dice.chance(0.3) && {
          [`${ALB}conditions.${dice.pick(APPS)}`]: JSON.stringify([dice.pick(CONDITIONS)]),
        }),
        [`${ALB}actions.act`]: JSON.stringify(dice.pick(ACTIONS)),
      },
    }),
    spec: {
      ingressClassName: 'alb',
      rules: dice.chance(0.3) ? [...rules, { http: { paths: [action] } }] : rules,
      ...(index === 0 &&
        dice.chance(0.4) && {
          defaultBackend: { service: { name: dice.pick(APPS), port: { number: 80 } } },
        }),
    },
  };
};

const deployment = (name: string, more: object = {}, namespace = 'edge'): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, ...more } },
      spec: { containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 8080 }] }] },
    },
  },
});

const service = (name: string, namespace = 'edge'): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
});

/** What does not change from world to world: applications, and pods that run two of the proxies. */
const BASE: readonly object[] = [
  ...APPS.flatMap((name) => [deployment(name), service(name)]),
  service('none'),
  deployment('a', {}, 'other'),
  service('a', 'other'),
  deployment('client'),
  deployment('gw', { 'gateway.networking.k8s.io/gateway-name': 'gw' }),
  deployment('ingc', {
    'app.kubernetes.io/name': 'ingress-nginx',
    'app.kubernetes.io/component': 'controller',
  }),
];

/** Manifests of a random world, as JSON documents, and how many routes and Ingresses they have. */
export function randomHttp(dice: Dice): { readonly text: string; readonly routes: number } {
  const routes = dice.some(3, 10, (i) => httpRoute(dice, i));
  const ingresses = dice.some(1, 5, (i) => nginxIngress(dice, i));
  const albs = dice.some(1, 4, (i) => albIngress(dice, i));
  const grant = {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: { name: 'g', namespace: 'other' },
    spec: {
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'edge' }],
      to: [{ group: '', kind: 'Service', ...(dice.chance(0.5) && { name: 'a' }) }],
    },
  };
  const all = [
    ...BASE,
    gateway(dice),
    ...routes,
    ...ingresses,
    ...albs,
    ...(dice.chance(0.5) ? [grant] : []),
  ];
  return {
    text: all.map((one) => JSON.stringify(one)).join('\n---\n'),
    routes: routes.length + ingresses.length + albs.length,
  };
}

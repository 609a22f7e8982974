import { virtualHosts } from '../../../lib/dataplane/servers/envoy-hosts';
import { routesFor } from '../../../lib/dataplane/servers/envoy-routes';
import type { HttpAction, HttpProxy, HttpRedirect } from '../../../lib/model/http';
import { edge, forward, listener, rule } from '../../build/http-world';

const routeOf = (action: HttpAction, port = 80) =>
  routesFor(edge, { prefix: '/' }, { action, port })[0];

// Gateway API: HTTPRequestRedirectFilter; envoy.config.route.v3.RedirectAction.
test.each<[string, Partial<HttpRedirect>, number, object]>([
  ['a whole path', { path: { kind: 'whole', value: '/new' } }, 80, { path_redirect: '/new' }],
  [
    'a whole path and a query',
    { path: { kind: 'whole', value: '/new' }, query: 'a=1' },
    80,
    { path_redirect: '/new?a=1' },
  ],
  [
    'a prefix',
    { path: { kind: 'prefix', prefix: '/old/', value: '/new' } },
    80,
    { regex_rewrite: { pattern: { regex: '^\\/old' }, substitution: '/new' } },
  ],
  ['no query', { query: '' }, 80, { strip_query: true }],
  ['the scheme', { scheme: 'https' }, 80, { scheme_redirect: 'https' }],
  [
    'the scheme, from a port of its own',
    { scheme: 'https' },
    8080,
    { scheme_redirect: 'https', port_redirect: 443 },
  ],
  ['nothing, at a port of its own', {}, 8080, { port_redirect: 8080 }],
])('a redirect changes %s', (_, redirect, port, expected) => {
  expect(routeOf({ kind: 'redirect', status: 302, ...redirect }, port)?.redirect).toEqual({
    response_code: 'FOUND',
    ...expected,
  });
});

test.each([
  [undefined, '0s'],
  [1500, '1.5s'],
])('a time limit of %s milliseconds is %s', (timeoutMs, timeout) => {
  const limit = timeoutMs === undefined ? {} : { timeoutMs };
  expect(routeOf({ ...forward(['one', 1]), ...limit })?.route).toMatchObject({ timeout });
});

// An Ingress wildcard is one label, a Gateway's any number; a load balancer has one virtual host.
test.each([
  ['ingress', true],
  ['gateway', false],
  ['alb', true],
] as const)('a wildcard of kind %s stands for one label: %s', (kind: HttpProxy['kind'], asks) => {
  const rules = [rule('/', 'one', { hosts: ['*.a.test'] })];
  const hosts = virtualHosts({ world: edge, kind, listeners: [listener(80, rules)] });
  const own = hosts.find(({ name }) => name === (kind === 'alb' ? '*' : '*.a.test'));
  expect(JSON.stringify(own?.routes).includes(':authority')).toBe(asks);
});

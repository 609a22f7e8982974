import type { Command } from '../../lib/dataplane/command';
import { doorsOf, serveHttp } from '../../lib/dataplane/doors';
import { nginxConfig } from '../../lib/dataplane/nginx';
import { planStage, planWorld } from '../../lib/dataplane/plan';
import { ip } from '../../lib/model/address';
import type { HttpRoute, World } from '../../lib/model/world';
import { DOOR, door, edge, exact, route, TLS } from './http-worlds';
import { pod } from './worlds';

const configOf = (...routes: readonly HttpRoute[]): string =>
  nginxConfig(edge, { addresses: door.addresses, routes });

/** The lines of a config that matter: its servers' names, locations and what each does. */
const linesOf = (config: string, wanted: RegExp): readonly string[] =>
  config
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => wanted.test(line));

const locations = (...routes: readonly HttpRoute[]): readonly string[] =>
  linesOf(configOf(...routes), /^(server_name|location)/);

/** The server that answers for every other name. */
const REST = ['server_name "";', 'location / { return 404; }'];
const toOne = 'proxy_pass http://edge.one.80;';
const toTwo = 'proxy_pass http://edge.two.80;';

test('a shop: hosts, paths, TLS, weights, all in one file', () => {
  const config = configOf(
    route('/app1', 'one', TLS),
    route('/app2', 'two', TLS),
    route('/', 'none', { hosts: [] }),
  );
  expect(linesOf(config, /^listen/)).toEqual([
    'listen 80 default_server;',
    'listen 80;',
    'listen 443 ssl default_server;',
    'listen 443 ssl;',
  ]);
  expect(config).toMatchSnapshot();
});

describe('which location a path becomes', () => {
  test.each<readonly [what: string, routes: readonly HttpRoute[], expected: readonly string[]]>([
    [
      'a prefix is made of path elements',
      [route('/app1', 'one')],
      [`location = /app1 { ${toOne} }`, `location /app1/ { ${toOne} }`],
    ],
    [
      'with a slash at its end it is the same',
      [route('/app1/', 'one')],
      [`location = /app1 { ${toOne} }`, `location /app1/ { ${toOne} }`],
    ],
    ['an exact path is itself', [route('', 'one', exact('/a'))], [`location = /a { ${toOne} }`]],
    [
      'an exact path comes before a prefix of the same length, wherever it is written',
      [route('/a', 'one'), route('', 'two', exact('/a'))],
      [`location = /a { ${toTwo} }`, `location /a/ { ${toOne} }`],
    ],
    [
      'of two alike the first counts',
      [route('/a', 'one'), route('/a', 'two')],
      [`location = /a { ${toOne} }`, `location /a/ { ${toOne} }`],
    ],
    [
      'a pattern holds for the whole path',
      [route('', 'one', { path: { kind: 'pattern', value: '/v[0-9]+/"x' } })],
      [`location ~ "^(?:/v[0-9]+/\\"x)$" { ${toOne} }`],
    ],
    [
      'a path is one word, whatever is in it',
      [route('', 'one', exact('/a b;}'))],
      [`location = "/a b;}" { ${toOne} }`],
    ],
    [
      'nobody ready is 503',
      [route('/a', 'none')],
      ['location = /a { return 503; }', 'location /a/ { return 503; }'],
    ],
    [
      'no such Service is 503 in an Ingress',
      [route('/a', 'gone')],
      ['location = /a { return 503; }', 'location /a/ { return 503; }'],
    ],
    [
      'no such Service is 500 in an HTTPRoute',
      [route('/a', 'gone', { kind: 'HTTPRoute' })],
      ['location = /a { return 500; }', 'location /a/ { return 500; }'],
    ],
  ])('%s', (_, routes, expected) => {
    expect(locations(...routes)).toEqual([
      ...REST,
      `server_name ${DOOR};`,
      ...expected,
      'location / { return 404; }',
    ]);
  });

  test('everything below / leaves nothing for 404', () => {
    expect(locations(route('/', 'one'))).toEqual([
      ...REST,
      `server_name ${DOOR};`,
      `location / { ${toOne} }`,
    ]);
  });
});

describe('which server a host becomes', () => {
  test('a route without a host serves every one, after the host’s own', () => {
    expect(locations(route('/', 'one', { hosts: [] }), route('/a', 'two'))).toEqual([
      'server_name "";',
      `location / { ${toOne} }`,
      `server_name ${DOOR};`,
      `location = /a { ${toTwo} }`,
      `location /a/ { ${toTwo} }`,
      `location / { ${toOne} }`,
    ]);
  });

  test('*. is one label in an Ingress and any number in an HTTPRoute', () => {
    const wild = { hosts: ['*.example.com'] };
    expect([
      locations(route('/', 'one', wild))[2],
      locations(route('/', 'one', { ...wild, kind: 'HTTPRoute' }))[2],
    ]).toEqual(['server_name "~^[^.]+\\\\.example\\\\.com$";', 'server_name *.example.com;']);
  });
});

test('weights are spread over the pods of each Service, in whole numbers', () => {
  const backends = [
    { namespace: 'edge', service: 'one', port: 80, weight: 90 },
    { namespace: 'edge', service: 'two', port: 'web', weight: 10 },
    { namespace: 'edge', service: 'none', port: 80, weight: 50 },
    { namespace: 'edge', service: 'two', port: 80, weight: 0 },
  ];
  const config = configOf(route('/', 'one', { kind: 'HTTPRoute', backends }));
  expect(linesOf(config, /^(upstream|server \d)/)).toEqual([
    'upstream edge.one.80.90+edge.two.web.10 {',
    'server 10.0.1.10:8080 weight=9 max_fails=0;',
    'server 10.0.2.10:8080 weight=9 max_fails=0;',
    'server 10.0.2.11:8080 weight=2 max_fails=0;',
  ]);
});

test('a route that asks for more than host and path is left out, and the text says so', () => {
  const more = route('/a', 'one', { kind: 'HTTPRoute', unread: ['headers', 'filters'] });
  const config = configOf(more, route('/b', 'two'));
  expect(config).toContain('  # left out: HTTPRoute edge/shop, by headers, filters\n');
  expect(config).not.toContain('/a');
});

describe('who is the door', () => {
  const controller = (labels: Readonly<Record<string, string>>): World => ({
    ...edge,
    pods: [...edge.pods, pod('edge/door', 'a', '10.0.1.20', { labels })],
  });
  const nginx = {
    'app.kubernetes.io/name': 'ingress-nginx',
    'app.kubernetes.io/component': 'controller',
  };
  const ofGateway = { 'gateway.networking.k8s.io/gateway-name': 'shop' };
  const gatewayRoute = route('/', 'one', { kind: 'HTTPRoute', via: 'edge/shop' });

  test.each<readonly [what: string, world: World, one: HttpRoute, expected: readonly string[]]>([
    ['the host outside of that name', edge, route('/', 'one'), [`outside/${DOOR}`]],
    ['nobody of another name', edge, route('/', 'one', { hosts: ['other.example.com'] }), []],
    [
      'the pod of its class',
      controller(nginx),
      route('/', 'one', { via: 'nginx' }),
      ['pod/edge/door'],
    ],
    ['not that of another class', controller(nginx), route('/', 'one'), [`outside/${DOOR}`]],
    ['the pod made for its Gateway', controller(ofGateway), gatewayRoute, ['pod/edge/door']],
    [
      'not for another Gateway',
      controller(ofGateway),
      { ...gatewayRoute, via: 'x/shop' },
      [`outside/${DOOR}`],
    ],
  ])('%s', (_, world, one, expected) => {
    expect(doorsOf({ ...world, httpRoutes: [one] }).map(({ netns }) => netns)).toEqual(expected);
  });

  test('its HTTP ports are nginx’s, the pods behind it speak HTTP, and nobody else does', () => {
    const world = { ...controller(nginx), httpRoutes: [route('/', 'one', { via: 'nginx' })] };
    const listening = planWorld(world).flatMap((one) =>
      one.kind === 'listen'
        ? one.listeners.map(({ speaks = 'banner' }) => `${one.netns} ${speaks}`)
        : [],
    );
    expect(listening).toEqual([
      'pod/edge/one-a http',
      'pod/edge/one-b http',
      'pod/edge/one-late http',
      'pod/edge/two banner',
      'pod/edge/client banner',
    ]);
  });
});

describe('a stage', () => {
  const ofHttp = (plan: readonly Command[]) =>
    plan.filter(({ kind }) => ['listen', 'serve-http', 'stop-http'].includes(kind));
  const open = { ...edge, httpRoutes: [route('/', 'two', TLS)] };

  test('opens the door, and tells the pod behind it to speak HTTP first', () => {
    expect(ofHttp(planStage(edge, open))).toEqual([
      {
        kind: 'listen',
        netns: 'pod/edge/two',
        listeners: [{ protocol: 'TCP', port: 8080, banner: 'edge/two', speaks: 'http' }],
      },
      ...serveHttp(open),
    ]);
    expect(serveHttp(open)).toMatchObject([{ certificateFor: [DOOR] }]);
  });

  test('closes it again', () => {
    expect(ofHttp(planStage(open, edge))).toEqual([
      { kind: 'stop-http', netns: `outside/${DOOR}` },
      {
        kind: 'listen',
        netns: 'pod/edge/two',
        listeners: [{ protocol: 'TCP', port: 8080, banner: 'edge/two' }],
      },
    ]);
  });

  test('leaves a door alone whose routes and pods are the same', () => {
    expect(ofHttp(planStage(open, { ...open, policies: [] }))).toEqual([]);
  });

  test('a namespace where nobody listens any more is told so', () => {
    const bare = { ...pod('edge/node-agent', 'a', '10.0.0.10'), hostNetwork: true };
    const before = { ...edge, pods: [...edge.pods, bare] };
    expect(ofHttp(planStage(before, edge))).toEqual([
      { kind: 'listen', netns: 'node/a', listeners: [] },
    ]);
  });
});

test('an address of six is written as one, and the door listens there', () => {
  const two = { address: ip('2001:db8::7'), port: 8080, ready: true };
  const world: World = {
    ...edge,
    services: [
      { ...edge.services[1], ports: [{ protocol: 'TCP', port: 80, backends: [two] }] } as never,
    ],
  };
  const addresses = [ip('2001:db8::1')];
  const config = nginxConfig(world, { addresses, routes: [route('/', 'two')] });
  expect(linesOf(config, /^(listen|server \[)/)).toEqual([
    'server [2001:db8::7]:8080 max_fails=0;',
    'listen [::]:80 default_server;',
    'listen [::]:80;',
  ]);
});

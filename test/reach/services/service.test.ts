import { flow, namespace, networkPolicy, node, pod, service } from '../../build/manifests';
import { judged } from '../verdict-and-rules';

const web = { app: 'web' };
const cluster = [
  namespace('shop'),
  node('a', '10.1.0.1'),
  node('b', '10.1.0.2'),
  pod('shop/client', { node: 'a', ip: '10.0.0.9' }),
  pod('shop/web-0', { labels: web, node: 'a', ip: '10.0.0.10', ports: [8080] }),
  pod('shop/web-1', { labels: web, node: 'b', ip: '10.0.0.11', ports: [8080] }),
  pod('shop/alone', { labels: { app: 'alone' }, node: 'b', ip: '10.0.0.12' }),
];
const svc = (spec: object) =>
  service('shop/web', {
    port: 80,
    selector: web,
    ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    ...spec,
  });
const only = (from: object) =>
  networkPolicy('shop/web', { podSelector: { matchLabels: web }, ingress: [from] });
const allowed = (object: string) => [
  'allowed',
  'network-policy egress not-isolated default',
  object,
];
const open = allowed('network-policy ingress not-isolated default');
const byRule = allowed('network-policy ingress shop/web rule 0');

test.each([
  ['a port of it', {}, flow('shop/client', 'svc:shop/web', 80), open],
  ['a port by name', {}, flow('shop/client', 'svc:shop/web', 'http'), open],
  [
    'a port it lacks',
    {},
    flow('shop/client', 'svc:shop/web', 81),
    ['no-route', 'route egress shop/web default'],
  ],
  [
    'the backends port must be one of it',
    {},
    flow('shop/client', 'svc:shop/web', 8080),
    ['no-route', 'route egress shop/web default'],
  ],
  [
    'nobody behind it',
    { selector: { app: 'x' } },
    flow('shop/client', 'svc:shop/web', 80),
    ['no-route', 'route egress shop/web default'],
  ],
  [
    'its cluster address',
    { clusterIP: '10.96.0.7' },
    flow('shop/client', 'ip:10.96.0.7', 80),
    open,
  ],
  [
    'a cluster address from outside',
    {},
    flow('internet', 'svc:shop/web', 80),
    ['no-route', 'route egress shop/web default'],
  ],
  [
    'headless: ports stay as they are',
    { clusterIP: 'None' },
    flow('shop/client', 'svc:shop/web', 8080),
    open,
  ],
  [
    'headless: a name is the backends port',
    { clusterIP: 'None' },
    flow('shop/client', 'svc:shop/web', 'http'),
    open,
  ],
  [
    'headless: its name means nothing outside',
    { clusterIP: 'None' },
    flow('internet', 'svc:shop/web', 8080),
    ['no-route', 'route egress shop/web default'],
  ],
  [
    'ExternalName nobody knows',
    {
      type: 'ExternalName',
      externalName: 'api.example.com',
      selector: undefined,
      ports: undefined,
    },
    flow('shop/client', 'svc:shop/web', 443),
    ['unknown', 'route egress shop/web default'],
  ],
  [
    'ExternalName of another service',
    {
      type: 'ExternalName',
      externalName: 'other.shop.svc.cluster.local',
      selector: undefined,
      ports: undefined,
    },
    flow('shop/client', 'svc:shop/web', 80),
    open,
  ],
])('%s', (_, spec, asked, expected) => {
  const other = service('shop/other', { port: 80, selector: { app: 'alone' } });
  expect(judged([...cluster, svc(spec), other], asked)).toEqual(expected);
});

test('policies see the backend, not the service', () => {
  const by = (port: number) => only({ ports: [{ port }] });
  const asked = flow('shop/client', 'svc:shop/web', 80);
  expect(judged([...cluster, svc({}), by(8080)], asked)).toEqual(byRule);
  expect(judged([...cluster, svc({}), by(80)], asked)[0]).toBe('denied');
});

test('a pod that reaches itself through a service is policed', () => {
  const self = service('shop/self', { port: 80, selector: { app: 'alone' } });
  const closed = networkPolicy('shop/closed', { podSelector: { matchLabels: { app: 'alone' } } });
  const manifests = [...cluster, self, closed];
  expect(judged(manifests, flow('shop/alone', 'shop/alone', 80))[0]).toBe('allowed');
  expect(judged(manifests, flow('shop/alone', 'svc:shop/self', 80))).toEqual([
    'denied',
    'network-policy ingress shop/closed default',
  ]);
});

test('backends that answer differently make it unknown: the connection lands on one of them', () => {
  const first = networkPolicy('shop/out', {
    podSelector: { matchLabels: {} },
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: '10.0.0.10/32' } }] }],
  });
  expect(judged([...cluster, svc({}), first], flow('shop/client', 'svc:shop/web', 80))).toEqual([
    'unknown',
    'network-policy egress shop/out rule 0',
    'network-policy ingress not-isolated default',
    'network-policy egress shop/out default',
  ]);
});

describe('traffic policies', () => {
  test.each([
    ['a backend on the caller node', 'shop/client', open],
    ['none there', 'shop/alone', ['denied', 'route egress shop/web default']],
  ])('internal Local: %s', (_, from, expected) => {
    const local = svc({ selector: web, internalTrafficPolicy: 'Local' });
    const oneNode = cluster.filter((object) => object.metadata.name !== 'web-1');
    expect(judged([...oneNode, local], flow(from, 'svc:shop/web', 80))).toEqual(expected);
  });

  const nodePort = (policy: 'Cluster' | 'Local') =>
    svc({
      type: 'NodePort',
      externalTrafficPolicy: policy,
      ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }],
    });
  const oneBackend = cluster.filter((object) => object.metadata.name !== 'web-0');
  const fromInternet = flow('internet', 'node:a', 30080);

  test('a node port on another node hides the client', () => {
    const nodes = only({ from: [{ ipBlock: { cidr: '10.1.0.1/32' } }] });
    expect(judged([...oneBackend, nodePort('Cluster'), nodes], fromInternet)).toEqual([
      'allowed',
      'network-policy ingress shop/web rule 0',
    ]);
  });
  test('on the backend node it does not', () => {
    const clients = only({ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }] });
    const there = flow('internet', 'node:b', 30080);
    expect(judged([...oneBackend, nodePort('Cluster'), clients], there)[0]).toBe('allowed');
    expect(judged([...oneBackend, nodePort('Cluster'), clients], fromInternet)[0]).toBe('denied');
  });
  test('the port of the own node hides a pod too, where the backend is elsewhere', () => {
    const nodes = only({ from: [{ ipBlock: { cidr: '10.1.0.1/32' } }] });
    const own = flow('shop/client', 'node:a', 30080);
    expect(judged([...oneBackend, nodePort('Cluster'), nodes], own)).toEqual([
      'allowed',
      'network-policy egress not-isolated default',
      'network-policy ingress shop/web rule 0',
    ]);
  });
  test('external Local drops where no backend is', () => {
    expect(judged([...oneBackend, nodePort('Local')], fromInternet)).toEqual([
      'denied',
      'route egress shop/web default',
    ]);
  });
});

test('a pod that is not ready gets nothing', () => {
  const unready = {
    ...pod('shop/web-0', { labels: web, node: 'a', ip: '10.0.0.10', ports: [8080] }),
    status: {
      phase: 'Running',
      podIP: '10.0.0.10',
      conditions: [{ type: 'Ready', status: 'False' }],
    },
  };
  const others = cluster.filter((object) => !object.metadata.name.startsWith('web'));
  expect(judged([...others, unready, svc({})], flow('shop/client', 'svc:shop/web', 80))[0]).toBe(
    'no-route',
  );
});

import { createEngine } from '../../../lib/reach/engine';
import { explainRequest } from '../../../lib/reach/questions/request';
import { requestText } from '../../../lib/report/http';
import { PLAIN } from '../../../lib/report/palette';
import { type edge, forward, proxy, rule, served } from '../../build/http-world';
import { pods, policy, rule as policyRule } from '../../build/model';

const from = { kind: 'pod', namespace: 'edge', name: 'client' } as const;
const ask = (world: typeof edge, host: string, path: string) =>
  explainRequest(world, createEngine(world, { staged: 'as-written' }), {
    from,
    request: { scheme: 'http', host, port: 80, method: 'GET', path, query: '', headers: [] },
  });

const rules = [
  rule('/', 'one', { action: forward(['one', 9], ['two', 1]) }),
  rule('/two', 'two', {
    match: { path: { kind: 'prefix', value: '/two' }, headers: [] },
  }),
];
const world = served(proxy(rules));

test('a request says listener, rule, shares, and each connection', () => {
  const text = requestText(ask(world, 'shop.example.com', '/cart'), PLAIN);
  expect(text).toContain('GET http://shop.example.com/cart: 90 % edge/one, 10 % edge/two');
  expect(text).toContain('rule HTTPRoute edge/shop rules[0]');
  expect(text).toContain('edge/client -> ip:203.0.113.80 TCP 80: ALLOWED');
  expect(text).toContain('ip:203.0.113.80 -> ip:10.0.2.11 TCP 8080: ALLOWED');
});

test('a policy that does not admit the proxy shows in its connection', () => {
  const closed = policy('edge/two', {
    subject: pods('edge', 'two').selector,
    ingress: [policyRule({ source: [pods('edge', 'client')] })],
  });
  const { toEndpoints, toProxy } = ask(
    { ...world, policies: [closed] },
    'shop.example.com',
    '/two',
  );
  expect(toProxy?.verdict).toBe('allowed');
  expect(toEndpoints.map(({ verdict }) => verdict)).toEqual(['denied']);
});

test('a name that no proxy serves is no connection', () => {
  expect(ask(world, 'other.test', '/').decision).toMatchObject({ kind: 'refused' });
});

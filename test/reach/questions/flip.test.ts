import fc from 'fast-check';
import type { Flow } from '../../../lib/model/flow';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { flip } from '../../../lib/reach/questions/flip';
import { calico, flow, namespace, networkPolicy, pod } from '../../build/manifests';
import { vpcWorld } from '../../build/production-vpc';
import { clusterOfSeed, POD_KINDS } from '../../build/random-cluster';
import { group, tiny } from '../../build/tiny-vpc';
import { worldOf } from '../../build/world-of';

const options = { staged: 'as-written' } as const;
const cluster = [
  namespace('shop'),
  namespace('other'),
  pod('shop/web', { labels: { app: 'web' } }),
  pod('shop/db', { labels: { app: 'db' }, ports: [5432] }),
  pod('other/job', { labels: { app: 'job' } }),
];
const call = flow('shop/web', 'shop/db', 5432);
const db = { podSelector: { matchLabels: { app: 'db' } } };
const fromWeb = [{ podSelector: { matchLabels: { app: 'web' } } }];

/** The change that turns a flow around, in words. */
function change(policies: readonly unknown[], asked: Flow = call): string | undefined {
  const world = worldOf([...cluster, ...policies]);
  return flip(world, createEngine(world, options).explain(asked), options)?.change;
}

test.each([
  [
    'a rule that matches the peer lacks the port',
    [networkPolicy('shop/db', { ...db, ingress: [{ from: fromWeb, ports: [{ port: 80 }] }] })],
    call,
    'add TCP 5432 to the ports of spec.ingress[0] of NetworkPolicy shop/db',
  ],
  [
    'a rule that matches the port lacks the peer',
    [networkPolicy('shop/db', { ...db, ingress: [{ from: fromWeb, ports: [{ port: 5432 }] }] })],
    flow('other/job', 'shop/db', 5432),
    'add pods app=job of namespace other to the peers of spec.ingress[0] of NetworkPolicy shop/db',
  ],
  [
    'no rule is near',
    [networkPolicy('shop/db', db)],
    call,
    'add an ingress rule to NetworkPolicy shop/db that allows pods app=web of namespace shop on TCP 5432',
  ],
  [
    'a rule denies',
    [
      calico('GlobalNetworkPolicy', 'deny', {
        selector: "app == 'db'",
        types: ['Ingress'],
        ingress: [{ action: 'Deny', source: { selector: "app == 'web'" } }, { action: 'Allow' }],
      }),
    ],
    call,
    'remove spec.ingress[0] from GlobalNetworkPolicy deny',
  ],
  [
    'one rule allows',
    [networkPolicy('shop/db', { ...db, ingress: [{ from: fromWeb }] })],
    call,
    'remove spec.ingress[0] from NetworkPolicy shop/db',
  ],
  [
    'nothing isolates',
    [],
    call,
    'add a NetworkPolicy to namespace shop that selects shop/web and has no egress rule',
  ],
  [
    'one policy isolates both ends',
    [networkPolicy('shop/all', { policyTypes: ['Ingress', 'Egress'] })],
    flow('other/job', 'shop/db', 5432),
    'add an ingress rule to NetworkPolicy shop/all that allows pods app=job of namespace other on TCP 5432',
  ],
  [
    'both sides refuse',
    [networkPolicy('shop/db', db), networkPolicy('other/out', { policyTypes: ['Egress'] })],
    flow('other/job', 'shop/db', 5432),
    undefined,
  ],
])('%s', (_, policies, asked, expected) => {
  expect(change(policies, asked)).toBe(expected);
});

test('a security group is turned too', () => {
  const world = vpcWorld();
  const engine = createEngine(world, options);
  const denied = engine.explain(flow('shop/web-c', 'internet', 8443));
  expect(denied.verdict).toBe('denied');
  expect(flip(world, denied, options)).toEqual({
    filter: 'security-group',
    direction: 'egress',
    object: 'nodes',
    becomes: 'allowed',
    change: 'add an egress rule for TCP 8443 to security group nodes',
  });
});

test('where one rule of a security group allows, that rule is the one to remove', () => {
  const egress = ['UDP 53', 'TCP any'];
  const world: World = { ...worldOf([]), ...tiny({ groups: [group('nodes', ['any'], egress)] }) };
  const asked = flow('ip:10.0.1.20', 'ip:10.0.2.20', 443);
  const allowed = createEngine(world, options).explain(asked);
  expect(allowed.verdict).toBe('allowed');
  expect(flip(world, allowed, options)).toMatchObject({
    filter: 'security-group',
    becomes: 'denied',
    change: 'remove egress rule 1 from security group nodes',
  });
});

test('in random clusters, whatever is offered turns it around, and allows have an offer', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), (seed) => {
      const { objects, policies } = clusterOfSeed(seed, POD_KINDS);
      const world = worldOf([...objects, ...policies]);
      const [a, b] = world.pods;
      if (a === undefined || b === undefined) return;
      const asked = flow(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`, 80);
      const explanation = createEngine(world, options).explain(asked);
      const found = flip(world, explanation, options);
      const wanted = explanation.verdict === 'denied' ? 'allowed' : 'denied';
      expect([undefined, wanted]).toContain(found?.becomes);
    }),
    { numRuns: 30 },
  );
});

import { clusterPolicy, flow, namespace, networkPolicy, node, pod } from '../../build/manifests';
import { judged } from '../verdict-and-rules';

const cluster = [
  namespace('shop', { team: 'shop' }),
  namespace('other', { team: 'other' }),
  node('a', '10.1.0.1', { role: 'edge' }),
  node('b', '10.1.0.2'),
  pod('shop/web', { labels: { app: 'web' }, node: 'a', ip: '10.0.0.10' }),
  pod('shop/db', { labels: { app: 'db' }, node: 'b', ip: '10.0.0.11' }),
];
const call = flow('shop/web', 'shop/db', 80);
const all = { namespaces: {} };
const admin = (name: string, priority: number, ...ingress: readonly object[]) =>
  clusterPolicy(name, { tier: 'Admin', priority, subject: all, ingress });
const baseline = (name: string, ...ingress: readonly object[]) =>
  clusterPolicy(name, { tier: 'Baseline', priority: 1, subject: all, ingress });
const rule = (action: string) => ({ action, from: [{ namespaces: {} }] });
const cited = (object: string, n: number) => `cluster-network-policy ingress ${object} rule ${n}`;
const egressOnly = networkPolicy('shop/out', { policyTypes: ['Egress'], egress: [{}] });
const closed = networkPolicy('shop/closed', {});

test.each([
  ['Admin denies before NetworkPolicy', [admin('x', 1, rule('Deny'))], ['denied', cited('x', 0)]],
  [
    'Admin accepts before NetworkPolicy',
    [admin('x', 1, rule('Accept')), closed],
    ['allowed', cited('x', 0)],
  ],
  [
    'the lower priority first',
    [admin('x', 2, rule('Deny')), admin('y', 1, rule('Accept'))],
    ['allowed', cited('y', 0)],
  ],
  [
    'Pass leaves the tier',
    [admin('x', 1, rule('Pass')), admin('y', 2, rule('Deny')), closed],
    ['denied', 'network-policy ingress shop/closed default'],
  ],
  [
    'no match isolates nobody',
    [
      admin('x', 1, {
        action: 'Accept',
        from: [{ namespaces: { matchLabels: { team: 'other' } } }],
      }),
    ],
    ['allowed', 'network-policy ingress default-allow default'],
  ],
  ['Baseline has the last word', [baseline('x', rule('Deny'))], ['denied', cited('x', 0)]],
  [
    'and is not asked where NetworkPolicy decides',
    [baseline('x', rule('Deny')), networkPolicy('shop/open', { ingress: [{}] })],
    ['allowed', 'network-policy ingress shop/open rule 0'],
  ],
  [
    'an egress-only NetworkPolicy does not shield ingress from it',
    [baseline('x', rule('Deny')), egressOnly],
    ['denied', cited('x', 0)],
  ],
])('%s', (_, policies, expected) => {
  const lines = judged([...cluster, ...policies], call);
  expect(lines.filter((line) => !line.includes('egress'))).toEqual(expected);
});

describe('egress peers', () => {
  const out = (...to: readonly object[]) =>
    clusterPolicy('x', {
      tier: 'Admin',
      priority: 1,
      subject: { namespaces: { matchLabels: { team: 'shop' } } },
      egress: [{ action: 'Deny', to }],
    });
  const denied = ['denied', 'cluster-network-policy egress x rule 0'];
  const egress = (policy: object, to: string) =>
    judged([...cluster, policy], flow('shop/web', to, 80)).filter((l) => !l.includes('ingress'));

  test('networks match pods too', () => {
    expect(egress(out({ networks: ['10.0.0.0/24'] }), 'shop/db')).toEqual(denied);
  });
  test('nodes are found by label', () => {
    const edge = out({ nodes: { matchLabels: { role: 'edge' } } });
    expect(egress(edge, 'node:a')).toEqual(denied);
    expect(egress(edge, 'node:b')[0]).toBe('allowed');
  });
  test('a domain name that nobody here knows may be any address outside', () => {
    const policies = clusterPolicy('x', {
      tier: 'Admin',
      priority: 1,
      subject: all,
      egress: [
        { action: 'Accept', to: [{ domainNames: ['api.example.com'] }] },
        { action: 'Deny', to: [{ networks: ['0.0.0.0/0'] }] },
      ],
    });
    expect(egress(policies, 'internet')).toEqual([
      'unknown',
      'cluster-network-policy egress x rule 0',
    ]);
    expect(egress(policies, 'node:b')[0]).toBe('denied');
  });
});

describe('the older kinds, v1alpha1', () => {
  const older = (kind: string, name: string, spec: object) => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind,
    metadata: { name },
    spec: { subject: { namespaces: {} }, ...spec },
  });
  const from = [{ namespaces: {} }];
  const anp = (priority: number, action: string) =>
    older('AdminNetworkPolicy', `a${priority}`, { priority, ingress: [{ action, from }] });
  const banp = older('BaselineAdminNetworkPolicy', 'default', {
    ingress: [{ action: 'Deny', from }],
  });

  test.each([
    ['Allow', [anp(1, 'Allow'), closed], ['allowed', cited('a1', 0)]],
    ['the lower priority first', [anp(9, 'Allow'), anp(1, 'Deny')], ['denied', cited('a1', 0)]],
    [
      'Pass leads to NetworkPolicy',
      [anp(1, 'Pass'), closed],
      ['denied', 'network-policy ingress shop/closed default'],
    ],
    ['Pass leads to the baseline', [anp(1, 'Pass'), banp], ['denied', cited('default', 0)]],
    [
      'a port of one protocol',
      [
        older('AdminNetworkPolicy', 'p', {
          priority: 1,
          ingress: [
            { action: 'Deny', from, ports: [{ portNumber: { protocol: 'UDP', port: 80 } }] },
          ],
        }),
      ],
      ['allowed', 'network-policy ingress default-allow default'],
    ],
  ])('%s', (_, policies, expected) => {
    const lines = judged([...cluster, ...policies], call);
    expect(lines.filter((line) => !line.includes('egress'))).toEqual(expected);
  });
});

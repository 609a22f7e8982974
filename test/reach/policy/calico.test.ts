import { calico, flow, namespace, networkPolicy, node, pod } from '../../build/manifests';
import { judged } from '../verdict-and-rules';

const cluster = [
  namespace('shop', { team: 'shop' }),
  namespace('other', { team: 'other' }),
  node('a', '10.1.0.1'),
  node('b', '10.1.0.2'),
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'reader', namespace: 'shop', labels: { may: 'read' } },
  },
  pod('shop/web', {
    labels: { app: 'web' },
    node: 'a',
    ip: '10.0.0.10',
    spec: { serviceAccountName: 'reader' },
  }),
  pod('shop/db', {
    labels: { app: 'db' },
    node: 'b',
    ip: '10.0.0.11',
    ports: [{ containerPort: 5432, name: 'sql' }],
  }),
  pod('other/web', { labels: { app: 'web', x: '1' }, node: 'a', ip: '10.0.0.12' }),
  calico('NetworkSet', 'shop/partners', { nets: ['203.0.113.0/24'] }),
  {
    ...calico('GlobalNetworkSet', 'world', { nets: ['203.0.113.0/24'] }),
    metadata: { name: 'world', labels: { zone: 'world' } },
  },
];

const call = flow('shop/web', 'shop/db', 5432);
const stranger = flow('internet', 'shop/db', 5432);
/** In no network set. */
const unknown = flow('ip:198.51.100.7', 'shop/db', 5432);
const other = flow('other/web', 'shop/db', 5432);

/** Who answers for the ingress of db; the callers' egress is open. */
const answer = (manifests: readonly unknown[], asked = call, staged?: 'as-enforced') =>
  judged([...cluster, ...manifests], asked, staged).filter((line) => !line.includes('egress'));

const allow = { action: 'Allow' };
const deny = { action: 'Deny' };
const db = "app == 'db'";
const policy = (name: string, spec: object) =>
  calico('NetworkPolicy', `shop/${name}`, { selector: db, types: ['Ingress'], ...spec });
const global = (name: string, spec: object) =>
  calico('GlobalNetworkPolicy', name, { selector: db, types: ['Ingress'], ...spec });
const tier = (name: string, spec: object) => calico('Tier', name, spec);
const cited = (object: string, rule: number | 'default') =>
  `calico-policy ingress ${object} ${rule === 'default' ? rule : `rule ${rule}`}`;
const k8s = networkPolicy('shop/k8s', {
  podSelector: { matchLabels: { app: 'db' } },
  ingress: [{ from: [{ podSelector: {} }] }],
});

describe('tiers, order and actions', () => {
  test.each([
    ['no rule: end of tier', [policy('p', {})], ['denied', cited('shop/p', 'default')]],
    ['Allow', [policy('p', { ingress: [allow] })], ['allowed', cited('shop/p', 0)]],
    [
      'Deny before Allow',
      [policy('p', { ingress: [deny, allow] })],
      ['denied', cited('shop/p', 0)],
    ],
    [
      'Log goes on',
      [policy('p', { ingress: [{ action: 'Log' }, deny, allow] })],
      ['denied', cited('shop/p', 1)],
    ],
    [
      'the lower order is asked first',
      [policy('a', { order: 20, ingress: [allow] }), policy('z', { order: 10, ingress: [deny] })],
      ['denied', cited('shop/z', 0)],
    ],
    [
      'no order is last',
      [policy('a', { ingress: [deny] }), policy('z', { order: 10, ingress: [allow] })],
      ['allowed', cited('shop/z', 0)],
    ],
    [
      'ties go by name',
      [policy('b', { order: 1, ingress: [deny] }), policy('a', { order: 1, ingress: [allow] })],
      ['allowed', cited('shop/a', 0)],
    ],
    [
      'before Kubernetes policy, whose order is 1000',
      [k8s, policy('z', { order: 999, ingress: [deny] })],
      ['denied', cited('shop/z', 0)],
    ],
    [
      'after it',
      [k8s, policy('a', { order: 1001, ingress: [deny] })],
      ['allowed', 'network-policy ingress shop/k8s rule 0'],
    ],
    [
      'Pass in tier default skips Kubernetes policy and leads to the profile',
      [k8s, policy('p', { order: 1, ingress: [{ action: 'Pass' }] })],
      ['allowed', cited('shop/p', 0), 'network-policy ingress default-allow default'],
    ],
    [
      'an earlier tier passes to the next',
      [
        tier('early', { order: 1 }),
        global('early.p', { tier: 'early', ingress: [{ action: 'Pass' }] }),
        policy('p', { ingress: [deny] }),
      ],
      ['denied', cited('shop/p', 0)],
    ],
    [
      'an earlier tier that does not decide denies at its end',
      [
        tier('early', { order: 1 }),
        global('early.p', { tier: 'early' }),
        policy('p', { ingress: [allow] }),
      ],
      ['denied', cited('early.p', 'default')],
    ],
    [
      'unless its default is Pass',
      [
        tier('early', { order: 1, defaultAction: 'Pass' }),
        global('early.p', { tier: 'early' }),
        policy('p', { ingress: [allow] }),
      ],
      ['allowed', cited('shop/p', 0)],
    ],
    [
      'a tier whose policies select somebody else is skipped',
      [
        tier('early', { order: 1 }),
        global('early.p', { tier: 'early', selector: "app == 'web'" }),
        policy('p', { ingress: [allow] }),
      ],
      ['allowed', cited('shop/p', 0)],
    ],
  ])('%s', (_, manifests, expected) => {
    expect(answer(manifests)).toEqual(expected);
  });
});

describe('what a rule matches', () => {
  const from = (source: object) => [
    policy('p', { ingress: [{ ...allow, ...('ports' in source && { protocol: 'TCP' }), source }] }),
  ];
  const yes = ['allowed', cited('shop/p', 0)];
  const no = ['denied', cited('shop/p', 'default')];
  test.each([
    ['a selector in its own namespace', from({ selector: "app == 'web'" }), call, yes],
    ['and not elsewhere', from({ selector: "app == 'web'" }), other, no],
    ['a namespaceSelector', from({ namespaceSelector: "team == 'other'" }), other, yes],
    [
      'all() is not the outside',
      from({ selector: 'all()', namespaceSelector: 'all()' }),
      unknown,
      no,
    ],
    ['no selector is', from({}), stranger, yes],
    ['!has(x) is a known endpoint', from({ selector: '!has(x)' }), unknown, no],
    [
      'notSelector is anybody else',
      from({ notSelector: 'has(x)', namespaceSelector: 'all()' }),
      other,
      no,
    ],
    ['nets', from({ nets: ['203.0.113.0/24'] }), stranger, yes],
    ['notNets', from({ notNets: ['203.0.113.0/24'] }), stranger, no],
    ['a service account by name', from({ serviceAccounts: { names: ['reader'] } }), call, yes],
    ['or by label', from({ serviceAccounts: { selector: "may == 'read'" } }), call, yes],
    ['another account', from({ serviceAccounts: { names: ['writer'] } }), call, no],
    ['source ports that no client takes', from({ ports: [22] }), call, no],
    ['source ports that every client takes', from({ ports: ['1024:65535'] }), call, yes],
    [
      'a global network set by namespaceSelector global()',
      from({ selector: "zone == 'world'", namespaceSelector: 'global()' }),
      stranger,
      yes,
    ],
    ['a set of the same namespace only', from({ selector: "zone == 'world'" }), stranger, no],
  ])('%s', (_, manifests, asked, expected) => {
    expect(answer(manifests, asked)).toEqual(expected);
  });

  test.each([
    ['protocol and ports', { protocol: 'TCP', destination: { ports: [5432] } }, yes],
    ['a range', { protocol: 'TCP', destination: { ports: ['5000:6000'] } }, yes],
    ['notPorts', { protocol: 'TCP', destination: { notPorts: [5432] } }, no],
    ['notProtocol', { notProtocol: 'TCP' }, no],
    ['a named port without a protocol', { destination: { ports: ['sql'] } }, yes],
    ['a protocol by number', { protocol: 6 }, yes],
    ['the other IP version', { ipVersion: 6 }, no],
  ])('%s', (_, match, expected) => {
    expect(answer([policy('p', { ingress: [{ ...allow, ...match }] })])).toEqual(expected);
  });

  test('only some of the ports a client may take is not known', () => {
    const some = policy('p', {
      ingress: [{ ...allow, protocol: 'TCP', source: { ports: ['40000:50000'] } }],
    });
    expect(answer([some])).toEqual(['unknown', cited('shop/p', 0)]);
  });

  test.each([
    [8, ['allowed', cited('shop/p', 0)]],
    [13, ['denied', cited('shop/p', 'default')]],
  ])('ICMP type %i', (type, expected) => {
    const manifests = [policy('p', { ingress: [{ ...allow, protocol: 'ICMP', icmp: { type } }] })];
    expect(answer(manifests, flow('shop/web', 'shop/db', undefined, 'ICMP'))).toEqual(expected);
  });
});

describe('services in rules', () => {
  const svc = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { selector: { app: 'db' }, ports: [{ port: 5432 }] },
  };
  const out = calico('NetworkPolicy', 'shop/out', {
    selector: "app == 'web'",
    types: ['Egress'],
    egress: [{ ...allow, destination: { services: { name: 'db' } } }],
  });
  test.each([
    [5432, ['allowed', 'calico-policy egress shop/out rule 0']],
    [22, ['denied', 'calico-policy egress shop/out default']],
  ])('egress to port %i of a backend', (port, expected) => {
    const asked = flow('shop/web', 'shop/db', port);
    const lines = judged([...cluster, svc, out], asked);
    expect(lines.filter((line) => !line.includes('ingress'))).toEqual(expected);
  });
});

describe('staged policies', () => {
  const staged = calico('StagedNetworkPolicy', 'shop/p', { selector: db, types: ['Ingress'] });
  test('never decide, and their tier has no end', () => {
    expect(answer([staged])).toEqual(['allowed', 'network-policy ingress not-isolated default']);
  });
  test('decide where they count as enforced', () => {
    expect(answer([staged], call, 'as-enforced')).toEqual(['denied', cited('shop/p', 'default')]);
  });
  test('replace the policy of the same name, or delete it', () => {
    const enforced = policy('p', { ingress: [allow] });
    expect(answer([enforced, staged], call, 'as-enforced')[0]).toBe('denied');
    const deleting = calico('StagedNetworkPolicy', 'shop/p', { stagedAction: 'Delete' });
    expect(answer([policy('p', {}), deleting], call, 'as-enforced')[0]).toBe('allowed');
  });
});

import { flow, namespace, networkPolicy, node, pod } from '../../build/manifests';
import { judged } from '../verdict-and-rules';

/** Each row is a case that some engine gets wrong (policy by policy, with the evidence). */

const cluster = [
  namespace('shop', { team: 'shop' }),
  namespace('other', { team: 'other' }),
  node('a', '10.1.0.1'),
  node('b', '10.1.0.2'),
  pod('shop/web', { labels: { app: 'web' }, node: 'a', ip: '10.0.0.10' }),
  pod('shop/db', {
    labels: { app: 'db' },
    node: 'b',
    ip: '10.0.0.11',
    ports: [
      { containerPort: 5432, name: 'sql' },
      { containerPort: 53, name: 'dns', protocol: 'UDP' },
    ],
  }),
  pod('other/web', { labels: { app: 'web' }, node: 'a', ip: '10.0.0.12' }),
  pod('other/host', { node: 'a', spec: { hostNetwork: true } }),
];

const db = { matchLabels: { app: 'db' } };
const web = { podSelector: { matchLabels: { app: 'web' } } };
const open = 'network-policy egress not-isolated default';
const openIn = 'network-policy ingress not-isolated default';
const rule = (n: number) => `network-policy ingress shop/db rule ${n}`;
const closed = 'network-policy ingress shop/db default';

const ingress = (spec: object) => [
  ...cluster,
  networkPolicy('shop/db', { podSelector: db, ...spec }),
];
const call = flow('shop/web', 'shop/db', 5432);

test.each([
  ['no policy', {}, null, ['allowed', open, openIn]],
  ['no ingress key', {}, call, ['denied', closed]],
  ['ingress: []', { ingress: [] }, call, ['denied', closed]],
  ['ingress: [{}]', { ingress: [{}] }, call, ['allowed', open, rule(0)]],
  ['from: []', { ingress: [{ from: [] }] }, call, ['allowed', open, rule(0)]],
  ['ports: []', { ingress: [{ ports: [] }] }, call, ['allowed', open, rule(0)]],
  ['egress: [] without policyTypes', { egress: [] }, call, ['denied', closed]],
  ['policyTypes: []', { policyTypes: [], ingress: [{}] }, call, ['allowed', open, rule(0)]],
  ['only Egress', { policyTypes: ['Egress'] }, call, ['allowed', open, openIn]],
  ['from podSelector', { ingress: [{ from: [web] }] }, call, ['allowed', open, rule(0)]],
  [
    'podSelector looks in its own namespace',
    { ingress: [{ from: [web] }] },
    flow('other/web', 'shop/db', 5432),
    ['denied', closed],
  ],
  [
    'both selectors in one item are AND',
    { ingress: [{ from: [{ ...web, namespaceSelector: { matchLabels: { team: 'other' } } }] }] },
    call,
    ['denied', closed],
  ],
  [
    'two items are OR',
    { ingress: [{ from: [web, { namespaceSelector: { matchLabels: { team: 'other' } } }] }] },
    call,
    ['allowed', open, rule(0)],
  ],
  [
    'the name label that nobody wrote',
    {
      ingress: [
        {
          from: [
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } },
          ],
        },
      ],
    },
    flow('other/web', 'shop/db', 5432),
    ['allowed', open, rule(0)],
  ],
  [
    'NotIn matches a missing label',
    {
      ingress: [
        {
          from: [
            { podSelector: { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['y'] }] } },
          ],
        },
      ],
    },
    call,
    ['allowed', open, rule(0)],
  ],
  [
    'DoesNotExist',
    {
      ingress: [
        {
          from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] } }],
        },
      ],
    },
    call,
    ['denied', closed],
  ],
  ['ports: [{}] is all TCP', { ingress: [{ ports: [{}] }] }, call, ['allowed', open, rule(0)]],
  [
    'ports: [{}] is no UDP',
    { ingress: [{ ports: [{}] }] },
    flow('shop/web', 'shop/db', 53, 'UDP'),
    ['denied', closed],
  ],
  [
    'endPort is inclusive',
    { ingress: [{ ports: [{ port: 5400, endPort: 5432 }] }] },
    call,
    ['allowed', open, rule(0)],
  ],
  ['a named port', { ingress: [{ ports: [{ port: 'sql' }] }] }, call, ['allowed', open, rule(0)]],
  [
    'a named port of another protocol',
    { ingress: [{ ports: [{ port: 'dns', protocol: 'TCP' }] }] },
    flow('shop/web', 'shop/db', 53),
    ['denied', closed],
  ],
  [
    'a named port nobody has',
    { ingress: [{ ports: [{ port: 'web' }] }] },
    call,
    ['denied', closed],
  ],
  [
    'SCTP alone isolates TCP',
    { ingress: [{ ports: [{ protocol: 'SCTP', port: 5432 }] }] },
    call,
    ['denied', closed],
  ],
  [
    'a rule without ports admits ICMP',
    { ingress: [{ from: [web] }] },
    flow('shop/web', 'shop/db', undefined, 'ICMP'),
    ['allowed', open, rule(0)],
  ],
  [
    'a rule with ports does not',
    { ingress: [{ ports: [{}] }] },
    flow('shop/web', 'shop/db', undefined, 'ICMP'),
    ['denied', closed],
  ],
  [
    'pod addresses are in ipBlock',
    { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/24' } }] }] },
    call,
    ['allowed', open, rule(0)],
  ],
  [
    'except takes out',
    { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/24', except: ['10.0.0.10/32'] } }] }] },
    call,
    ['denied', closed],
  ],
  [
    'and another rule puts back',
    {
      ingress: [
        { from: [{ ipBlock: { cidr: '10.0.0.0/24', except: ['10.0.0.10/32'] } }] },
        { from: [web] },
      ],
    },
    call,
    ['allowed', open, rule(1)],
  ],
  [
    'a pod reaches its own address',
    {},
    flow('shop/db', 'shop/db', 5432),
    [
      'allowed',
      'network-policy egress own-address default',
      'network-policy ingress own-address default',
    ],
  ],
  [
    'a node its own pods',
    {},
    flow('node:b', 'shop/db', 5432),
    ['allowed', 'network-policy ingress own-node default'],
  ],
  ['not those of others', {}, flow('node:a', 'shop/db', 5432), ['denied', closed]],
  [
    'a host-network pod is its node',
    { ingress: [{ from: [{ ipBlock: { cidr: '10.1.0.1/32' } }] }] },
    flow('other/host', 'shop/db', 5432),
    ['allowed', rule(0)],
  ],
  [
    'and no selector finds it',
    { ingress: [{ from: [{ namespaceSelector: {} }] }] },
    flow('other/host', 'shop/db', 5432),
    ['denied', closed],
  ],
  [
    'the outside is in no selector',
    { ingress: [{ from: [{ namespaceSelector: {} }] }] },
    flow('internet', 'shop/db', 5432),
    ['denied', closed],
  ],
  [
    'a name for a port',
    { ingress: [{ ports: [{ port: 5432 }] }] },
    flow('shop/web', 'shop/db', 'sql'),
    ['allowed', open, rule(0)],
  ],
])('%s', (_, spec, asked, expected) => {
  const manifests = asked === null ? cluster : ingress(spec);
  expect(judged(manifests, asked ?? call)).toEqual(expected);
});

test('a denial cites every policy that isolates, in the order the kernel asks them', () => {
  const policies = [
    networkPolicy('shop/zz', { podSelector: db }),
    networkPolicy('shop/aa', { podSelector: db, ingress: [{ ports: [{ port: 1 }] }] }),
    networkPolicy('shop/mm', {
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Egress'],
    }),
  ];
  expect(judged([...cluster, ...policies], call)).toEqual([
    'denied',
    'network-policy egress shop/mm default',
    'network-policy ingress shop/aa default',
    'network-policy ingress shop/zz default',
  ]);
});

test('what the files do not name is unknown, and says so', () => {
  expect(judged(cluster, flow('shop/nobody', 'shop/db', 1))[0]).toBe('unknown');
  expect(judged(cluster, flow('shop/web', 'shop/db', 'nothing'))[0]).toBe('unknown');
});

import { calico, flow, namespace, networkPolicy, node, pod, service } from '../../build/manifests';
import { judged } from '../verdict-and-rules';

const host = (name: string, onNode: string, spec: object = {}) => ({
  ...calico('HostEndpoint', name, { node: onNode, interfaceName: '*', ...spec }),
  metadata: { name, labels: { host: onNode } },
});
const cluster = [
  namespace('shop'),
  node('a', '10.1.0.1'),
  node('b', '10.1.0.2'),
  pod('shop/web', { labels: { app: 'web' }, node: 'a', ip: '10.0.0.10' }),
  pod('shop/db', { labels: { app: 'db' }, node: 'b', ip: '10.0.0.11' }),
];
const policy = (name: string, spec: object) =>
  calico('GlobalNetworkPolicy', name, { selector: "host == 'b'", ...spec });
const toNode = (port: number) => flow('shop/web', 'node:b', port);
const toPod = flow('shop/web', 'shop/db', 80);
const open = 'network-policy egress not-isolated default';
const openIn = 'network-policy ingress not-isolated default';
const cited = (direction: string, object: string, rule = 'default') =>
  `calico-policy ${direction} ${object} ${rule}`;
const allow = [{ action: 'Allow' }];
const deny = [{ action: 'Deny' }];

test.each([
  [
    'no policy, no profile: closed',
    [host('b', 'b')],
    toNode(8080),
    ['denied', cited('ingress', 'host-endpoint')],
  ],
  [
    'but for failsafe ports',
    [host('b', 'b')],
    toNode(22),
    ['allowed', open, cited('ingress', 'failsafe-port')],
  ],
  [
    'the default-allow profile',
    [host('b', 'b', { profiles: ['projectcalico-default-allow'] })],
    toNode(8080),
    ['allowed', open, 'network-policy ingress default-allow default'],
  ],
  [
    'a policy that allows',
    [host('b', 'b'), policy('p', { ingress: allow })],
    toNode(8080),
    ['allowed', open, cited('ingress', 'p', 'rule 0')],
  ],
  [
    'what passes through to a pod is not asked',
    [host('b', 'b'), policy('p', { ingress: deny })],
    toPod,
    ['allowed', open, openIn],
  ],
  [
    'unless applyOnForward',
    [host('b', 'b'), policy('p', { ingress: deny, applyOnForward: true })],
    toPod,
    ['denied', cited('ingress', 'p', 'rule 0')],
  ],
  [
    'applyOnForward without a match ends its tier',
    [host('b', 'b'), policy('p', { types: ['Ingress'], applyOnForward: true })],
    toPod,
    ['denied', cited('ingress', 'p')],
  ],
  [
    'leaving a node is asked too',
    [
      host('a', 'a'),
      calico('GlobalNetworkPolicy', 'p', {
        selector: "host == 'a'",
        types: ['Egress'],
        egress: deny,
        applyOnForward: true,
      }),
    ],
    toPod,
    ['denied', cited('egress', 'p', 'rule 0')],
  ],
  [
    'preDNAT allows before other policies are asked',
    [
      host('b', 'b'),
      policy('pre', { order: 2, ingress: allow, preDNAT: true, applyOnForward: true }),
      policy('p', { order: 1, ingress: deny }),
    ],
    toNode(8080),
    ['allowed', open, cited('ingress', 'pre', 'rule 0')],
  ],
  [
    'preDNAT without a match leaves it to the others',
    [
      host('b', 'b'),
      policy('pre', { types: ['Ingress'], preDNAT: true, applyOnForward: true }),
      policy('p', { ingress: allow }),
    ],
    toNode(8080),
    ['allowed', open, cited('ingress', 'p', 'rule 0')],
  ],
  [
    'a named interface comes before *',
    [
      host('z', 'b', { interfaceName: 'eth0' }),
      host('b', 'b', { profiles: ['projectcalico-default-allow'] }),
    ],
    toNode(8080),
    ['denied', cited('ingress', 'host-endpoint')],
  ],
])('%s', (_, manifests, asked, expected) => {
  expect(judged([...cluster, ...manifests], asked)).toEqual(expected);
});

test('preDNAT sees the node port, later policies the backend', () => {
  const svc = service('shop/db', {
    port: 80,
    type: 'NodePort',
    selector: { app: 'db' },
    ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }],
  });
  const pre = (port: number) =>
    policy('pre', {
      preDNAT: true,
      applyOnForward: true,
      ingress: [{ action: 'Deny', protocol: 'TCP', destination: { ports: [port] } }],
    });
  const asked = flow('internet', 'node:b', 30080);
  expect(judged([...cluster, svc, host('b', 'b'), pre(30080)], asked)[0]).toBe('denied');
  expect(judged([...cluster, svc, host('b', 'b'), pre(8080)], asked)[0]).toBe('allowed');
});

describe('doNotTrack', () => {
  const untracked = (spec: object) =>
    policy('raw', { doNotTrack: true, applyOnForward: true, ...spec });
  const into = [{ action: 'Allow', protocol: 'TCP', destination: { ports: [8080] } }];
  const back = [{ action: 'Allow', protocol: 'TCP', source: { ports: [8080] } }];
  const answer = (spec: object, asked = toNode(8080)) =>
    judged([...cluster, host('b', 'b'), untracked(spec)], asked);

  test('a reply has no connection to belong to', () => {
    expect(answer({ ingress: into })).toEqual(['denied', cited('egress', 'host-endpoint')]);
  });
  test('it needs a rule of its own', () => {
    expect(answer({ ingress: into, egress: back })).toEqual([
      'allowed',
      open,
      cited('ingress', 'raw', 'rule 0'),
      cited('egress', 'raw', 'rule 0'),
    ]);
  });
  test('a denial refuses replies to tracked connections too', () => {
    const nobody = { types: ['Egress'], egress: deny };
    expect(answer(nobody, toNode(22))[0]).toBe('allowed');
    const opened = policy('p', { ingress: allow });
    const manifests = [...cluster, host('b', 'b'), untracked(nobody), opened];
    expect(judged(manifests, toNode(8080))).toEqual(['denied', cited('egress', 'raw', 'rule 0')]);
  });
  test('to a pod of the node, too: its reply is no connection’s', () => {
    const asked = flow('shop/web', 'shop/db', 8080);
    expect(answer({ ingress: into }, asked)).toEqual(['denied', cited('egress', 'host-endpoint')]);
  });
  describe('UDP, which needs no connection: a pod’s reply is a flow of its own', () => {
    const names = pod('shop/names', {
      labels: { app: 'names' },
      node: 'b',
      ip: '10.0.0.12',
      ports: [{ containerPort: 53, protocol: 'UDP' }],
    });
    const lookups = { ingress: [{ action: 'Allow', protocol: 'UDP' }] };
    const asked = flow('shop/web', 'shop/names', 53, 'UDP');
    const seen = (...policies: readonly object[]) =>
      judged([...cluster, names, host('b', 'b'), untracked(lookups), ...policies], asked);
    const silent = networkPolicy('shop/silent', {
      podSelector: { matchLabels: { app: 'names' } },
      policyTypes: ['Egress'],
    });
    const through = policy('through', { applyOnForward: true, types: ['Egress'], egress: deny });

    test.each([
      ['nothing is against it', [], 'allowed', open],
      [
        'the pod’s egress policies',
        [silent],
        'denied',
        'network-policy egress shop/silent default',
      ],
      ['what is applied on forward', [through], 'denied', cited('egress', 'through', 'rule 0')],
    ])('%s', (_, policies, verdict, by) => {
      const [said, ...rest] = seen(...policies);
      expect([said, rest.includes(by)]).toEqual([verdict, true]);
    });
  });
  test('a node port that is let in untracked is translated by nobody: the node refuses, if it may', () => {
    const opened = service('shop/open', {
      port: 80,
      type: 'NodePort',
      selector: { app: 'db' },
      ports: [{ port: 80, targetPort: 80, nodePort: 30080 }],
    });
    const asked = flow('internet', 'node:b', 30080);
    const seen = (spec: object) =>
      judged([...cluster, opened, host('b', 'b'), untracked(spec)], asked);
    const knock = { ingress: [{ action: 'Allow', protocol: 'TCP' }] };
    expect(seen(knock)).toEqual(['denied', cited('egress', 'host-endpoint')]);
    expect(seen({ ...knock, egress: allow })).toEqual([
      'allowed',
      cited('ingress', 'raw', 'rule 0'),
      cited('egress', 'raw', 'rule 0'),
    ]);
  });

  // On node a, whose pod (shop/web) and which itself call what stands on node b.
  const svc = service('shop/db', {
    port: 80,
    type: 'NodePort',
    selector: { app: 'db' },
    ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }],
  });
  const closed = networkPolicy('shop/closed', {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Ingress'],
  });
  const onA = (
    spec: object,
    asked = toPod,
    profiles: readonly string[] = [],
    more: readonly object[] = [],
  ) => {
    const raw = calico('GlobalNetworkPolicy', 'raw', {
      selector: "host == 'a'",
      doNotTrack: true,
      applyOnForward: true,
      ...spec,
    });
    return judged([...cluster, svc, host('a', 'a', { profiles }), raw, ...more], asked);
  };
  const allowTcp = [{ action: 'Allow', protocol: 'TCP' }];
  const denyType = (type: number) => ({
    ingress: [{ action: 'Deny', protocol: 'ICMP', icmp: { type } }],
  });
  const ping = { ...toPod, protocol: 'ICMP', port: undefined } as const;
  const lookup = { ...toPod, protocol: 'UDP', port: 53 } as const;
  const serviceFromNode = flow('node:a', 'svc:shop/db', 80);
  const everybody = ['projectcalico-default-allow'];
  const denyPods = [{ action: 'Deny', destination: { nets: ['10.0.0.0/24'] } }];
  const inLine = cited('ingress', 'host-endpoint');

  test.each([
    [
      'a node calls a Service by its own address: pods are not meant yet',
      onA({ egress: denyPods }, serviceFromNode),
      ['denied', cited('egress', 'host-endpoint')],
    ],
    [
      'and by a backend’s own address they are',
      onA({ egress: denyPods }, flow('node:a', 'shop/db', 8080)),
      ['denied', cited('egress', 'raw', 'rule 0')],
    ],
    [
      'a node port’s replies come to the node, where nothing undoes the translation',
      onA({ ingress: allowTcp }, flow('shop/web', 'node:a', 30080)),
      ['denied', inLine],
    ],
    [
      'a Service’s replies to the node itself, too',
      onA({ ingress: allowTcp }, serviceFromNode, everybody),
      ['denied', inLine],
    ],
    [
      'an untracked reply to a pod meets the pod’s policies',
      onA({ ingress: allowTcp }),
      ['allowed', open, openIn, cited('ingress', 'raw', 'rule 0'), openIn],
    ],
    [
      'which may refuse it',
      onA({ ingress: allowTcp }, toPod, [], [closed]),
      ['denied', 'network-policy ingress shop/closed default'],
    ],
    [
      'a node’s own call that leaves untracked is translated by nobody',
      onA({ egress: allowTcp }, flow('node:a', 'svc:shop/db', 80)),
      ['no-route', 'route egress 172.20.0.11 default'],
    ],
    ['the answer to a ping is no request', onA(denyType(8), ping), ['allowed', open, openIn]],
    ['but an echo reply', onA(denyType(0), ping), ['denied', cited('ingress', 'raw', 'rule 0')]],
    ['a closed UDP port is told by an error', onA(denyType(8), lookup), ['allowed', open, openIn]],
    ['whose type is 3', onA(denyType(3), lookup), ['denied', cited('ingress', 'raw', 'rule 0')]],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  test('the refusal of a node port without endpoints is lost where the request was untracked', () => {
    const idle = service('shop/idle', {
      port: 80,
      type: 'NodePort',
      selector: { app: 'nobody' },
      ports: [{ port: 80, nodePort: 30081 }],
    });
    const asked = (policies: readonly object[]) =>
      judged([...cluster, idle, host('b', 'b'), ...policies], flow('internet', 'node:b', 30081));
    expect(asked([])).toEqual(['no-route', 'route egress shop/idle default']);
    const called = (spec: object) => {
      const raw = { selector: "host == 'a'", doNotTrack: true, applyOnForward: true, ...spec };
      const manifests = [...cluster, idle, host('a', 'a', { profiles: everybody })];
      const policies = [calico('GlobalNetworkPolicy', 'raw', raw)];
      return judged([...manifests, ...policies], flow('node:a', 'node:b', 30081))[0];
    };
    expect(called({ egress: [{ action: 'Allow', protocol: 'UDP' }] })).toBe('no-route');
    expect(called({ egress: allowTcp })).toBe('denied');
    expect(asked([untracked({ ingress: allowTcp })])).toEqual([
      'denied',
      cited('egress', 'host-endpoint'),
    ]);
    const errors = [{ action: 'Allow', protocol: 'ICMP', icmp: { type: 3 } }];
    expect(asked([untracked({ ingress: allowTcp, egress: errors })])[0]).toBe('no-route');
  });
});

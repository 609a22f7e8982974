import { file, problemsIn, worldOf } from '../../build/reading';

const object = (kind: string, spec: string, meta = 'name: p, namespace: shop') => `
apiVersion: projectcalico.org/v3
kind: ${kind}
metadata: { ${meta} }
spec: ${spec}`;

const policy = (kind: string, spec: string) => worldOf(object(kind, spec)).policies[0];

const equals = (label: string, value: string) => ({ kind: 'equals', label, value });
const inShop = equals('projectcalico.org/namespace', 'shop');
const hasNamespace = { kind: 'has', label: 'projectcalico.org/namespace' };
const web = equals('app', 'web');
const and = (...operands: readonly unknown[]) => ({ kind: 'and', operands });

describe('where a policy stands and what it claims', () => {
  test.each`
    kind                               | spec                                                         | fields
    ${'NetworkPolicy'}                 | ${'{}'}                                                      | ${{ kind: 'CalicoNetworkPolicy', namespace: 'shop', tier: 'default', order: Infinity, subject: inShop, ingress: [], egress: undefined }}
    ${'NetworkPolicy'}                 | ${'{ egress: [{ action: Deny }] }'}                          | ${{ ingress: undefined, egress: [expect.objectContaining({ action: 'deny' })] }}
    ${'NetworkPolicy'}                 | ${'{ ingress: [], egress: [{ action: Deny }] }'}             | ${{ ingress: undefined }}
    ${'NetworkPolicy'}                 | ${'{ types: [Egress], ingress: [{ action: Deny }] }'}        | ${{ ingress: undefined, egress: [] }}
    ${'NetworkPolicy'}                 | ${'{ order: 1.5, selector: app == "web" }'}                  | ${{ order: 1.5, subject: and(inShop, web) }}
    ${'NetworkPolicy'}                 | ${'{ serviceAccountSelector: "a == \'b\'" }'}                | ${{ subject: and(inShop, equals('pcsa.a', 'b')) }}
    ${'GlobalNetworkPolicy'}           | ${'{ selector: all() }'}                                     | ${{ kind: 'GlobalNetworkPolicy', subject: { kind: 'all' }, hook: 'normal' }}
    ${'GlobalNetworkPolicy'}           | ${'{ namespaceSelector: all() }'}                            | ${{ subject: hasNamespace }}
    ${'GlobalNetworkPolicy'}           | ${'{ namespaceSelector: a == "b", selector: app == "web" }'} | ${{ subject: and(equals('pcns.a', 'b'), web) }}
    ${'GlobalNetworkPolicy'}           | ${'{ serviceAccountSelector: all() }'}                       | ${{ subject: { kind: 'has', label: 'projectcalico.org/serviceaccount' } }}
    ${'GlobalNetworkPolicy'}           | ${'{ applyOnForward: true }'}                                | ${{ hook: 'apply-on-forward' }}
    ${'GlobalNetworkPolicy'}           | ${'{ applyOnForward: true, preDNAT: true }'}                 | ${{ hook: 'pre-dnat' }}
    ${'GlobalNetworkPolicy'}           | ${'{ applyOnForward: true, doNotTrack: true }'}              | ${{ hook: 'untracked' }}
    ${'StagedNetworkPolicy'}           | ${'{ ingress: [{ action: Pass }] }'}                         | ${{ staged: 'set', ingress: [expect.objectContaining({ action: 'pass' })] }}
    ${'StagedNetworkPolicy'}           | ${'{ stagedAction: Learn }'}                                 | ${{ staged: 'ignore' }}
    ${'StagedNetworkPolicy'}           | ${'{ stagedAction: Delete, tier: default }'}                 | ${{ staged: 'delete', ingress: undefined, egress: undefined }}
    ${'StagedGlobalNetworkPolicy'}     | ${'{ selector: app == "web" }'}                              | ${{ staged: 'set', subject: web }}
    ${'StagedKubernetesNetworkPolicy'} | ${'{ podSelector: {}, stagedAction: Set }'}                  | ${{ staged: 'set', tier: 'default', order: 1000, ingress: [] }}
    ${'StagedKubernetesNetworkPolicy'} | ${'{ stagedAction: Delete }'}                                | ${{ staged: 'delete', ingress: undefined }}
  `('$kind $spec', ({ kind, spec, fields }) => {
    expect({ ...policy(kind, spec) }).toEqual(expect.objectContaining(fields));
  });
});

describe('whom a rule means', () => {
  const namespaced = (entity: string) =>
    policy('NetworkPolicy', `{ ingress: [{ action: Allow, source: ${entity} }] }`)?.ingress?.[0];
  const globally = (entity: string) =>
    policy('GlobalNetworkPolicy', `{ ingress: [{ action: Allow, source: ${entity} }] }`)
      ?.ingress?.[0];
  const ten = { address: '10.0.0.0', prefix: 8 };
  const account = { kind: 'in', label: 'projectcalico.org/serviceaccount', values: ['a'] };
  test.each`
    entity                                                        | inNamespace                                                    | inGlobal
    ${'{}'}                                                       | ${'any'}                                                       | ${'any'}
    ${'{ selector: all() }'}                                      | ${[{ selector: inShop }]}                                      | ${[{ selector: { kind: 'all' } }]}
    ${'{ selector: app == "web" }'}                               | ${[{ selector: and(inShop, web) }]}                            | ${[{ selector: web }]}
    ${'{ notSelector: app == "web" }'}                            | ${[{ selector: and(inShop, { kind: 'not', operand: web }) }]}  | ${[{ notSelector: web }]}
    ${'{ nets: [10.0.0.0/8] }'}                                   | ${[{ nets: [ten] }]}                                           | ${[{ nets: [ten] }]}
    ${'{ notNets: [10.0.0.0/8] }'}                                | ${[{ notNets: [ten] }]}                                        | ${[{ notNets: [ten] }]}
    ${'{ namespaceSelector: all() }'}                             | ${[{ selector: hasNamespace }]}                                | ${[{ selector: hasNamespace }]}
    ${'{ namespaceSelector: global() }'}                          | ${[{ selector: { kind: 'global' } }]}                          | ${[{ selector: { kind: 'global' } }]}
    ${'{ namespaceSelector: a == "b", selector: app == "web" }'}  | ${[{ selector: and(equals('pcns.a', 'b'), web) }]}             | ${[{ selector: and(equals('pcns.a', 'b'), web) }]}
    ${'{ namespaceSelector: "projectcalico.org/name == \'x\'" }'} | ${[{ selector: equals('pcns.projectcalico.org/name', 'x') }]}  | ${[{ selector: equals('pcns.projectcalico.org/name', 'x') }]}
    ${'{ serviceAccounts: { names: [a] } }'}                      | ${[{ selector: and(inShop, account) }]}                        | ${[{ selector: account }]}
    ${'{ serviceAccounts: { names: [a], selector: b == "c" } }'}  | ${[{ selector: and(inShop, equals('pcsa.b', 'c'), account) }]} | ${[{ selector: and(equals('pcsa.b', 'c'), account) }]}
    ${'{ services: { name: s, namespace: other } }'}              | ${[{ service: { name: 's', namespace: 'other' } }]}            | ${[{ service: { name: 's', namespace: 'other' } }]}
  `('$entity', ({ entity, inNamespace, inGlobal }) => {
    expect(namespaced(entity)?.source).toEqual(inNamespace);
    expect(globally(entity)?.source).toEqual(inGlobal);
  });

  test('a service without a namespace is one of the policy', () => {
    expect(namespaced('{ services: { name: s } }')?.source).toEqual([
      { service: { name: 's', namespace: 'shop' } },
    ]);
  });
});

describe('which packets a rule means', () => {
  const any = { protocol: 'any', sourcePorts: 'any', destinationPorts: 'any' };
  test.each`
    rule                                                                          | traffic
    ${''}                                                                         | ${'any'}
    ${'protocol: TCP'}                                                            | ${[{ ...any, protocol: 'TCP' }]}
    ${'protocol: 6'}                                                              | ${[{ ...any, protocol: 'TCP' }]}
    ${'protocol: 47'}                                                             | ${[{ ...any, protocol: 47 }]}
    ${'notProtocol: ICMPv6'}                                                      | ${[{ ...any, notProtocol: 'ICMPv6' }]}
    ${'protocol: TCP, destination: { ports: [80, "90:99", http] }'}               | ${[{ ...any, protocol: 'TCP', destinationPorts: [{ first: 80, last: 80 }, { first: 90, last: 99 }, { name: 'http' }] }]}
    ${'destination: { ports: [http] }'}                                           | ${[{ ...any, destinationPorts: [{ name: 'http' }] }]}
    ${'protocol: UDP, source: { notPorts: [0] }, destination: { notPorts: [1] }'} | ${[{ ...any, protocol: 'UDP', notSourcePorts: [{ first: 0, last: 0 }], notDestinationPorts: [{ first: 1, last: 1 }] }]}
    ${'protocol: ICMP, icmp: { type: 8, code: 0 }, notICMP: { type: 3 }'}         | ${[{ ...any, protocol: 'ICMP', icmp: { type: 8, code: 0 }, notIcmp: { type: 3 } }]}
  `('$rule', ({ rule, traffic }) => {
    const read = policy('NetworkPolicy', `{ ingress: [{ action: Log, ${rule} }] }`);
    expect(read?.ingress?.[0]).toMatchObject({ index: 0, action: 'log', traffic });
  });
});

describe('what is refused', () => {
  const rule = (text: string) => `{ ingress: [{ action: Allow, ${text} }] }`;
  const out = (text: string) => `{ egress: [{ action: Allow, ${text} }] }`;
  const at = 'spec.ingress[0]';
  test.each`
    kind                               | spec                                                                         | path                                  | problem
    ${'NetworkPolicy'}                 | ${'{ tier: defualt }'}                                                       | ${'spec.tier'}                        | ${"there is no tier 'defualt'"}
    ${'NetworkPolicy'}                 | ${'{ selector: app = "x" }'}                                                 | ${'spec.selector'}                    | ${'selector app = "x": column 5 is wrong'}
    ${'NetworkPolicy'}                 | ${'{ selector: global() }'}                                                  | ${'spec.selector'}                    | ${'global() stands outside a namespaceSelector of a rule'}
    ${'NetworkPolicy'}                 | ${'{ applyOnForward: true }'}                                                | ${'spec.applyOnForward'}              | ${"there is no field 'applyOnForward' here"}
    ${'NetworkPolicy'}                 | ${'{ types: [Ingress, Ingress] }'}                                           | ${'spec.types'}                       | ${'Ingress is written twice'}
    ${'NetworkPolicy'}                 | ${'{ ingress: [{ action: allow }] }'}                                        | ${`${at}.action`}                     | ${"'allow' must be one of Allow, Deny, Log, Pass"}
    ${'NetworkPolicy'}                 | ${'{ ingress: [{}] }'}                                                       | ${`${at}.action`}                     | ${'action is missing'}
    ${'NetworkPolicy'}                 | ${rule('destination: { ports: [80] }')}                                      | ${`${at}.destination.ports`}          | ${'ports stand without a protocol that has ports'}
    ${'NetworkPolicy'}                 | ${rule('protocol: ICMP, source: { notPorts: [http] }')}                      | ${`${at}.source.notPorts`}            | ${'ports stand without a protocol that has ports'}
    ${'NetworkPolicy'}                 | ${rule('protocol: TCP, destination: { ports: ["9:8"] }')}                    | ${`${at}.destination.ports[0]`}       | ${'9:8 is no range of ports'}
    ${'NetworkPolicy'}                 | ${rule('protocol: TCP, destination: { ports: [65536] }')}                    | ${`${at}.destination.ports[0]`}       | ${'65536 is no range of ports'}
    ${'NetworkPolicy'}                 | ${rule('protocol: tcp')}                                                     | ${`${at}.protocol`}                   | ${"'tcp' is no protocol"}
    ${'NetworkPolicy'}                 | ${rule('protocol: 0')}                                                       | ${`${at}.protocol`}                   | ${'0 is no protocol'}
    ${'NetworkPolicy'}                 | ${rule('icmp: { type: 8 }')}                                                 | ${`${at}.icmp`}                       | ${'icmp stands without protocol ICMP'}
    ${'NetworkPolicy'}                 | ${rule('protocol: ICMP, icmp: { code: 8 }')}                                 | ${`${at}.icmp.code`}                  | ${'code stands without type'}
    ${'NetworkPolicy'}                 | ${rule('ipVersion: 6, protocol: ICMP')}                                      | ${`${at}.ipVersion`}                  | ${'ICMP is no protocol of IPv6'}
    ${'NetworkPolicy'}                 | ${rule('source: { nets: [10.0.0.0/8, "fd00::/8"] }')}                        | ${at}                                 | ${'IPv4 and IPv6 blocks stand in one rule'}
    ${'NetworkPolicy'}                 | ${rule('source: { nets: [10.0.0.1/8] }')}                                    | ${`${at}.source.nets[0]`}             | ${"'10.0.0.1/8' has host bits set"}
    ${'NetworkPolicy'}                 | ${rule('source: { notNets: [0.0.0.0/0] }')}                                  | ${`${at}.source.notNets[0]`}          | ${'it takes away every address'}
    ${'NetworkPolicy'}                 | ${rule('source: { namespaceSelector: "global() && has(a)" }')}               | ${`${at}.source.namespaceSelector`}   | ${'global() is combined with another selector'}
    ${'NetworkPolicy'}                 | ${rule('source: { services: { name: s }, selector: has(a) }')}               | ${`${at}.source.selector`}            | ${'selector stands beside services'}
    ${'NetworkPolicy'}                 | ${rule('destination: { services: { name: s } }')}                            | ${`${at}.destination.services`}       | ${'services stands in destination of an ingress rule'}
    ${'NetworkPolicy'}                 | ${out('source: { services: { name: s } }')}                                  | ${'spec.egress[0].source.services'}   | ${'services stands in source of an egress rule'}
    ${'NetworkPolicy'}                 | ${out('protocol: TCP, destination: { services: { name: s }, ports: [80] }')} | ${'spec.egress[0].destination.ports'} | ${'ports stand beside services'}
    ${'NetworkPolicy'}                 | ${out('protocol: TCP, http: { methods: [GET] }')}                            | ${'spec.egress[0].http'}              | ${'http stands in no Allow rule for TCP ingress'}
    ${'GlobalNetworkPolicy'}           | ${rule('source: { services: { name: s } }')}                                 | ${`${at}.source.services.namespace`}  | ${'namespace is missing'}
    ${'GlobalNetworkPolicy'}           | ${'{ preDNAT: true }'}                                                       | ${'spec.applyOnForward'}              | ${'applyOnForward is not true beside preDNAT or doNotTrack'}
    ${'GlobalNetworkPolicy'}           | ${'{ preDNAT: true, doNotTrack: true, applyOnForward: true }'}               | ${'spec.preDNAT'}                     | ${'preDNAT and doNotTrack exclude each other'}
    ${'GlobalNetworkPolicy'}           | ${'{ preDNAT: true, applyOnForward: true, types: [Egress] }'}                | ${'spec.types'}                       | ${'a preDNAT policy has no egress'}
    ${'StagedNetworkPolicy'}           | ${'{ stagedAction: Delete, selector: all() }'}                               | ${'spec.selector'}                    | ${'selector stands beside stagedAction: Delete'}
    ${'StagedKubernetesNetworkPolicy'} | ${'{ stagedAction: Delete, podSelector: {} }'}                               | ${'spec.podSelector'}                 | ${'podSelector stands beside stagedAction: Delete'}
    ${'Tier'}                          | ${'{ order: 5, defaultAction: Allow }'}                                      | ${'spec.defaultAction'}               | ${"'Allow' must be one of Deny, Pass"}
    ${'HostEndpoint'}                  | ${'{ node: a }'}                                                             | ${'spec'}                             | ${'the host endpoint names no interface'}
    ${'HostEndpoint'}                  | ${'{ interfaceName: "*" }'}                                                  | ${'spec.node'}                        | ${'node is missing'}
  `('$kind $spec', ({ kind, spec, path, problem }) => {
    expect(problemsIn({ manifests: [file(object(kind, spec))] })).toEqual([
      { path, problem, fix: expect.any(String) },
    ]);
  });
});

test('order and action of a built-in tier cannot be changed', () => {
  const text = object('Tier', '{ order: 5, defaultAction: Pass }', 'name: default');
  expect(problemsIn({ manifests: [file(text)] })).toEqual([
    { path: 'spec.order', problem: 'the order of tier default is fixed', fix: 'write 1000000' },
  ]);
  const admin = object('Tier', '{ order: 1000, defaultAction: Deny }', 'name: kube-admin');
  expect(problemsIn({ manifests: [file(admin)] })).toMatchObject([
    { path: 'spec.defaultAction', fix: 'write Pass' },
  ]);
});

test('the default tier may end in Pass', () => {
  const text = object('Tier', '{ order: 1000000, defaultAction: Pass }', 'name: default');
  expect(problemsIn({ manifests: [file(text)] })).toEqual([]);
});

test.each(['10.0.0.1/x', '10.0.0.1/1.5', '10.0.0.1/999', '10.0.0.1/-1', '10.0.0.1/'])(
  'a set with the block %s is refused, and says why',
  (net) => {
    const text = object('NetworkSet', `{ nets: ["${net}"] }`);
    expect(problemsIn({ manifests: [file(text)] })).toMatchObject([
      { path: 'spec.nets[0]', problem: `'${net}' has no prefix of 0 to 32` },
    ]);
  },
);

test('tiers, sets and host endpoints', () => {
  const world = worldOf(
    object('Tier', '{ order: 5, defaultAction: Pass }', 'name: security'),
    object('Tier', '{}', 'name: last'),
    object('GlobalNetworkSet', '{ nets: [10.1.2.3, 10.0.0.5/8] }', 'name: g, labels: { a: b }'),
    object('NetworkSet', '{ nets: ["fd00::/8"] }', 'name: set, namespace: shop, labels: { a: b }'),
    object(
      'HostEndpoint',
      '{ node: node-a, interfaceName: "*", profiles: [projectcalico-default-allow] }',
      'name: h, labels: { role: node }',
    ),
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: x } }',
  );
  expect(world.tiers).toEqual([
    { name: 'kube-admin', order: 1000, defaultAction: 'pass' },
    { name: 'default', order: 1_000_000, defaultAction: 'deny' },
    { name: 'kube-baseline', order: 10_000_000, defaultAction: 'pass' },
    { name: 'security', order: 5, defaultAction: 'pass' },
    { name: 'last', order: Infinity, defaultAction: 'deny' },
  ]);
  expect(world.networkSets).toEqual([
    {
      name: 'g',
      labels: { a: 'b' },
      nets: [
        { address: '10.1.2.3', prefix: 32 },
        { address: '10.0.0.0', prefix: 8 },
      ],
    },
    {
      namespace: 'shop',
      name: 'set',
      labels: {
        a: 'b',
        'pcns.kubernetes.io/metadata.name': 'shop',
        'pcns.team': 'x',
        'pcns.projectcalico.org/name': 'shop',
        'projectcalico.org/namespace': 'shop',
      },
      nets: [{ address: 'fd00::', prefix: 8 }],
    },
  ]);
  expect(world.hostEndpoints).toEqual([
    {
      name: 'h',
      node: 'node-a',
      interfaceName: '*',
      labels: { role: 'node' },
      expectedIps: [],
      defaultAllow: true,
    },
  ]);
});

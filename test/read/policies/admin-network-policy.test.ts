import { file, problemsIn, worldOf } from '../../build/reading';

const cnp = (spec: string) => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: p }
spec: ${spec}`;

const old = (kind: string, spec: string, name = 'default') => `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: ${kind}
metadata: { name: ${name} }
spec: ${spec}`;

const k8s = { kind: 'equals', label: 'projectcalico.org/orchestrator', value: 'k8s' };
const equals = (label: string, value: string) => ({ kind: 'equals', label, value });
const and = (...operands: readonly unknown[]) => ({ kind: 'and', operands });
const base = { kind: 'ClusterNetworkPolicy', name: 'p', staged: 'no', hook: 'normal' };

test('a ClusterNetworkPolicy claims a direction only where it has rules', () => {
  const world = worldOf(
    cnp(`{ tier: Admin, priority: 7, subject: { namespaces: { matchLabels: { a: b } } },
      ingress: [
        { action: Accept, from: [{ namespaces: {} }], protocols: [{ tcp: { destinationPort: { number: 80 } } }] },
        { action: Pass, from: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { c: d } } } }],
          protocols: [{ udp: { destinationPort: { range: { start: 1, end: 9 } } } }, { destinationNamedPort: dns }] },
      ] }`),
  );
  expect(world.policies).toEqual([
    {
      ...base,
      tier: 'kube-admin',
      order: 7,
      subject: and(k8s, equals('pcns.a', 'b')),
      egress: undefined,
      ingress: [
        {
          index: 0,
          action: 'allow',
          source: [{ selector: { kind: 'has', label: 'projectcalico.org/namespace' } }],
          destination: 'any',
          traffic: [
            { protocol: 'TCP', destinationPorts: [{ first: 80, last: 80 }], sourcePorts: 'any' },
          ],
        },
        {
          index: 1,
          action: 'pass',
          source: [{ selector: and(k8s, equals('c', 'd')) }],
          destination: 'any',
          traffic: [
            { protocol: 'UDP', destinationPorts: [{ first: 1, last: 9 }], sourcePorts: 'any' },
            { protocol: 'any', destinationPorts: [{ name: 'dns' }], sourcePorts: 'any' },
          ],
        },
      ],
    },
  ]);
});

test('egress reaches networks, nodes and names beside pods', () => {
  const [policy] = worldOf(
    cnp(`{ tier: Baseline, priority: 0, subject: { pods: { namespaceSelector: {}, podSelector: {} } },
      egress: [{ action: Accept, to: [
        { networks: [10.0.0.0/8] }, { nodes: { matchLabels: { a: b } } }, { domainNames: ["*.example.com"] } ] }] }`),
  ).policies;
  expect(policy).toMatchObject({ tier: 'kube-baseline', subject: k8s, ingress: undefined });
  expect(policy?.egress).toEqual([
    {
      index: 0,
      action: 'allow',
      source: 'any',
      destination: [
        { nets: [{ address: '10.0.0.0', prefix: 8 }] },
        { nodes: equals('a', 'b') },
        { domainNames: ['*.example.com'] },
      ],
      traffic: 'any',
    },
  ]);
});

test('the older kinds are read into the same tiers', () => {
  const rule =
    '[{ action: Allow, from: [{ namespaces: {} }], ports: [{ portNumber: { port: 80 } }, { portRange: { start: 1, end: 2, protocol: UDP } }, { namedPort: http }] }]';
  const world = worldOf(
    old(
      'AdminNetworkPolicy',
      `{ priority: 3, subject: { namespaces: {} }, ingress: ${rule} }`,
      'x',
    ),
    old(
      'BaselineAdminNetworkPolicy',
      '{ subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ namespaces: {} }] }] }',
    ),
  );
  expect(world.policies.map(({ kind, tier, order, name }) => [kind, tier, order, name])).toEqual([
    ['AdminNetworkPolicy', 'kube-admin', 3, 'x'],
    ['BaselineAdminNetworkPolicy', 'kube-baseline', 1000, 'default'],
  ]);
  expect(world.policies[0]?.ingress?.[0]?.traffic).toEqual([
    { protocol: 'TCP', destinationPorts: [{ first: 80, last: 80 }], sourcePorts: 'any' },
    { protocol: 'UDP', destinationPorts: [{ first: 1, last: 2 }], sourcePorts: 'any' },
    { protocol: 'any', destinationPorts: [{ name: 'http' }], sourcePorts: 'any' },
  ]);
  expect(world.policies[1]?.egress?.[0]).toMatchObject({ action: 'deny', traffic: 'any' });
});

describe('what is refused', () => {
  const spec = (rest: string) =>
    cnp(`{ tier: Admin, priority: 1, subject: { namespaces: {} }, ${rest} }`);
  const from = (rest: string) => spec(`ingress: [{ action: Deny, ${rest} }]`);
  const to = (rest: string) => spec(`egress: [{ action: Deny, ${rest} }]`);
  test.each`
    text                                                                                                                             | path                                                           | problem
    ${cnp('{ tier: admin, priority: 1, subject: { namespaces: {} } }')}                                                              | ${'spec.tier'}                                                 | ${"'admin' must be one of Admin, Baseline"}
    ${cnp('{ tier: Admin, priority: 1001, subject: { namespaces: {} } }')}                                                           | ${'spec.priority'}                                             | ${'1001 is out of range'}
    ${cnp('{ tier: Admin, priority: 1, subject: {} }')}                                                                              | ${'spec.subject'}                                              | ${'0 fields stand here'}
    ${from('from: []')}                                                                                                              | ${'spec.ingress[0].from'}                                      | ${'from is empty'}
    ${from('from: [{}]')}                                                                                                            | ${'spec.ingress[0].from[0]'}                                   | ${'0 fields stand here'}
    ${from('from: [{ networks: [10.0.0.0/8] }]')}                                                                                    | ${'spec.ingress[0].from[0].networks'}                          | ${"there is no field 'networks' here"}
    ${spec('ingress: [{ action: Allow, from: [{ namespaces: {} }] }]')}                                                              | ${'spec.ingress[0].action'}                                    | ${"'Allow' must be one of Accept, Deny, Pass"}
    ${to('to: [{ networks: [] }]')}                                                                                                  | ${'spec.egress[0].to[0].networks'}                             | ${'the list is empty'}
    ${to('to: [{ domainNames: [example.com] }]')}                                                                                    | ${'spec.egress[0].to[0]'}                                      | ${'domainNames stands in a rule that says Deny'}
    ${to('to: [{ networks: [10.0.0.0/8] }], protocols: [{ destinationNamedPort: dns }]')}                                            | ${'spec.egress[0].to[0]'}                                      | ${'only pods have named ports'}
    ${to('to: [{ namespaces: {} }], protocols: [{ tcp: { destinationPort: { range: { start: 5, end: 5 } } } }]')}                    | ${'spec.egress[0].protocols[0].tcp.destinationPort.range.end'} | ${'5 is not above 5'}
    ${to('to: [{ namespaces: {} }], protocols: [{}]')}                                                                               | ${'spec.egress[0].protocols[0]'}                               | ${'0 fields stand here'}
    ${old('BaselineAdminNetworkPolicy', '{ subject: { namespaces: {} } }', 'x')}                                                     | ${'metadata.name'}                                             | ${"'x' is not its name"}
    ${old('BaselineAdminNetworkPolicy', '{ subject: { namespaces: {} }, ingress: [{ action: Pass, from: [{ namespaces: {} }] }] }')} | ${'spec.ingress[0].action'}                                    | ${"'Pass' must be one of Allow, Deny"}
    ${old('ClusterNetworkPolicy', '{}')}                                                                                             | ${'apiVersion'}                                                | ${"ClusterNetworkPolicy of version 'policy.networking.k8s.io/v1alpha1' is not known"}
  `('$path: $problem', ({ text, path, problem }) => {
    expect(problemsIn({ manifests: [file(text)] })).toEqual([
      { path, problem, fix: expect.any(String) },
    ]);
  });
});

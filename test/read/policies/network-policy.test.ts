import type { Problem } from '../../../lib/model/problem';
import { readWorld } from '../../../lib/read/world';

const policy = (spec: string) => ({
  path: 'p.yaml',
  text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: shop }
spec: ${spec}
`,
});

/** The policy that a specification is read as. */
const read = (spec: string) => {
  const reading = readWorld({ manifests: [policy(spec)] });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.value.policies[0];
};

const problemsOf = (spec: string): readonly Pick<Problem, 'path' | 'problem' | 'fix'>[] => {
  const reading = readWorld({ manifests: [policy(spec)] });
  return reading.kind === 'read'
    ? []
    : reading.problems.map(({ path, problem, fix }) => ({ path, problem, fix }));
};

const everyone = { action: 'allow', source: 'any', destination: 'any', traffic: 'any' };
const k8s = { kind: 'equals', label: 'projectcalico.org/orchestrator', value: 'k8s' };
const inShop = { kind: 'equals', label: 'projectcalico.org/namespace', value: 'shop' };
const tcp = { protocol: 'TCP', sourcePorts: 'any' };

describe('which directions a policy claims', () => {
  test.each`
    spec                                          | ingress                        | egress
    ${'{}'}                                       | ${[]}                          | ${undefined}
    ${'{ policyTypes: [] }'}                      | ${[]}                          | ${undefined}
    ${'{ egress: [] }'}                           | ${[]}                          | ${undefined}
    ${'{ egress: [{}] }'}                         | ${[]}                          | ${[{ index: 0, ...everyone }]}
    ${'{ policyTypes: [Egress] }'}                | ${undefined}                   | ${[]}
    ${'{ policyTypes: [Ingress, Egress] }'}       | ${[]}                          | ${[]}
    ${'{ policyTypes: [Ingress], egress: [{}] }'} | ${[]}                          | ${undefined}
    ${'{ ingress: null }'}                        | ${[]}                          | ${undefined}
    ${'{ ingress: [{}] }'}                        | ${[{ index: 0, ...everyone }]} | ${undefined}
    ${'{ ingress: [{ from: [], ports: [] }] }'}   | ${[{ index: 0, ...everyone }]} | ${undefined}
    ${'{ ingress: [{ from: null }] }'}            | ${[{ index: 0, ...everyone }]} | ${undefined}
  `('$spec', ({ spec, ingress, egress }) => {
    expect(read(spec)).toEqual({
      kind: 'NetworkPolicy',
      namespace: 'shop',
      name: 'p',
      tier: 'default',
      order: 1000,
      staged: 'no',
      hook: 'normal',
      subject: { kind: 'and', operands: [k8s, inShop] },
      ingress,
      egress,
    });
  });
});

describe('what an entry of ports means', () => {
  test.each`
    port                              | traffic
    ${'{}'}                           | ${{ ...tcp, destinationPorts: 'any' }}
    ${'{ protocol: UDP }'}            | ${{ ...tcp, protocol: 'UDP', destinationPorts: 'any' }}
    ${'{ port: 80 }'}                 | ${{ ...tcp, destinationPorts: [{ first: 80, last: 80 }] }}
    ${'{ port: 80, endPort: 80 }'}    | ${{ ...tcp, destinationPorts: [{ first: 80, last: 80 }] }}
    ${'{ port: 80, endPort: 90 }'}    | ${{ ...tcp, destinationPorts: [{ first: 80, last: 90 }] }}
    ${'{ port: http }'}               | ${{ ...tcp, destinationPorts: [{ name: 'http' }] }}
    ${'{ port: 53, protocol: SCTP }'} | ${{ ...tcp, protocol: 'SCTP', destinationPorts: [{ first: 53, last: 53 }] }}
  `('$port', ({ port, traffic }) => {
    expect(read(`{ ingress: [{ ports: [${port}] }] }`)?.ingress).toEqual([
      { index: 0, ...everyone, traffic: [traffic] },
    ]);
  });
});

describe('whom a peer means', () => {
  const app = { kind: 'equals', label: 'app', value: 'web' };
  const team = { kind: 'equals', label: 'pcns.team', value: 'a' };
  const pods = 'podSelector: { matchLabels: { app: web } }';
  const namespaces = 'namespaceSelector: { matchLabels: { team: a } }';
  const and = (...operands: readonly unknown[]) => ({ selector: { kind: 'and', operands } });
  test.each`
    peers                                                           | meant
    ${`[{ ${pods} }]`}                                              | ${[and(k8s, inShop, app)]}
    ${'[{ podSelector: {} }]'}                                      | ${[and(k8s, inShop)]}
    ${`[{ ${namespaces} }]`}                                        | ${[and(k8s, team)]}
    ${'[{ namespaceSelector: {} }]'}                                | ${[{ selector: k8s }]}
    ${`[{ ${pods}, ${namespaces} }]`}                               | ${[and(k8s, team, app)]}
    ${`[{ ${pods} }, { ${namespaces} }]`}                           | ${[and(k8s, inShop, app), and(k8s, team)]}
    ${'[{ ipBlock: { cidr: 10.0.0.0/8 } }]'}                        | ${[{ nets: [{ address: '10.0.0.0', prefix: 8 }] }]}
    ${'[{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }]'} | ${[{ nets: [{ address: '10.0.0.0', prefix: 8 }], notNets: [{ address: '10.1.0.0', prefix: 16 }] }]}
  `('$peers', ({ peers, meant }) => {
    const { ingress, egress } =
      read(`{ ingress: [{ from: ${peers} }], egress: [{ to: ${peers} }] }`) ?? {};
    expect(ingress).toEqual([{ index: 0, ...everyone, source: meant }]);
    expect(egress).toEqual([{ index: 0, ...everyone, destination: meant }]);
  });
});

test('the four operators, on pods and on namespaces', () => {
  const expressions = `matchExpressions: [
    { key: a, operator: In, values: [w, x] }, { key: b, operator: NotIn, values: [z] },
    { key: c, operator: Exists }, { key: d, operator: DoesNotExist }]`;
  const tests = (prefix: string) => [
    { kind: 'in', label: `${prefix}a`, values: ['w', 'x'] },
    { kind: 'not-in', label: `${prefix}b`, values: ['z'] },
    { kind: 'has', label: `${prefix}c` },
    { kind: 'not', operand: { kind: 'has', label: `${prefix}d` } },
  ];
  const spec = `{ podSelector: { ${expressions} }, ingress: [{ from: [{ namespaceSelector: { ${expressions} } }] }] }`;
  expect(read(spec)?.subject).toEqual({ kind: 'and', operands: [k8s, inShop, ...tests('')] });
  expect(read(spec)?.ingress?.[0]?.source).toEqual([
    { selector: { kind: 'and', operands: [k8s, ...tests('pcns.')] } },
  ]);
});

describe('what is refused, where, and how to mend it', () => {
  const block = (inner: string) => `{ ingress: [{ from: [{ ipBlock: { ${inner} } }] }] }`;
  const from = 'spec.ingress[0].from[0]';
  const port = 'spec.ingress[0].ports[0]';
  test.each`
    spec                                                                                    | path                                               | problem                                                  | fix
    ${'{ podSelecter: {} }'}                                                                | ${'spec.podSelecter'}                              | ${"there is no field 'podSelecter' here"}                | ${'write podSelector'}
    ${'{ ingress: {} }'}                                                                    | ${'spec.ingress'}                                  | ${'expected a list, found an object'}                    | ${'write a list'}
    ${'{ policyTypes: [ingress] }'}                                                         | ${'spec.policyTypes[0]'}                           | ${"'ingress' must be one of Ingress, Egress"}            | ${'write Ingress'}
    ${'{ policyTypes: [Both] }'}                                                            | ${'spec.policyTypes[0]'}                           | ${"'Both' must be one of Ingress, Egress"}               | ${'use Ingress or Egress'}
    ${'{ ingress: [{ from: [{}] }] }'}                                                      | ${from}                                            | ${'the peer is empty'}                                   | ${'give podSelector, namespaceSelector or ipBlock; for everybody leave the whole list out'}
    ${'{ ingress: [{ from: [{ podSelector: {}, ipBlock: { cidr: 10.0.0.0/8 } }] }] }'}      | ${from}                                            | ${'ipBlock stands beside a selector'}                    | ${'make two items of it'}
    ${block('cidr: 10.0.0.0')}                                                              | ${`${from}.ipBlock.cidr`}                          | ${"'10.0.0.0' is not a CIDR block"}                      | ${'write address/prefix, like 10.0.0.0/16'}
    ${block('cidr: 10.0.0.0/33')}                                                           | ${`${from}.ipBlock.cidr`}                          | ${"'10.0.0.0/33' has no prefix of 0 to 32"}              | ${'write 10.0.0.0/32'}
    ${block('except: []')}                                                                  | ${`${from}.ipBlock.cidr`}                          | ${'cidr is missing'}                                     | ${'add cidr'}
    ${block('cidr: 10.0.0.0/8, except: [10.0.0.0/8]')}                                      | ${`${from}.ipBlock.except[0]`}                     | ${'it takes away all of 10.0.0.0/8'}                     | ${'name a smaller block, or drop the peer'}
    ${block('cidr: 10.0.0.0/8, except: [11.0.0.0/16]')}                                     | ${`${from}.ipBlock.except[0]`}                     | ${'11.0.0.0/16 is not inside 10.0.0.0/8'}                | ${'name a block within 10.0.0.0/8'}
    ${block('cidr: 10.0.0.0/8, except: [0.0.0.0/0]')}                                       | ${`${from}.ipBlock.except[0]`}                     | ${'0.0.0.0/0 is not inside 10.0.0.0/8'}                  | ${'name a block within 10.0.0.0/8'}
    ${'{ ingress: [{ ports: [{ port: 70000 }] }] }'}                                        | ${`${port}.port`}                                  | ${'70000 is out of range'}                               | ${'use a whole number from 1 to 65535'}
    ${'{ ingress: [{ ports: [{ port: 0 }] }] }'}                                            | ${`${port}.port`}                                  | ${'0 is out of range'}                                   | ${'use a whole number from 1 to 65535'}
    ${'{ ingress: [{ ports: [{ port: "80" }] }] }'}                                         | ${`${port}.port`}                                  | ${"'80' is no port name"}                                | ${'write 80 without quotes'}
    ${'{ ingress: [{ ports: [{ port: 80, endPort: 79 }] }] }'}                              | ${`${port}.endPort`}                               | ${'endPort 79 is below port 80'}                         | ${'use 80 or more'}
    ${'{ ingress: [{ ports: [{ endPort: 79 }] }] }'}                                        | ${`${port}.endPort`}                               | ${'endPort stands without port'}                         | ${'add port, the first of the range'}
    ${'{ ingress: [{ ports: [{ port: http, endPort: 79 }] }] }'}                            | ${`${port}.endPort`}                               | ${'endPort needs a numeric port'}                        | ${"write the number of 'http', or no endPort"}
    ${'{ ingress: [{ ports: [{ protocol: tcp }] }] }'}                                      | ${`${port}.protocol`}                              | ${"'tcp' is no protocol"}                                | ${'write TCP'}
    ${'{ ingress: [{ ports: [{ protocol: ICMP }] }] }'}                                     | ${`${port}.protocol`}                              | ${"'ICMP' is no protocol"}                               | ${'use TCP, UDP or SCTP'}
    ${'{ podSelector: { matchLabels: { a: yes } } }'}                                       | ${'spec.podSelector.matchLabels.a'}                | ${'expected a text, found the boolean true'}             | ${'put it in quotes: y, n, yes, no, on and off are booleans in YAML'}
    ${'{ podSelector: { matchLabels: { a: 1 } } }'}                                         | ${'spec.podSelector.matchLabels.a'}                | ${'expected a text, found the number 1'}                 | ${'put it in quotes: "1"'}
    ${'{ podSelector: { matchLabels: { a/b/c: x } } }'}                                     | ${"spec.podSelector.matchLabels.'a/b/c'"}          | ${"'a/b/c' is no valid label key"}                       | ${'use at most 63 of A-Z, a-z, 0-9, -, _ and ., perhaps behind a DNS name and /'}
    ${'{ podSelector: { matchLabels: { a: "-x" } } }'}                                      | ${'spec.podSelector.matchLabels.a'}                | ${"'-x' is no valid label value"}                        | ${'use at most 63 of A-Z, a-z, 0-9, -, _ and ., a letter or digit first and last'}
    ${'{ podSelector: { matchExpressions: [{ key: a, operator: In }] } }'}                  | ${'spec.podSelector.matchExpressions[0].values'}   | ${'In needs values'}                                     | ${'list at least one'}
    ${'{ podSelector: { matchExpressions: [{ key: a, operator: Exists, values: [x] }] } }'} | ${'spec.podSelector.matchExpressions[0].values'}   | ${'Exists takes no values'}                              | ${'remove values'}
    ${'{ podSelector: { matchExpressions: [{ key: a, operator: Is }] } }'}                  | ${'spec.podSelector.matchExpressions[0].operator'} | ${"'Is' must be one of In, NotIn, Exists, DoesNotExist"} | ${'write In'}
  `('$spec', ({ spec, path, problem, fix }) => {
    expect(problemsOf(spec)).toEqual([{ path, problem, fix }]);
  });
});

test('all problems come together, each at its place', () => {
  const spec = `{ podSelecter: {}, policyTypes: [x],
    ingress: [{ from: [{}, { ipBlock: { cidr: nonsense } }], ports: [{ port: -1 }, { prot: TCP }] }] }`;
  expect(problemsOf(spec).map(({ path }) => path)).toEqual([
    'spec.podSelecter',
    'spec.policyTypes[0]',
    'spec.ingress[0].from[0]',
    'spec.ingress[0].from[1].ipBlock.cidr',
    'spec.ingress[0].ports[0].port',
    'spec.ingress[0].ports[1].prot',
  ]);
});

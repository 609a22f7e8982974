import type { Flow } from '../../lib/model/flow';
import { verdictAt } from '../../lib/model/matrix';
import { createEngine } from '../../lib/reach/engine';
import { readFlows } from '../../lib/read/flows/flows';
import { readWorld } from '../../lib/read/world';

/** Three namespaces of two pods each, and the object under test. */
const pod = (namespace: string, name: string): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {nodeName: node-a, containers: [{name: m, image: n, ports: [{containerPort: 80}]}]}
status: {podIP: 10.1.${namespace.length}.${name.length}}
`;
const service = (namespace: string, name: string): string => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
`;
const BASE = [
  ...['shop', 'other', 'third1'].flatMap((ns) => [pod(ns, 'web'), pod(ns, 'db-1')]),
  service('shop', 'web'),
  service('other', 'web'),
];

/** Words of flows: from, to. */
const FLOWS: readonly (readonly [string, string])[] = [
  ['shop/web', 'shop/db-1'],
  ['other/web', 'shop/web'],
  ['other/web', 'other/db-1'],
  ['other/web', 'svc:shop/web'],
  ['other/web', 'svc:other/web'],
  ['other/web', 'ip:10.1.4.3'],
  ['other/web', 'node:node-a'],
  ['third1/web', 'internet'],
];

function verdicts(broken: string, flows = FLOWS): readonly string[] {
  const text = [...BASE, broken].join('\n---\n');
  const reading = readWorld({
    manifests: [{ path: 'm.yaml', text }],
    keepGoing: true,
    addresses: 'unknown',
  });
  if (reading.kind === 'problems') return reading.problems.map(({ problem }) => problem);
  const lines = flows.map(([from, to]) => JSON.stringify({ from, to, protocol: 'TCP', port: 80 }));
  const read = readFlows({ path: 'f', text: lines.join('\n') }, reading.value);
  if (read.kind === 'problems') return read.problems.map(({ problem }) => problem);
  const engine = createEngine(reading.value, { staged: 'as-written' });
  return read.value.map((flow: Flow) => engine.explain(flow).verdict);
}

const policy = (namespace: string, spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: ${namespace}}
spec: ${spec}
`;
const calico = (kind: string, spec: string): string => `
apiVersion: projectcalico.org/v3
kind: ${kind}
metadata: {name: p, namespace: shop}
spec: ${spec}
`;
const object = (apiVersion: string, kind: string, name: string, rest: string): string => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: ${name}, namespace: shop}
${rest}
`;

const A = 'allowed';
const U = 'unknown';
const ALL_UNKNOWN = FLOWS.map(() => U);

/** Flows in the order of FLOWS; whatever the broken object could touch is unknown, the others are not. */
test.each([
  ['nothing', '', [A, A, A, A, A, A, A, A]],
  [
    'a NetworkPolicy whose selector can be read',
    policy('shop', '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 70000}]}]}'),
    [U, U, A, U, A, U, U, A],
  ],
  [
    'a NetworkPolicy whose selector is wrong',
    policy('shop', '{podSelector: {matchLabels: {app: [1]}}}'),
    [U, U, A, U, A, U, U, A],
  ],
  [
    'a policy of Calico in a namespace',
    calico('NetworkPolicy', '{selector: "app =="}'),
    [U, U, A, U, A, U, U, A],
  ],
  ['a global policy of Calico', calico('GlobalNetworkPolicy', '{selector: "app =="}'), ALL_UNKNOWN],
  ['a NetworkSet', calico('NetworkSet', '{nets: [10.0.0.300/8]}'), ALL_UNKNOWN],
  ['a Tier', calico('Tier', '{order: first}'), ALL_UNKNOWN],
  [
    'a policy of a tier that does not exist',
    calico('NetworkPolicy', '{tier: later, selector: all()}'),
    [U, U, A, U, A, U, U, A],
  ],
  [
    'a policy of the admin',
    object('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', 'p', 'spec: {tier: Admin}'),
    ALL_UNKNOWN,
  ],
  [
    'a Namespace',
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: [a]}}\n',
    [U, U, A, U, A, U, U, A],
  ],
  [
    'a Service',
    object('v1', 'Service', 'api', 'spec: {ports: [{port: 0}]}'),
    [A, A, A, A, A, U, U, U],
  ],
  [
    'a Pod',
    object(
      'v1',
      'Pod',
      'new',
      'spec: {containers: [{name: m, image: n, ports: [{containerPort: 0}]}]}',
    ),
    [A, A, A, U, A, U, U, U],
  ],
  [
    'a Deployment',
    object('apps/v1', 'Deployment', 'new', 'spec: {replicas: -1}'),
    [A, A, A, U, A, U, U, U],
  ],
  [
    'an EndpointSlice',
    object('discovery.k8s.io/v1', 'EndpointSlice', 'web-1', 'addressType: IPv9\nendpoints: []'),
    [A, A, A, U, A, U, U, U],
  ],
  [
    'a Node',
    'apiVersion: v1\nkind: Node\nmetadata: {name: node-a, labels: {zone: [a]}}\n',
    ALL_UNKNOWN,
  ],
  [
    'an object without a name',
    'apiVersion: v1\nkind: Pod\nmetadata: {namespace: shop}\nspec: {containers: []}\n',
    ALL_UNKNOWN,
  ],
  ['an object without a kind', 'apiVersion: v1\nmetadata: {name: a}\n', ALL_UNKNOWN],
  ['text that is no YAML', 'foo: [\n', ALL_UNKNOWN],
  [
    'an object written twice',
    `${policy('shop', '{podSelector: {}}')}\n---\n${policy('shop', '{podSelector: {}}')}`,
    [U, U, A, U, A, U, U, A],
  ],
  [
    'an Ingress, which decides nothing here',
    object('networking.k8s.io/v1', 'Ingress', 'i', 'spec: {rules: [{host: "1.2.3.4"}]}'),
    [A, A, A, A, A, A, A, A],
  ],
])('%s that is left out', (_, broken, expected) => {
  expect(verdicts(broken)).toEqual(expected);
});

test('a pod, a pod of a workload and a Service that were left out can be the ends of flows', () => {
  const broken = [
    object(
      'v1',
      'Pod',
      'new',
      'spec: {containers: [{name: m, image: n, ports: [{containerPort: 0}]}]}',
    ),
    object('apps/v1', 'Deployment', 'cart', 'spec: {replicas: -1}'),
    object('v1', 'Service', 'api', 'spec: {ports: [{port: 0}]}'),
  ].join('\n---\n');
  const ends = ['shop/new', 'shop/cart', 'shop/cart-0', 'svc:shop/api'];
  expect(
    verdicts(
      broken,
      ends.map((end) => ['other/web', end] as const),
    ),
  ).toEqual([U, U, U, U]);
  expect(verdicts(broken, [['other/web', 'shop/nothing']])[0]).toMatch(/no pod 'shop\/nothing'/);
});

test('the matrix has the same verdicts as single questions', () => {
  const spec = '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 70000}]}]}';
  const text = [...BASE, policy('shop', spec)].join('\n---\n');
  const reading = readWorld({ manifests: [{ path: 'm.yaml', text }], keepGoing: true });
  if (reading.kind === 'problems') throw new Error('the world is read');
  const { leftOut, pods } = reading.value;
  expect(leftOut).toMatchObject([{ object: 'NetworkPolicy shop/p', file: 'm.yaml' }]);
  const engine = createEngine(reading.value, { staged: 'as-written' });
  const sources = pods.map(({ namespace, name }) => ({ kind: 'pod', namespace, name }) as const);
  const targets = sources.map((to) => ({ to, protocol: 'TCP', port: 80 }) as const);
  const matrix = engine.matrix({ sources, targets });
  const flows = sources.flatMap((from, s) => targets.map((target, t) => ({ from, target, s, t })));
  const differing = flows.filter(
    ({ from, target, s, t }) =>
      verdictAt(matrix, s, t) !== engine.explain({ from, ...target }).verdict,
  );
  expect(differing).toEqual([]);
  expect(new Set(flows.map(({ s, t }) => verdictAt(matrix, s, t)))).toEqual(
    new Set(['allowed', 'unknown']),
  );
});

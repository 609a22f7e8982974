import fc from 'fast-check';
import { calico, clusterPolicy, namespace, networkPolicy, node, pod, service } from './manifests';
import { calicoSpec, clusterPolicySpec, hostSpec, networkPolicySpec } from './random-policies';
import { block, oneOf, podLabels } from './random-selectors';

/** Kinds of policy that a random cluster may hold. */
export type RandomKind = 'kubernetes' | 'admin' | 'calico' | 'staged' | 'host';

export const EVERY_KIND: readonly RandomKind[] = [
  'kubernetes',
  'admin',
  'calico',
  'staged',
  'host',
];

/** Kinds that stand at pods alone. */
export const POD_KINDS = EVERY_KIND.filter((kind) => kind !== 'host');

/** A Kubernetes or Calico object. */
export type Manifest = ReturnType<typeof namespace | typeof pod | typeof calico>;

/** A cluster's objects: what runs there, and the policies apart, so that a test can leave some out. */
export interface RandomCluster {
  readonly objects: readonly object[];
  readonly policies: readonly object[];
}

const NAMESPACES = [
  namespace('n1', { team: 'red' }),
  namespace('n2', { team: 'blue' }),
  namespace('n3'),
];

const ACCOUNTS = ['n1', 'n2', 'n3'].map((of) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'reader', namespace: of, labels: { may: of === 'n2' ? 'write' : 'read' } },
}));

const ports = oneOf(
  [
    { containerPort: 80, name: 'web' },
    { containerPort: 53, name: 'dns', protocol: 'UDP' },
  ],
  [{ containerPort: 81, name: 'web' }, { containerPort: 80 }],
  [{ containerPort: 80 }],
);

const workload = fc.record({
  namespace: oneOf('n1', 'n1', 'n2', 'n3'),
  labels: podLabels,
  ports,
  node: oneOf('a', 'b'),
  ready: oneOf(true, true, true, false),
  account: oneOf('default', 'reader'),
});

const standing = (of: object, { podIP, ready }: { podIP: string; ready: boolean }): object => ({
  ...of,
  status: {
    phase: 'Running',
    podIP,
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
  },
});

/** Pods get fixed addresses on their nodes, so that random blocks meet them. */
const pods = fc.array(workload, { minLength: 3, maxLength: 6 }).map((list) =>
  list.map((one, i) =>
    standing(
      pod(`${one.namespace}/p${i}`, {
        labels: one.labels,
        node: one.node,
        ports: one.ports,
        spec: { serviceAccountName: one.account },
      }),
      { podIP: `10.0.${one.node === 'a' ? 1 : 2}.${4 + i}`, ready: one.ready },
    ),
  ),
);

/** What a Service is beside its selector: how it is reached, and who may answer. */
const shape = oneOf<object>(
  {},
  {},
  { internalTrafficPolicy: 'Local' },
  { clusterIP: 'None' },
  { type: 'NodePort' },
  { type: 'NodePort', externalTrafficPolicy: 'Local' },
);

const services = fc.array(
  fc.record({
    namespace: oneOf('n1', 'n2'),
    app: oneOf('a', 'b'),
    shape,
    targetPort: oneOf<number | string>(80, 'web'),
  }),
  { maxLength: 2 },
);

/** A node port of its own for each Service; only those of type NodePort have it. */
const portsOf = (i: number, { targetPort, shape: has }: { targetPort: unknown; shape: object }) => [
  { port: 80, targetPort, ...('type' in has ? { nodePort: 30080 + i } : {}) },
];

const sets = fc.array(fc.record({ namespace: oneOf('n1', 'n2'), labels: podLabels, net: block }), {
  maxLength: 2,
});

const hosts = fc
  .array(fc.record({ node: oneOf('a', 'b'), open: fc.boolean() }), { maxLength: 2 })
  .map((list) =>
    list.map(({ node: on, open }, i) => ({
      ...calico('HostEndpoint', `host${i}`, {
        node: on,
        interfaceName: '*',
        ...(open ? { profiles: ['projectcalico-default-allow'] } : {}),
      }),
      metadata: { name: `host${i}`, labels: { host: on } },
    })),
  );

const policyOf: Readonly<Record<RandomKind, fc.Arbitrary<(i: number) => object>>> = {
  kubernetes: fc.tuple(oneOf('n1', 'n2', 'n3'), networkPolicySpec).map(
    ([of, spec]) =>
      (i) =>
        networkPolicy(`${of}/k${i}`, spec),
  ),
  admin: clusterPolicySpec.map((spec) => (i) => clusterPolicy(`c${i}`, spec)),
  calico: fc.tuple(oneOf('n1', 'n2', 'global'), calicoSpec).map(
    ([of, spec]) =>
      (i) =>
        calicoPolicy(of, `t${i}`, { spec, prefix: '' }),
  ),
  staged: fc.tuple(oneOf('n1', 'n2', 'global'), calicoSpec).map(
    ([of, spec]) =>
      (i) =>
        calicoPolicy(of, `s${i}`, { spec, prefix: 'Staged' }),
  ),
  host: hostSpec.map((spec) => (i) => calico('GlobalNetworkPolicy', `h${i}`, spec)),
};

function calicoPolicy(
  of: string,
  name: string,
  { spec, prefix }: { spec: object; prefix: string },
) {
  return of === 'global'
    ? calico(`${prefix}GlobalNetworkPolicy`, name, spec)
    : calico(`${prefix}NetworkPolicy`, `${of}/${name}`, spec);
}

const TIERS = [
  calico('Tier', 'early', { order: 10 }),
  calico('Tier', 'late', { order: 2_000_000, defaultAction: 'Pass' }),
];

/** Random clusters: two nodes, three namespaces, three to six pods, two to eight policies. */
export const randomCluster = (kinds: readonly RandomKind[]): fc.Arbitrary<RandomCluster> =>
  fc
    .record({
      pods,
      services,
      sets,
      hosts,
      policies: fc.array(fc.oneof(...kinds.map((kind) => policyOf[kind])), {
        minLength: 2,
        maxLength: 8,
      }),
    })
    .map((drawn) => ({
      objects: [
        ...[...NAMESPACES, ...ACCOUNTS, node('a', '10.1.0.1'), node('b', '10.1.0.2')],
        ...drawn.pods,
        ...drawn.services.map((one, i) =>
          service(`${one.namespace}/s${i}`, {
            ...one.shape,
            port: 80,
            selector: { app: one.app },
            ports: portsOf(i, one),
          }),
        ),
        ...(kinds.includes('calico') || kinds.includes('staged') ? TIERS : []),
        ...(kinds.includes('host') ? drawn.hosts : []),
        ...drawn.sets.map((one, i) => ({
          ...calico('NetworkSet', `${one.namespace}/set${i}`, { nets: [one.net] }),
          metadata: { name: `set${i}`, namespace: one.namespace, labels: one.labels },
        })),
      ],
      policies: drawn.policies.map((make, i) => make(i)),
    }));

/** The cluster that a seed stands for: the same one every time. */
export function clusterOfSeed(seed: number, kinds = EVERY_KIND): RandomCluster {
  const [cluster] = fc.sample(fc.noBias(randomCluster(kinds)), { seed, numRuns: 1 });
  if (cluster === undefined) throw new Error('fast-check gave no sample');
  return cluster;
}

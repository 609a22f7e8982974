import fc from 'fast-check';
import { namespace, networkPolicy, pod } from '../build/manifests';
import { networkPolicySpec } from '../build/random-policies';
import {
  block,
  namespaceSelector,
  oneOf,
  podLabels,
  podSelector,
  some,
} from '../build/random-selectors';

/** A world as both judges read it: every default that the API server sets is written out. */
export interface OracleWorld {
  readonly Namespaces: readonly object[];
  readonly Pods: readonly object[];
  readonly Policies: readonly object[];
  readonly Admin: readonly object[];
  readonly Baseline: readonly object[];
}

const NAMESPACES = [
  namespace('n1', { team: 'red', 'kubernetes.io/metadata.name': 'n1' }),
  namespace('n2', { team: 'blue', 'kubernetes.io/metadata.name': 'n2' }),
  namespace('n3', { 'kubernetes.io/metadata.name': 'n3' }),
];

const containerPorts = oneOf(
  [
    { containerPort: 80, name: 'web', protocol: 'TCP' },
    { containerPort: 53, name: 'dns', protocol: 'UDP' },
  ],
  [{ containerPort: 81, name: 'web', protocol: 'TCP' }],
);

const pods = fc
  .array(fc.record({ of: oneOf('n1', 'n1', 'n2', 'n3'), labels: podLabels, containerPorts }), {
    minLength: 4,
    maxLength: 7,
  })
  .map((list) =>
    list.map(({ of, labels, containerPorts: ports }, i) => {
      const address = `10.0.${i % 3}.${10 + i}`;
      const made = pod(`${of}/p${i}`, { labels, ports });
      return { ...made, status: { phase: 'Running', podIP: address, podIPs: [{ ip: address }] } };
    }),
  );

const both = fc.record({ namespaceSelector, podSelector });
const subject = fc.oneof(
  namespaceSelector.map((namespaces) => ({ namespaces })),
  both.map((p) => ({ pods: p })),
);
/** No named ports: v0.8.0 matches every port of a pod that has one of that name. */
const ports = some(
  oneOf<object>(
    { portNumber: { protocol: 'TCP', port: 80 } },
    { portNumber: { protocol: 'UDP', port: 53 } },
    { portRange: { protocol: 'TCP', start: 80, end: 81 } },
  ),
  1,
);
const network = block.map((cidr) => ({ networks: [cidr] }));

/** Rules of one direction; a rule always has a peer. */
const rules = (direction: 'ingress' | 'egress', actions: readonly string[]) =>
  some(
    fc.record(
      {
        action: oneOf(...actions),
        [direction === 'ingress' ? 'from' : 'to']: some(
          direction === 'ingress' ? subject : fc.oneof(subject, network),
          1,
        ),
        ports,
      },
      { requiredKeys: ['action', direction === 'ingress' ? 'from' : 'to'] },
    ),
    0,
  );

const spec = (actions: readonly string[]) =>
  fc.record({
    subject,
    ingress: rules('ingress', actions),
    egress: rules('egress', actions),
  });

const apiVersion = 'policy.networking.k8s.io/v1alpha1';
const admin = fc.array(spec(['Allow', 'Deny', 'Pass']), { maxLength: 2 }).map((specs) =>
  specs.map((one, i) => ({
    apiVersion,
    kind: 'AdminNetworkPolicy',
    metadata: { name: `a${i}` },
    spec: { priority: i, ...one },
  })),
);
const baseline = fc.option(spec(['Allow', 'Deny']), { nil: undefined }).map((one) =>
  one === undefined
    ? []
    : [
        {
          apiVersion,
          kind: 'BaselineAdminNetworkPolicy',
          metadata: { name: 'default' },
          spec: one,
        },
      ],
);

interface Written {
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}
interface Rule {
  readonly ports?: readonly object[];
}

/** The defaults of networking/v1, which the API server writes into what it stores. */
function defaulted(written: Written, hasBaseline: boolean): object {
  const own = written.policyTypes ?? [
    'Ingress',
    ...((written.egress ?? []).length > 0 ? ['Egress'] : []),
  ];
  const rulesOf = (list: readonly Rule[]) =>
    list.map((rule) => ({
      ...rule,
      ...(rule.ports && { ports: rule.ports.map((port) => ({ protocol: 'TCP', ...port })) }),
    }));
  const { ingress = [], egress = [], ...rest } = written;
  return {
    ...rest,
    // v0.8.0 asks the baseline only of pods that no NetworkPolicy selects, whatever its directions.
    policyTypes: hasBaseline ? ['Ingress', 'Egress'] : own,
    // Storage holds no empty list: it comes back as none.
    ...(ingress.length > 0 && { ingress: rulesOf(ingress) }),
    ...(egress.length > 0 && { egress: rulesOf(egress) }),
  };
}

export const oracleWorld: fc.Arbitrary<OracleWorld> = fc
  .record({
    pods,
    policies: fc.array(fc.record({ of: oneOf('n1', 'n2', 'n3'), spec: networkPolicySpec }), {
      maxLength: 4,
    }),
    admin,
    baseline,
  })
  .map((world) => ({
    Namespaces: NAMESPACES,
    Pods: world.pods,
    Policies: world.policies.map((one, i) =>
      networkPolicy(`${one.of}/np${i}`, defaulted(one.spec as Written, world.baseline.length > 0)),
    ),
    Admin: world.admin,
    Baseline: world.baseline,
  }));

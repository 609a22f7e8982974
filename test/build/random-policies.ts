import fc from 'fast-check';
import {
  block,
  calicoSelector,
  namespaceSelector,
  oneOf,
  perhaps,
  podSelector,
  some,
} from './random-selectors';

/** Specifications of random policies, by kind; all of them valid. */

const ipBlock = fc.oneof(
  block.map((cidr) => ({ cidr })),
  oneOf(
    { cidr: '10.0.0.0/16', except: ['10.0.1.0/24'] },
    { cidr: '0.0.0.0/0', except: ['10.1.0.0/24'] },
  ),
);

const peer = fc.oneof(
  fc.record({ podSelector }),
  fc.record({ namespaceSelector }),
  fc.record({ podSelector, namespaceSelector }),
  fc.record({ ipBlock }),
);

const port = oneOf<object>(
  { port: 80 },
  { port: 81 },
  { port: 'web' },
  { port: 80, endPort: 81 },
  { protocol: 'UDP', port: 53 },
  { protocol: 'UDP', port: 'dns' },
  { protocol: 'SCTP', port: 80 },
  {},
);

const ingress = some(perhaps({ from: some(peer, 0), ports: some(port, 0) }), 0);
const egress = some(perhaps({ to: some(peer, 0), ports: some(port, 0) }), 0);

/** Kubernetes' NetworkPolicy. */
export const networkPolicySpec = fc
  .record({
    podSelector,
    types: oneOf<readonly string[] | undefined>(
      undefined,
      ['Ingress'],
      ['Egress'],
      ['Ingress', 'Egress'],
    ),
  })
  .chain(({ podSelector: selected, types }) =>
    perhaps({ ingress, egress }).map((rules) => ({
      podSelector: selected,
      ...(types === undefined ? {} : { policyTypes: types }),
      ...rules,
    })),
  );

const pods = fc.record({ namespaceSelector, podSelector });
const subject = fc.oneof(fc.record({ namespaces: namespaceSelector }), fc.record({ pods }));

const cnpProtocol = oneOf<object>(
  { tcp: { destinationPort: { number: 80 } } },
  { tcp: { destinationPort: { range: { start: 80, end: 81 } } } },
  { udp: { destinationPort: { number: 53 } } },
  { destinationNamedPort: 'web' },
);

const cnpAction = oneOf('Accept', 'Deny', 'Pass');

const cnpIngress = some(
  fc
    .record({ action: cnpAction, from: some(subject) })
    .chain((rule) =>
      perhaps({ protocols: some(cnpProtocol) }).map((more) => ({ ...rule, ...more })),
    ),
  0,
);

const networks = fc.record({ networks: fc.uniqueArray(block, { minLength: 1, maxLength: 2 }) });

// Only pods have named ports, so a rule to networks has none.
const cnpTo = (to: fc.Arbitrary<object>, protocol: fc.Arbitrary<object>) =>
  fc
    .record({ action: cnpAction, to: some(to) })
    .chain((rule) => perhaps({ protocols: some(protocol) }).map((more) => ({ ...rule, ...more })));

const cnpEgress = some(
  fc.oneof(
    cnpTo(subject, cnpProtocol),
    cnpTo(fc.oneof(subject, networks), oneOf({ tcp: { destinationPort: { number: 81 } } })),
  ),
  0,
);

/** ClusterNetworkPolicy, v1alpha2. */
export const clusterPolicySpec = fc.record({
  tier: oneOf('Admin', 'Baseline'),
  priority: fc.integer({ min: 0, max: 5 }),
  subject,
  ingress: cnpIngress,
  egress: cnpEgress,
});

const calicoNamespaceSelector = oneOf(
  "team == 'red'",
  'all()',
  'has(team)',
  "projectcalico.org/name == 'n1'",
);

const side = fc.oneof(
  {
    weight: 3,
    arbitrary: perhaps({ selector: calicoSelector, namespaceSelector: calicoNamespaceSelector }),
  },
  {
    weight: 1,
    arbitrary: perhaps({
      notSelector: calicoSelector,
      notNets: oneOf(['10.0.1.0/24'], ['10.1.0.0/24']),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ nets: fc.uniqueArray(block, { minLength: 1, maxLength: 2 }) }),
  },
  {
    weight: 1,
    arbitrary: oneOf<object>(
      { serviceAccounts: { names: ['reader'] } },
      { serviceAccounts: { selector: "may == 'read'" } },
    ),
  },
);

const calicoTraffic = oneOf<{ readonly match: object; readonly ports?: object }>(
  { match: {} },
  { match: { protocol: 'TCP' }, ports: { ports: [80] } },
  { match: { protocol: 'TCP' }, ports: { ports: ['80:81'] } },
  { match: { protocol: 'TCP' }, ports: { notPorts: [80] } },
  { match: { protocol: 'UDP' }, ports: { ports: [53, 'dns'] } },
  { match: { notProtocol: 'TCP' } },
  { match: { protocol: 'ICMP', icmp: { type: 8 } } },
  { match: {}, ports: { ports: ['web'] } },
);

const calicoRule = fc
  .record({ action: oneOf('Allow', 'Deny', 'Pass', 'Log'), traffic: calicoTraffic })
  .chain(({ action, traffic }) =>
    perhaps({ source: side, destination: side }).map(({ source, destination }) => ({
      action,
      ...traffic.match,
      ...(source === undefined ? {} : { source }),
      destination: { ...destination, ...traffic.ports },
    })),
  );

/** Calico's policies; a global one takes `namespaceSelector` beside it. */
export const calicoSpec = fc
  .record({ selector: calicoSelector, tier: oneOf('default', 'default', 'early', 'late') })
  .chain((base) =>
    perhaps({
      order: oneOf(1, 2, 1000, 2000),
      ingress: some(calicoRule, 0),
      egress: some(calicoRule, 0),
      types: oneOf(['Ingress'], ['Egress'], ['Ingress', 'Egress']),
    }).map((rules) => ({ ...base, ...rules })),
  );

/** Where on the way a policy of host endpoints is asked. */
const hook = oneOf<object>(
  {},
  { applyOnForward: true },
  { applyOnForward: true },
  { applyOnForward: true, preDNAT: true },
  { applyOnForward: true, doNotTrack: true },
);

/** A GlobalNetworkPolicy for host endpoints. */
export const hostSpec = fc
  .record({
    selector: oneOf("host == 'a'", 'has(host)'),
    tier: oneOf('default', 'early'),
    where: hook,
    types: oneOf(['Ingress'], ['Egress'], ['Ingress', 'Egress']),
    ingress: some(calicoRule, 0),
    egress: some(calicoRule, 0),
  })
  .map(({ where, types, ingress: into, egress: out, ...base }) => {
    const only = 'preDNAT' in where ? ['Ingress'] : types;
    return {
      ...base,
      ...where,
      types: only,
      ...(only.includes('Ingress') ? { ingress: into } : {}),
      ...(only.includes('Egress') ? { egress: out } : {}),
    };
  });

/** Fields below a path of an object, as completion offers them. */
export type ObjectFields = Readonly<Record<string, readonly string[]>>;

/** Paths as completion sees them: keys from the top of the document; list items add nothing. */
const SELECTOR = ['matchLabels', 'matchExpressions'];
const EXPRESSION = ['key', 'operator', 'values'];
const META = ['name', 'namespace', 'labels', 'annotations'];
const TOP = ['apiVersion', 'kind', 'metadata', 'spec'];

const withSelectors = (table: ObjectFields): ObjectFields => {
  const selectors = Object.entries(table).flatMap(([path, fields]) =>
    fields
      .filter((field) => /^(podSelector|namespaceSelector|selector|namespaces)$/.test(field))
      .flatMap((field) => [
        [`${path}.${field}`, SELECTOR] as const,
        [`${path}.${field}.matchExpressions`, EXPRESSION] as const,
      ]),
  );
  return { '': TOP, metadata: META, ...table, ...Object.fromEntries(selectors) };
};

/** NetworkPolicy of networking.k8s.io/v1. */
const NETWORK_POLICY = withSelectors({
  spec: ['podSelector', 'policyTypes', 'ingress', 'egress'],
  'spec.ingress': ['from', 'ports'],
  'spec.egress': ['to', 'ports'],
  'spec.ingress.from': ['podSelector', 'namespaceSelector', 'ipBlock'],
  'spec.egress.to': ['podSelector', 'namespaceSelector', 'ipBlock'],
  'spec.ingress.from.ipBlock': ['cidr', 'except'],
  'spec.egress.to.ipBlock': ['cidr', 'except'],
  'spec.ingress.ports': ['protocol', 'port', 'endPort'],
  'spec.egress.ports': ['protocol', 'port', 'endPort'],
});

const ENTITY = [
  'selector',
  'notSelector',
  'namespaceSelector',
  'serviceAccounts',
  'nets',
  'notNets',
  'ports',
  'notPorts',
];
const CALICO_RULE = ['action', 'protocol', 'source', 'destination'];

/** Calico's policies: selectors are expressions, so they have no fields. */
const CALICO: ObjectFields = {
  '': TOP,
  metadata: META,
  spec: ['tier', 'order', 'selector', 'types', 'ingress', 'egress'],
  'spec.ingress': CALICO_RULE,
  'spec.egress': CALICO_RULE,
  ...Object.fromEntries(
    ['ingress', 'egress'].flatMap((way) =>
      ['source', 'destination'].map((side) => [`spec.${way}.${side}`, ENTITY]),
    ),
  ),
};

/** The fields of a kind's object, by path. */
export function fieldsOf(kind: string, apiVersion: string): ObjectFields {
  if (apiVersion.includes('calico')) return CALICO;
  if (kind === 'NetworkPolicy') return NETWORK_POLICY;
  return { '': TOP, metadata: META };
}

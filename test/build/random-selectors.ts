import fc from 'fast-check';

/** Pieces of random policies: few names and few values, so that rules often meet. */

export const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

/** A list of one or two, or sometimes none. */
export const some = <T>(one: fc.Arbitrary<T>, minLength = 1) =>
  fc.array(one, { minLength, maxLength: 2 });

/** An object whose fields are each there half of the time. */
export const perhaps = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] });

export const podLabels = perhaps({ app: oneOf('a', 'b', 'c'), tier: oneOf('x', 'y') });

const expression = fc.oneof(
  fc.record({
    key: oneOf('app', 'tier'),
    operator: oneOf('In', 'NotIn'),
    values: fc.uniqueArray(oneOf('a', 'b', 'x'), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ key: oneOf('app', 'tier'), operator: oneOf('Exists', 'DoesNotExist') }),
);

/** Kubernetes' label selector on pods. */
export const podSelector = fc.oneof(
  oneOf({}),
  fc.record({ matchLabels: podLabels }),
  fc.record({ matchExpressions: some(expression) }),
);

/** Kubernetes' label selector on namespaces. */
export const namespaceSelector = oneOf<object>(
  {},
  { matchLabels: { team: 'red' } },
  { matchLabels: { 'kubernetes.io/metadata.name': 'n1' } },
  { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['red'] }] },
);

/** Blocks around the addresses that random clusters use: pods, nodes, the internet. */
export const block = oneOf(
  '10.0.0.0/16',
  '10.0.1.0/24',
  '10.0.1.4/30',
  '10.0.2.5/32',
  '10.1.0.0/24',
  '10.1.0.1/32',
  '203.0.113.0/24',
  '0.0.0.0/0',
);

/** Calico's selectors. */
export const calicoSelector = oneOf(
  "app == 'a'",
  "app != 'b'",
  "app in {'a', 'b'}",
  "app not in {'c'}",
  'has(tier)',
  '!has(tier)',
  "has(tier) && app == 'a' || tier == 'y'",
  "tier contains 'x'",
  'all()',
);

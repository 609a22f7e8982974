import type { World } from '../model/world';
import type { PolicyRule } from './rules';

/** Are the policies written to be watched first, or to decide at once? */
export type Enforcement = 'staged' | 'enforced';

/** A policy, ready for YAML. */
export interface PolicyObject {
  readonly apiVersion: string;
  readonly kind: 'NetworkPolicy' | 'StagedKubernetesNetworkPolicy';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: PolicySpec & { readonly stagedAction?: 'Set' };
}

/** The fields of a NetworkPolicy, which its staged kind has too. */
export interface PolicySpec {
  readonly podSelector: object;
  readonly policyTypes: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly PolicyRule[];
  readonly egress?: readonly PolicyRule[];
}

/** Names policies of a namespace: the one wanted where it is free, else with a number behind it. */
export type Naming = (namespace: string, wanted: string) => string;

/** Names that no policy of the world has, and none that was named before. */
export function freeNames({ policies }: World): Naming {
  const taken = new Set(policies.map(({ namespace, name }) => `${namespace}/${name}`));
  return (namespace, wanted) => {
    let name = wanted;
    for (let i = 2; taken.has(`${namespace}/${name}`); i += 1) name = `${wanted}-${i}`;
    taken.add(`${namespace}/${name}`);
    return name;
  };
}

/** A policy as it is written at first (staged: it decides nothing), or as it decides. */
export const policyObject = (
  metadata: PolicyObject['metadata'],
  spec: PolicySpec,
  enforcement: Enforcement,
): PolicyObject =>
  enforcement === 'staged'
    ? {
        apiVersion: 'projectcalico.org/v3',
        kind: 'StagedKubernetesNetworkPolicy',
        metadata,
        spec: { stagedAction: 'Set', ...spec },
      }
    : { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };

/** Nothing in, nothing out, for every pod of a namespace. */
export const DENY_ALL: PolicySpec = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };

/** What a workload may do; directions without a rule are left to the default deny. */
export function specOf(
  podSelector: object,
  rules: { readonly ingress: readonly PolicyRule[]; readonly egress: readonly PolicyRule[] },
): PolicySpec | undefined {
  const { ingress, egress } = rules;
  if (ingress.length === 0 && egress.length === 0) return undefined;
  return {
    podSelector,
    policyTypes: [
      ...(ingress.length > 0 ? (['Ingress'] as const) : []),
      ...(egress.length > 0 ? (['Egress'] as const) : []),
    ],
    ...(ingress.length > 0 ? { ingress } : {}),
    ...(egress.length > 0 ? { egress } : {}),
  };
}

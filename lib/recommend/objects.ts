import { policyName } from '../model/policy';
import type { World } from '../model/world';
import { type PeerRule, type SetPolicy, setPolicyName } from './set-policy';

/** Are the policies written to be watched first, or to decide at once? */
export type Enforcement = 'staged' | 'enforced';

/** A policy, ready for YAML. */
export interface PolicyObject extends SetPolicy {
  readonly kind: 'NetworkPolicy' | 'StagedKubernetesNetworkPolicy';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: PolicySpec & { readonly stagedAction?: 'Set' };
}

/** The fields of a NetworkPolicy, which its staged kind has too. */
export interface PolicySpec {
  readonly podSelector: object;
  readonly policyTypes: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly PeerRule[];
  readonly egress?: readonly PeerRule[];
}

/** How names of recommended policies begin: a policy with such a name is of an earlier run. */
const PREFIX = 'seen-';

/** Is this a policy that an earlier run recommended, perhaps in a tier (`app.seen-web`)? A run again updates it. */
export const isRecommended = ({ name }: { readonly name: string }): boolean =>
  /^(?:[a-z0-9-]+\.)?seen-/.test(name);

/** The kinds of which one stands for the other: staged ones are enforced under the same name. */
const FAMILY: Readonly<Record<string, string>> = {
  StagedKubernetesNetworkPolicy: 'NetworkPolicy',
  CalicoNetworkPolicy: 'calico',
  StagedNetworkPolicy: 'calico',
};

const familyOf = (kind: string, apiVersion = ''): string =>
  apiVersion.startsWith('projectcalico.org/') && kind === 'NetworkPolicy'
    ? 'calico'
    : (FAMILY[kind] ?? kind);

/** Recommended policies of an earlier run that this one does not write: their rules are stale. */
export const staleNames = (
  { policies }: World,
  written: readonly SetPolicy[],
): readonly string[] => {
  const names = new Set(
    written.map((one) => `${familyOf(one.kind, one.apiVersion)} ${setPolicyName(one)}`),
  );
  const former = policies
    .filter(isRecommended)
    .filter((one) => !names.has(`${familyOf(one.kind)} ${policyName(one)}`));
  return [...new Set(former.map(policyName))].sort();
};

/** Names policies of a namespace: the one wanted, with a number behind it where that is given already. */
export type Naming = (namespace: string, wanted: string) => string;

/** Names of this run, each once. The same workloads get the same names in the next run. */
export function freeNames(): Naming {
  const taken = new Set<string>();
  return (namespace, wanted) => {
    let name = `${PREFIX}${wanted}`;
    for (let i = 2; taken.has(`${namespace}/${name}`); i += 1) name = `${PREFIX}${wanted}-${i}`;
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
  rules: {
    readonly ingress: readonly PeerRule[];
    readonly egress: readonly PeerRule[];
  },
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

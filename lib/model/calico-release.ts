import type { Policy } from './policy';

/** Releases of Calico that differ for verdicts: earlier ones behave as 3.31, later ones as 3.32. */
export const CALICO_MINORS = ['3.31', '3.32'] as const;

export type CalicoMinor = (typeof CALICO_MINORS)[number];

/** The release of a version such as `v3.31.7`; `undefined` where the text is no version of Calico 3. */
export function calicoMinor(version: string): CalicoMinor | undefined {
  const [, minor] = /^v?3\.(\d+)(?:\.|$|-)/.exec(version) ?? [];
  if (minor === undefined) return undefined;
  return Number(minor) >= 32 ? '3.32' : '3.31';
}

/** What stands before a policy's name where Calico 3.31 keeps it (libcalico-go: names of tiered policies). */
const PREFIXES: Partial<Record<Policy['kind'], string>> = {
  NetworkPolicy: 'knp.default.',
  AdminNetworkPolicy: 'kanp.adminnetworkpolicy.',
  BaselineAdminNetworkPolicy: 'kbanp.baselineadminnetworkpolicy.',
};

/**
 * What decides between policies of one order. Up to 3.31 Felix compares the names under which
 * policies are stored, `namespace/tier.name` (felix/calc/policy_sorter.go of v3.31); since 3.32 it
 * compares name, namespace and kind.
 */
export function policyTie(policy: Policy, release: CalicoMinor): string {
  const { name, namespace, kind, tier } = policy;
  if (release === '3.32') return `${name}/${namespace ?? ''}/${kind}`;
  const prefix = PREFIXES[kind] ?? `${tier}.`;
  const stored = name.startsWith(prefix) ? name : `${prefix}${name}`;
  return namespace === undefined ? stored : `${namespace}/${stored}`;
}

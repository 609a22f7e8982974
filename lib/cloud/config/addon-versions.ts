/**
 * Versions of the EKS add-ons by Kubernetes version. An add-on without one gets the default of the
 * day, which differs between two deployments of the same template. `lab up` asks EKS whether each
 * is offered before anything is deployed.
 */

/** The add-ons that every cluster has. */
export type EksAddon = 'vpc-cni' | 'kube-proxy' | 'coredns' | 'eks-pod-identity-agent';

/** A version, and where and when it was seen with this Kubernetes version. */
export interface AddonVersion {
  /** `v1.23.0-eksbuild.1`. */
  readonly version: string;
  /** Month in which the source named it, `2026-08`. */
  readonly seen: string;
  /** Who named it. */
  readonly source: string;
}

export type AddonVersions = Readonly<Record<EksAddon, AddonVersion>>;

const IN_USE = 'pinned in published Terraform configurations of clusters of this version';

/**
 * kube-proxy in nftables mode, which one lab uses, works with VPC CNI from 1.23.0 on (EKS best
 * practices guide, nftables).
 */
const VPC_CNI: AddonVersion = { version: 'v1.23.0-eksbuild.1', seen: '2026-08', source: IN_USE };
const POD_IDENTITY: AddonVersion = {
  version: 'v1.3.10-eksbuild.3',
  seen: '2026-08',
  source: IN_USE,
};

/** The versions that are installed, by Kubernetes version. */
export const ADDON_VERSIONS = {
  '1.34': {
    'vpc-cni': VPC_CNI,
    'kube-proxy': { version: 'v1.34.6-eksbuild.18', seen: '2026-08', source: IN_USE },
    coredns: { version: 'v1.12.4-eksbuild.18', seen: '2026-08', source: IN_USE },
    'eks-pod-identity-agent': POD_IDENTITY,
  },
  '1.35': {
    'vpc-cni': VPC_CNI,
    'kube-proxy': { version: 'v1.35.3-eksbuild.18', seen: '2026-08', source: IN_USE },
    coredns: { version: 'v1.14.3-eksbuild.3', seen: '2026-08', source: IN_USE },
    'eks-pod-identity-agent': POD_IDENTITY,
  },
  '1.36': {
    'vpc-cni': VPC_CNI,
    'kube-proxy': { version: 'v1.36.0-eksbuild.21', seen: '2026-08', source: IN_USE },
    coredns: { version: 'v1.14.3-eksbuild.16', seen: '2026-08', source: IN_USE },
    'eks-pod-identity-agent': POD_IDENTITY,
  },
} as const satisfies Readonly<Record<string, AddonVersions>>;

/**
 * The add-ons of a Kubernetes version.
 *
 * @throws Error where the table has no row for it; the configuration refuses such a version before.
 */
export function addonVersionsOf(kubernetes: string): AddonVersions {
  if (isPinned(kubernetes)) return ADDON_VERSIONS[kubernetes];
  throw new Error(`the table of EKS add-ons has no row for Kubernetes ${kubernetes}`);
}

/** Whether the table has a row for a Kubernetes version. */
export const isPinned = (kubernetes: string): kubernetes is keyof typeof ADDON_VERSIONS =>
  Object.hasOwn(ADDON_VERSIONS, kubernetes);

/** Entries that were seen more than so many months before a day, as `1.35 coredns v1.14.3-eksbuild.3`. */
export function olderThan(months: number, day: string): readonly string[] {
  const [year = 0, month = 0] = day.split('-').map(Number);
  const monthOf = (seen: string): number => {
    const [y = 0, m = 0] = seen.split('-').map(Number);
    return y * 12 + m;
  };
  return Object.entries(ADDON_VERSIONS).flatMap(([kubernetes, addons]) =>
    Object.entries(addons)
      .filter(([, { seen }]) => year * 12 + month - monthOf(seen) > months)
      .map(([name, { version }]) => `${kubernetes} ${name} ${version}`),
  );
}

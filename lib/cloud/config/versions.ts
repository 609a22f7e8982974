/**
 * Which versions go together. One table, dated 2026-11-21: what this project installs on which
 * Kubernetes, and until when AWS asks the normal price for it.
 */

/** A Kubernetes version as EKS offers it. */
export interface KubernetesRelease {
  /** `1.35`. */
  readonly version: string;
  /**
   * Last day of EKS standard support (`2027-03-27`); after it a cluster costs six times as much an
   * hour (EKS user guide, release calendar).
   */
  readonly standardSupportEnds: string;
  /** The installed package with `kubectl` and `helm` for it (kubectl may be one minor apart). */
  readonly kubectlLayer:
    | '@aws-cdk/lambda-layer-kubectl-v35'
    | '@aws-cdk/lambda-layer-kubectl-v36'
    | 'none';
  /** The Calico release whose test matrix names this version (docs.tigera.io, system requirements). */
  readonly calico: CalicoRelease | NoCalico;
}

/** Why no Calico release is installed on a Kubernetes version. */
export interface NoCalico {
  /** A whole sentence without its full stop. */
  readonly missing: string;
}

export interface CalicoRelease {
  /** `v3.31.7`, without a leading word. */
  readonly version: string;
  /**
   * Where its CustomResourceDefinitions are: inside the operator's chart, or since 3.32 in a chart
   * of their own that must be installed first.
   */
  readonly crds: 'in-operator-chart' | 'in-own-chart';
}

/** The day this table was checked. */
export const VERSIONS_CHECKED = '2026-11-21';

const CALICO_3_31: CalicoRelease = { version: 'v3.31.7', crds: 'in-operator-chart' };
/**
 * The definitions' own chart makes a Helm release of 946 kB (v3.32.1, measured: JSON, gzip, base64),
 * and a Secret holds 1,049 kB: it fits, and a later one may not (v3.33's makes 1,167 kB).
 */
const CALICO_3_32: CalicoRelease = { version: 'v3.32.1', crds: 'in-own-chart' };

/**
 * Every version that may be asked for, oldest first. 1.36's and 1.37's dates are the earliest
 * possible: fourteen months after the upstream release, which EKS follows by some weeks.
 */
export const KUBERNETES_RELEASES: readonly KubernetesRelease[] = [
  { version: '1.33', standardSupportEnds: '2026-07-29', kubectlLayer: 'none', calico: CALICO_3_31 },
  {
    version: '1.34',
    standardSupportEnds: '2026-12-02',
    kubectlLayer: '@aws-cdk/lambda-layer-kubectl-v35',
    calico: CALICO_3_31,
  },
  {
    version: '1.35',
    standardSupportEnds: '2027-03-27',
    kubectlLayer: '@aws-cdk/lambda-layer-kubectl-v35',
    calico: CALICO_3_31,
  },
  {
    version: '1.36',
    standardSupportEnds: '2027-06-22',
    kubectlLayer: '@aws-cdk/lambda-layer-kubectl-v36',
    calico: CALICO_3_32,
  },
  {
    version: '1.37',
    standardSupportEnds: '2027-10-19',
    kubectlLayer: '@aws-cdk/lambda-layer-kubectl-v36',
    calico: {
      missing:
        'Kubernetes 1.37 is tested with Calico 3.33, whose definitions make a Helm release of 1,167 kB, and Helm stores a release in a Secret of at most 1,049 kB',
    },
  },
];

/** In standard support for four months more on the day of the table, with Calico's CRDs in one chart. */
export const DEFAULT_KUBERNETES = '1.35';

/**
 * The row of a Kubernetes version.
 *
 * @throws RangeError where the table has none
 */
export function releaseOf(version: string): KubernetesRelease {
  const release = KUBERNETES_RELEASES.find((each) => each.version === version);
  if (release !== undefined) return release;
  const known = KUBERNETES_RELEASES.map((each) => each.version).join(', ');
  throw new RangeError(`Kubernetes ${version} is not in the versions table: use one of ${known}`);
}

/** A chart, and the Kubernetes versions its project tests it with. */
export interface AddonChart {
  readonly chart: string;
  readonly repository: string;
  readonly version: string;
  readonly kubernetes: { readonly first: string; readonly last: string };
}

/** Its policy ships with the CDK library; the chart's number is the controller's. */
export const LOAD_BALANCER_CONTROLLER: AddonChart = {
  chart: 'aws-load-balancer-controller',
  repository: 'https://aws.github.io/eks-charts',
  version: '3.2.2',
  kubernetes: { first: '1.22', last: '1.37' },
};

/** Kyverno 1.17 (kyverno.io, compatibility matrix). */
export const KYVERNO: AddonChart = {
  chart: 'kyverno',
  repository: 'https://kyverno.github.io/kyverno',
  version: '3.7.2',
  kubernetes: { first: '1.32', last: '1.35' },
};

/** istio.io, supported releases. */
export const ISTIO: AddonChart = {
  chart: 'istiod',
  repository: 'https://istio-release.storage.googleapis.com/charts',
  version: '1.30.4',
  kubernetes: { first: '1.32', last: '1.36' },
};

/** Charts of the add-ons whose support depends on their own project alone. */
export const ADDON_CHARTS = {
  'load-balancer-controller': LOAD_BALANCER_CONTROLLER,
  kyverno: KYVERNO,
  istio: ISTIO,
} as const;

import { type Labels, NAMESPACE_PREFIX, SERVICE_ACCOUNT_PREFIX } from '../model/selector';

/**
 * Labels that say what a workload is, the best known first: Kubernetes' recommended labels (name,
 * instance, component), then those that charts and examples have.
 */
const IDENTITY = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app',
  'k8s-app',
  'name',
] as const;

/** Kubernetes' recommended labels belong together: a name alone is shared by instances and components. */
const RECOMMENDED: readonly string[] = IDENTITY.slice(0, 3);

/** Prefixes of labels that controllers, schedulers, meshes and tools put on pods. */
const PASSING_PREFIXES = [
  NAMESPACE_PREFIX,
  SERVICE_ACCOUNT_PREFIX,
  'projectcalico.org/',
  'batch.kubernetes.io/',
  'statefulset.kubernetes.io/',
  'apps.kubernetes.io/',
  'topology.kubernetes.io/',
  'failure-domain.beta.kubernetes.io/',
  'node.kubernetes.io/',
  'helm.sh/',
  'security.istio.io/',
  'service.istio.io/canonical-revision',
  'sidecar.istio.io/',
  'topology.istio.io/',
  'istio.io/',
  'linkerd.io/',
  'karpenter.sh/',
  'eks.amazonaws.com/',
  'argocd.argoproj.io/',
  'kustomize.toolkit.fluxcd.io/',
  'helm.toolkit.fluxcd.io/',
  'admission.datadoghq.com/',
];

/** Labels that change with a rollout, a release or the place of the pod. */
const PASSING = new Set([
  'app.kubernetes.io/version',
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/created-by',
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'controller-uid',
  'job-name',
  'chart',
  'heritage',
  'kubernetes.io/hostname',
]);

/** The same by the last word of the key: `example.com/git-sha`, `deploy-timestamp`. */
const PASSING_WORD =
  /(?:^|[-_./])(?:hash|sha|commit|checksum|revision|generation|uid|uuid|timestamp|build|build-id|build-number|image-tag|release-version|chart-version|app-version)$/i;

/** Is this a label of the pod itself, not one that it inherits under Calico's names? */
export const isPodLabel = (key: string): boolean =>
  ![NAMESPACE_PREFIX, SERVICE_ACCOUNT_PREFIX, 'projectcalico.org/'].some((prefix) =>
    key.startsWith(prefix),
  );

/** Does a label last over deploys, moves to other nodes and zones, and runs of a Job? */
export const isLasting = (key: string): boolean =>
  !PASSING.has(key) &&
  !PASSING_WORD.test(key) &&
  !PASSING_PREFIXES.some((prefix) => key.startsWith(prefix));

/** Is this one of the labels that say what a workload is? */
export const isIdentity = (key: string): boolean => (IDENTITY as readonly string[]).includes(key);

/** Does a set of labels select these, and of all others no more than all lasting labels together? */
type IsUnique = (labels: Labels) => boolean;

/**
 * The labels by which policies select a workload. A controller's own selector comes first: Kubernetes
 * does not let it change, and no two controllers may share it. Without one, identity labels, and
 * further labels only beside them where identity does not tell workloads apart. `others` counts the pods
 * of other workloads that labels select.
 */
export function chooseLabels(
  shared: Labels,
  selector: Labels | undefined,
  others: (labels: Labels) => number,
): Labels {
  const lasting = pick(shared, isLasting);
  const least = others(lasting);
  const isUnique: IsUnique = (labels) => others(labels) <= least;
  const [whole, chosen] = [own(selector, shared), own(selector, lasting)];
  if (Object.keys(chosen).length > 0 && isUnique(chosen)) return chosen;
  const found = narrowest(lasting, isUnique);
  if (isUnique(found) || Object.keys(whole).length === 0) return found;
  // A selector that has a version in it keeps it for the controller's life.
  return isUnique(whole) ? whole : found;
}

/** The labels of a selector that all pods have. */
const own = (selector: Labels = {}, shared: Labels): Labels =>
  pick(shared, (key) => selector[key] !== undefined);

const pick = (labels: Labels, keep: (key: string) => boolean): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => keep(key)));

/** One identity if it is the workload's own, else identity with what tells apart, else all that last. */
function narrowest(lasting: Labels, isUnique: IsUnique): Labels {
  const recommended = pick(lasting, (key) => RECOMMENDED.includes(key));
  if (Object.keys(recommended).length > 0 && isUnique(recommended)) return recommended;
  const ranked = Object.entries(lasting).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const single = ranked.find(([key, value]) => isIdentity(key) && isUnique({ [key]: value }));
  if (single !== undefined) return Object.fromEntries([single]);
  for (let count = 1; count <= ranked.length; count += 1) {
    const some = Object.fromEntries(ranked.slice(0, count));
    if (isUnique(some)) return some;
  }
  return lasting;
}

const rank = (key: string): number => {
  const place = (IDENTITY as readonly string[]).indexOf(key);
  return place === -1 ? IDENTITY.length : place;
};

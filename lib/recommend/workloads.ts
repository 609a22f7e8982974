import { type Labels, NAMESPACE_PREFIX, SERVICE_ACCOUNT_PREFIX } from '../model/selector';
import type { PodEndpoint, World } from '../model/world';

/** Labels that say best what a workload is, the first that fits wins. */
const PREFERRED = ['app.kubernetes.io/name', 'app', 'k8s-app', 'name'];

/** Labels that Kubernetes' controllers give, which change with every rollout or pod. */
const PASSING = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'controller-uid',
]);

/** A workload as policies can say it: a namespace, and the fewest labels that select its pods. */
export interface Workload {
  /** `namespace/Kind/name`. */
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  /** Empty where its pods share none: then every pod of the namespace is meant. */
  readonly labels: Labels;
  /** Workloads of the namespace that the labels select too, because nothing tells them apart. */
  readonly alsoSelects: readonly string[];
}

/** `namespace/Kind/name` of what made a pod. */
export const workloadId = ({ namespace, workload }: PodEndpoint): string =>
  `${namespace}/${workload}`;

/**
 * Every workload that policies can select, by id: each with one label where one will do, else all
 * that its pods share. Pods on their node's network are no policy's subject, so they are not here.
 */
export function workloadsOf({ pods }: World): ReadonlyMap<string, Workload> {
  const selectable = pods.filter(({ hostNetwork }) => !hostNetwork);
  const firsts = new Map(selectable.map((pod) => [workloadId(pod), pod]));
  return new Map(
    [...firsts].map(([id, { namespace, workload }]) => {
      const own = selectable.filter((pod) => workloadId(pod) === id);
      const others = selectable.filter(
        (pod) => pod.namespace === namespace && workloadId(pod) !== id,
      );
      const labels = fewestLabels(own, others);
      const alsoSelects = new Set(others.filter((pod) => has(pod, labels)).map(workloadId));
      const name = workload.split('/').at(-1) ?? workload;
      return [id, { id, namespace, name, labels, alsoSelects: [...alsoSelects].sort() }];
    }),
  );
}

function fewestLabels(own: readonly PodEndpoint[], others: readonly PodEndpoint[]): Labels {
  const shared = Object.entries(ownLabels(own[0]))
    .filter(([key, value]) => own.every((pod) => pod.labels[key] === value))
    .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const single = shared.find(([key, value]) => others.every((pod) => pod.labels[key] !== value));
  return Object.fromEntries(single === undefined ? shared : [single]);
}

const rank = (key: string): number =>
  PREFERRED.includes(key) ? PREFERRED.indexOf(key) : PREFERRED.length;

const has = (pod: PodEndpoint, labels: Labels): boolean =>
  Object.entries(labels).every(([key, value]) => pod.labels[key] === value);

/** The pod's own labels that last, without what policies see beside them. */
const ownLabels = (pod: PodEndpoint | undefined): Labels =>
  Object.fromEntries(
    Object.entries(pod?.labels ?? {}).filter(
      ([key]) =>
        !PASSING.has(key) &&
        !key.startsWith(NAMESPACE_PREFIX) &&
        !key.startsWith(SERVICE_ACCOUNT_PREFIX) &&
        !key.startsWith('projectcalico.org/'),
    ),
  );

import { type Labels, NAMESPACE_PREFIX, SERVICE_ACCOUNT_PREFIX } from '../model/selector';
import type { PodEndpoint, World } from '../model/world';

/** Labels that say best what a workload is, the first that fits wins. */
const PREFERRED = ['app.kubernetes.io/name', 'app', 'k8s-app', 'name'];

/** A workload as policies can say it: a namespace, and labels that select its pods and no others. */
export interface Workload {
  /** `namespace/Kind/name`. */
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
}

/** The pod's own labels, without what policies see beside them. */
const ownLabels = ({ labels }: PodEndpoint): Labels =>
  Object.fromEntries(
    Object.entries(labels).filter(
      ([key]) =>
        !key.startsWith(NAMESPACE_PREFIX) &&
        !key.startsWith(SERVICE_ACCOUNT_PREFIX) &&
        !key.startsWith('projectcalico.org/'),
    ),
  );

export const workloadId = ({ namespace, workload }: PodEndpoint): string =>
  `${namespace}/${workload}`;

/**
 * The workload of a pod, by the fewest labels that select exactly its pods in the namespace: one
 * label where one will do, else all they share.
 */
export function workloadOf(pod: PodEndpoint, { pods }: World): Workload {
  const id = workloadId(pod);
  const neighbours = pods.filter(({ namespace }) => namespace === pod.namespace);
  const own = Object.entries(ownLabels(pod));
  const candidates = [
    ...PREFERRED.flatMap((key) => own.filter(([label]) => label === key)),
    ...own.filter(([label]) => !PREFERRED.includes(label)),
  ];
  const single = candidates.find(([key, value]) =>
    neighbours.every((other) => (ownLabels(other)[key] === value) === (workloadId(other) === id)),
  );
  const labels = single === undefined ? Object.fromEntries(own) : { [single[0]]: single[1] };
  return { id, namespace: pod.namespace, name: pod.workload.split('/').at(-1) ?? pod.name, labels };
}

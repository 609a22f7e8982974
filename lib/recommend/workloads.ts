import { groupBy } from '../model/group';
import type { Labels } from '../model/selector';
import type { PodEndpoint, World } from '../model/world';
import { chooseLabels, isPodLabel } from './lasting-labels';

/** A workload as policies can say it: a namespace, and the labels that select its pods. */
export interface SelectableWorkload {
  /** `namespace/Kind/name`. */
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  /** Empty where its pods share none that lasts: then every pod of the namespace is meant. */
  readonly labels: Labels;
  /** Workloads of the namespace that the labels select too, because nothing tells them apart. */
  readonly alsoSelects: readonly string[];
  /** Its pods have labels, and none that lasts (`job-name`): the next pod has none of them. */
  readonly hasPassingLabelsOnly: boolean;
}

/** A Job that a CronJob made: its name, and the minute of the run (cronjob controller, getJobName). */
const CRON_RUN = /^Job\/(.+)-\d{8}$/;

/** `namespace/Kind/name` of what makes a pod again and again: of a run of a CronJob, the CronJob. */
export const workloadId = ({
  namespace,
  workload,
}: Pick<PodEndpoint, 'namespace' | 'workload'>): string =>
  `${namespace}/${workload.replace(CRON_RUN, 'CronJob/$1')}`;

/**
 * Every workload that policies can select, by id, with labels that last. Pods on their node's network
 * are no policy's subject, so they are not here.
 */
export function workloadsOf({
  pods,
  workloadSelectors = [],
}: World): ReadonlyMap<string, SelectableWorkload> {
  const selectable = pods.filter(({ hostNetwork }) => !hostNetwork);
  const byId = groupBy(selectable, workloadId);
  const byNamespace = groupBy(selectable, ({ namespace }) => namespace);
  const selectors = new Map(workloadSelectors.map((one) => [workloadId(one), one.labels]));
  return new Map(
    [...byId].map(([id, own]) => {
      const { namespace = '' } = own[0] ?? {};
      const others = (byNamespace.get(namespace) ?? []).filter((pod) => workloadId(pod) !== id);
      const labels = chooseLabels(
        sharedLabels(own),
        selectors.get(id),
        (some) => others.filter((pod) => has(pod, some)).length,
      );
      const alsoSelects = new Set(others.filter((pod) => has(pod, labels)).map(workloadId));
      const name = id.split('/').at(-1) ?? id;
      const hasPassingLabelsOnly =
        Object.keys(labels).length === 0 && Object.keys(own[0]?.labels ?? {}).some(isPodLabel);
      const also = [...alsoSelects].sort();
      return [id, { id, namespace, name, labels, alsoSelects: also, hasPassingLabelsOnly }];
    }),
  );
}

/** Labels that all pods of a workload have, with the same value. */
const sharedLabels = (own: readonly PodEndpoint[]): Labels =>
  Object.fromEntries(
    Object.entries(own[0]?.labels ?? {}).filter(([key, value]) =>
      own.every((pod) => pod.labels[key] === value),
    ),
  );

const has = (pod: PodEndpoint, labels: Labels): boolean =>
  Object.entries(labels).every(([key, value]) => pod.labels[key] === value);

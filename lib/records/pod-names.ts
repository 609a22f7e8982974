import { groupBy } from '../model/group';
import type { FinishedPod, PodEndpoint } from '../model/world';

/** A pod as far as its name and its workload matter. */
export type NamedPod = Pick<PodEndpoint | FinishedPod, 'namespace' | 'name' | 'workload'>;

/**
 * What generated names end in: five characters that rand.String of k8s.io/apimachinery draws, without
 * vowels. The hash of a ReplicaSet is a number through the same alphabet (rand.SafeEncodeString), so
 * it has ten different characters at most.
 */
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]{5}';
const HASH = '[4-9bcdf]{4,10}';

/** What each kind of controller puts behind its own name; `*` is what replicas do not share. */
const GENERATED: Readonly<Record<string, RegExp>> = {
  Deployment: new RegExp(`^-${HASH}(-(\\*|${RANDOM}))?$`),
  ReplicaSet: new RegExp(`^-(\\*|${RANDOM})$`),
  DaemonSet: new RegExp(`^-(\\*|${RANDOM})$`),
  StatefulSet: /^-(\*|\d+)$/,
  Job: new RegExp(`^-(\\d+-)?(\\*|${RANDOM})$`),
  CronJob: new RegExp(`^-\\d{8}-(\\d+-)?(\\*|${RANDOM})$`),
};

/** A Job's name that a CronJob gave: its own, and the minute of the run since 1970 (cronjob controller, getJobName). */
const CRON_RUN = /^Job\/(.+)-\d{8}$/;

/** `Kind/name` of what makes pods again and again: of a run of a CronJob, the CronJob. */
export const lastingWorkload = (workload: string): string =>
  workload.replace(CRON_RUN, 'CronJob/$1');

/** Finds pods by a name that a cluster gave them, perhaps cut to what replicas share (`web-5d4f8-*`). */
export function createPodNames<T extends NamedPod>(
  pods: readonly T[],
): (namespace: string, name: string) => readonly T[] {
  const byName = new Map(pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const byWorkload = groupBy(pods, ({ namespace, workload }) =>
    workloadKey(namespace, lastingWorkload(workload)),
  );
  const ofWorkload = ({ namespace, workload }: T): readonly T[] =>
    byWorkload.get(workloadKey(namespace, lastingWorkload(workload))) ?? [];
  return (namespace, name) => {
    const exact = byName.get(`${namespace}/${name}`);
    if (exact !== undefined) return [exact];
    const sibling = pods.find((pod) => pod.namespace === namespace && shares(pod.name, name));
    if (sibling !== undefined) return ofWorkload(sibling);
    const fits = [...byWorkload.values()].filter(
      ([first]) => first?.namespace === namespace && isMadeBy(first.workload, name),
    );
    const longest = Math.max(0, ...fits.map(([first]) => ownName(first).length));
    return fits.filter(([first]) => ownName(first).length === longest).flat();
  };
}

const workloadKey = (namespace: string, workload: string): string => `${namespace}/${workload}`;

const SHARED = new RegExp(`^(?:${RANDOM}|\\d+)$`);

/** Is the name what this pod shares with its replicas (`web-5d4f8-*` of `web-5d4f8-x7k2p`)? */
const shares = (own: string, name: string): boolean =>
  name.endsWith('-*') &&
  own.startsWith(name.slice(0, -1)) &&
  SHARED.test(own.slice(name.length - 1));

function isMadeBy(workload: string, name: string): boolean {
  const [kind = '', own = ''] = lastingWorkload(workload).split('/');
  if (!name.startsWith(own)) return false;
  return name === own || (GENERATED[kind]?.test(name.slice(own.length)) ?? false);
}

const ownName = (pod: NamedPod | undefined): string => pod?.workload.split('/').at(-1) ?? '';

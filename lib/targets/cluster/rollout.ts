import type { KubernetesObject } from '@kubernetes/client-node';
import type { Clock } from '../../model/clock';
import { Failure } from '../../model/problem';
import { type Cluster, nameOf, statusOf } from './cluster';
import { type Poll, poll } from './poll';

export interface RolloutOptions {
  readonly clock: Clock;
  /** @default 5 minutes: images are pulled */
  readonly deadlineMs?: number;
  readonly onWait?: (reason: string) => void;
}

/**
 * Waits until every workload among the objects runs as it was last written, as `kubectl rollout
 * status` does. Throws a failure that names what was still missing at the deadline.
 */
export async function waitUntilRolledOut(
  cluster: Cluster,
  objects: readonly KubernetesObject[],
  { clock, deadlineMs = 300_000, onWait }: RolloutOptions,
): Promise<void> {
  const workloads = objects.filter(({ kind = '' }) => kind in MISSING);
  const ask = async (): Promise<Poll<void>> => {
    const missing = await Promise.all(workloads.map((workload) => missingOf(cluster, workload)));
    const first = missing.find((reason) => reason !== undefined);
    return first === undefined
      ? { kind: 'done', value: undefined }
      : { kind: 'waiting', for: first };
  };
  const answer = await poll(ask, { clock, deadlineMs, ...(onWait ? { onWait } : {}) });
  if (answer.kind === 'done') return;
  const fix = 'kubectl get pods -A and kubectl describe what is not Running; then try again';
  const problem = `not rolled out within ${deadlineMs / 1000} s: ${answer.for}`;
  throw new Failure('rollout-timeout', problem, fix);
}

/** What a workload's object and status say, as far as rollouts go. */
interface Workload extends KubernetesObject {
  readonly spec?: { readonly replicas?: number; readonly completions?: number };
  readonly status?: Readonly<Record<string, number | undefined>>;
}

/** What is missing of each kind (kubectl: polymorphichelpers/rollout_status). */
const MISSING: Readonly<Record<string, (workload: Workload) => string | undefined>> = {
  Deployment: ({ spec, status = {} }) => {
    const wanted = spec?.replicas ?? 1;
    return (
      fewer('updated', status.updatedReplicas, wanted) ??
      ((status.replicas ?? 0) > (status.updatedReplicas ?? 0) ? 'old replicas end' : undefined) ??
      fewer('available', status.availableReplicas, wanted)
    );
  },
  StatefulSet: ({ spec, status = {} }) =>
    fewer('ready', status.readyReplicas, spec?.replicas ?? 1) ??
    fewer('updated', status.updatedReplicas, spec?.replicas ?? 1),
  DaemonSet: ({ status = {} }) => {
    const wanted = status.desiredNumberScheduled ?? 1;
    return (
      fewer('updated', status.updatedNumberScheduled, wanted) ??
      fewer('available', status.numberAvailable, wanted)
    );
  },
  Job: ({ spec, status = {} }) => fewer('complete', status.succeeded, spec?.completions ?? 1),
};

async function missingOf({ api }: Cluster, object: KubernetesObject): Promise<string | undefined> {
  const { apiVersion, kind, metadata } = object;
  const { name = '', namespace = 'default' } = metadata ?? {};
  const header = { apiVersion, kind, metadata: { name, namespace } };
  try {
    const now: Workload = await api.read(header);
    const seen = now.status?.observedGeneration ?? 0;
    const reason =
      seen < (now.metadata?.generation ?? 0)
        ? 'its controller has not seen it yet'
        : MISSING[kind ?? '']?.(now);
    return reason === undefined ? undefined : `${nameOf(object)}: ${reason}`;
  } catch (error) {
    if (statusOf(error) === 404) return `${nameOf(object)}: not there yet`;
    throw error;
  }
}

const fewer = (what: string, have = 0, wanted: number): string | undefined =>
  have < wanted ? `${have} of ${wanted} ${what}` : undefined;

import type { KubernetesObject } from '@kubernetes/client-node';
import type { Clock } from '../../model/clock';
import { deleteObject } from './apply';
import { type Cluster, nameOf, statusOf } from './cluster';
import { type Poll, poll } from './poll';

/**
 * Kinds whose objects stand for something in the AWS account that only their controller removes
 * cleanly: load balancers and their groups, volumes.
 */
const KINDS: readonly {
  readonly apiVersion: string;
  readonly kind: string;
  readonly billed: (object: KubernetesObject) => boolean;
}[] = [
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', billed: () => true },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', billed: () => true },
  {
    apiVersion: 'v1',
    kind: 'Service',
    billed: (object) => (object as { spec?: { type?: string } }).spec?.type === 'LoadBalancer',
  },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', billed: () => true },
];

export interface ReleaseOptions {
  readonly clock: Clock;
  /** How long controllers may take; five minutes by default. */
  readonly deadlineMs?: number;
  readonly onWait?: (reason: string) => void;
}

/** The objects of a cluster that something in the AWS account hangs on. */
export async function billedObjects(cluster: Cluster): Promise<readonly KubernetesObject[]> {
  const lists = await Promise.all(
    KINDS.map(async ({ apiVersion, kind, billed }) => {
      const items = await listOrNothing(cluster, apiVersion, kind);
      return items.filter(billed).map((item) => ({ ...item, apiVersion, kind }));
    }),
  );
  return lists.flat();
}

/**
 * First step of a teardown, while the controllers still live: deletes what load balancers and
 * volumes hang on, and waits until it is gone (its finalizers hold it until AWS has let go).
 * Answers what would not go; the sweep of the account finds what is behind it.
 */
export async function releaseBilled(
  cluster: Cluster,
  { clock, deadlineMs = 300_000, onWait }: ReleaseOptions,
): Promise<readonly string[]> {
  for (const object of await billedObjects(cluster)) await deleteObject(cluster, object);
  let left: readonly KubernetesObject[] = [];
  const ask = async (): Promise<Poll<void>> => {
    left = await billedObjects(cluster);
    return left.length === 0
      ? { kind: 'done', value: undefined }
      : { kind: 'waiting', for: left.map(nameOf).join(', ') };
  };
  await poll(ask, { clock, deadlineMs, ...(onWait ? { onWait } : {}) });
  return left.map(nameOf);
}

/** A kind the cluster does not know has no objects. */
async function listOrNothing(
  { api }: Cluster,
  apiVersion: string,
  kind: string,
): Promise<readonly KubernetesObject[]> {
  try {
    return (await api.list(apiVersion, kind)).items;
  } catch (error) {
    const isUnknown = error instanceof Error && /Unrecognized API version/.test(error.message);
    if (statusOf(error) === 404 || isUnknown) return [];
    throw error;
  }
}

import type { Ip } from '../../model/address';
import {
  type Labels,
  NAMESPACE_LABEL,
  NAMESPACE_PREFIX,
  ORCHESTRATOR_LABEL,
  SERVICE_ACCOUNT_PREFIX,
} from '../../model/selector';
import type { ContainerPort, PodDns } from '../../model/world';
import { type At, inside, warn } from '../schema/at';
import type { Metadata, Owner } from '../schema/metadata';
import { compare } from '../schema/order';
import type { Found, Objects } from './kinds';
import type { PodObject, PodTemplate } from './pod';
import type { WorkloadObject } from './workload';

/** A pod before it has a node and an address. */
export interface PendingPod {
  readonly at: At;
  readonly namespace: string;
  readonly name: string;
  /** What sorts it: the name it shares with its siblings, and its number among them. */
  readonly family: string;
  readonly ordinal: number;
  readonly workload: string;
  /** Its own labels. */
  readonly labels: Labels;
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
  readonly nodeName?: string;
  readonly nodeSelector: Labels;
  readonly serviceAccount: string;
  readonly addresses: readonly Ip[];
  readonly ready: boolean;
  /** It is being deleted (`metadata.deletionTimestamp`). */
  readonly isTerminating: boolean;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly dns?: PodDns;
}

/**
 * The pods there are: those that are written down, and those that workloads make. A workload whose
 * pods (or whose ReplicaSets or Jobs) are written down too, as in a dump of a cluster, makes none.
 */
export function listPods(objects: Objects, nodes: readonly string[]): readonly PendingPod[] {
  const { pods, workloads } = objects;
  const owners = ownersIn(objects);
  const owned = new Set(
    [...pods, ...workloads].flatMap(({ value: { meta } }) =>
      meta.owner === undefined ? [] : [ownerKey(meta.namespace, meta.owner)],
    ),
  );
  const written = pods
    .filter(({ value }) => !value.finished)
    .map((found) => writtenPod(found, owners));
  const made = workloads
    .filter(({ value: { kind, meta } }) => !owned.has(ownerKey(meta.namespace, { ...meta, kind })))
    .flatMap((found) => madePods(found, nodes));
  return [...written, ...made].sort(byName);
}

/** The pods that ended and that are still written down, by name. */
export function listFinishedPods(objects: Objects): readonly PendingPod[] {
  const owners = ownersIn(objects);
  return objects.pods
    .filter(({ value }) => value.finished)
    .map((found) => writtenPod(found, owners))
    .sort(byName);
}

const ownersIn = ({ workloads }: Objects): ReadonlyMap<string, WorkloadObject> =>
  new Map(
    workloads.map(({ value }) => [
      ownerKey(value.meta.namespace, { ...value.meta, ...value }),
      value,
    ]),
  );

const ownerKey = (namespace: string, { kind, name }: Owner): string =>
  `${namespace}/${kind}/${name}`;

const byName = (a: PendingPod, b: PendingPod): number =>
  compare(a.namespace, b.namespace) || compare(a.family, b.family) || a.ordinal - b.ordinal;

const common = ({
  meta,
  ports,
  hostNetwork,
  nodeName,
  nodeSelector,
  serviceAccount,
  hostname,
  subdomain,
  dns,
}: PodTemplate) => ({
  ports,
  hostNetwork,
  nodeSelector,
  serviceAccount,
  labels: meta.labels,
  ...(nodeName !== undefined && { nodeName }),
  ...(hostname !== undefined && { hostname }),
  ...(subdomain !== undefined && { subdomain }),
  ...(dns !== undefined && { dns }),
});

function writtenPod(
  { at, value }: Found<PodObject>,
  owners: ReadonlyMap<string, WorkloadObject>,
): PendingPod {
  const { namespace, name } = value.meta;
  return {
    at,
    namespace,
    name,
    family: name,
    ordinal: 0,
    workload: workloadOf(value.meta, owners),
    ...common(value),
    addresses: value.addresses,
    ready: value.ready,
    isTerminating: value.meta.isTerminating === true,
    ...value.lifetime,
  };
}

/** The outermost owner that is known; a ReplicaSet's name holds its Deployment's. */
function workloadOf(meta: Metadata, owners: ReadonlyMap<string, WorkloadObject>): string {
  const { owner, namespace, labels } = meta;
  if (owner === undefined) return `Pod/${meta.name}`;
  const above = owners.get(ownerKey(namespace, owner))?.meta.owner;
  if (above !== undefined) return `${above.kind}/${above.name}`;
  const hash = labels['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)) {
    return `Deployment/${owner.name.slice(0, -hash.length - 1)}`;
  }
  return `${owner.kind}/${owner.name}`;
}

/** Pods of one workload that are made at most. */
const MAX_PODS = 100_000;

function madePods({ at, value }: Found<WorkloadObject>, nodes: readonly string[]): PendingPod[] {
  const { kind, meta, template, first } = value;
  const count = value.replicas === 'one-a-node' ? nodes.length : value.replicas;
  if (count > MAX_PODS) {
    const problem = `it has ${count} pods, of which the first ${MAX_PODS} are judged`;
    warn(inside(at, 'spec'), problem, `keep to ${MAX_PODS}: they are all alike`);
  }
  return Array.from({ length: Math.min(count, MAX_PODS) }, (_, i): PendingPod => {
    const ordinal = first + i;
    const name = `${meta.name}-${ordinal}`;
    const node = value.replicas === 'one-a-node' ? nodes[i] : undefined;
    return {
      at,
      namespace: meta.namespace,
      name,
      family: meta.name,
      ordinal,
      workload: `${kind}/${meta.name}`,
      ...common(template),
      ...(node !== undefined && { nodeName: node }),
      labels: { ...template.meta.labels, ...controllerLabels(value, name, ordinal) },
      addresses: [],
      ready: true,
      isTerminating: false,
      // A StatefulSet gives its pods their names in DNS (k8s statefulset: initIdentity).
      ...(kind === 'StatefulSet' && { hostname: name, subdomain: value.serviceName ?? '' }),
    };
  });
}

/** Labels that a controller adds and that can be known beforehand (k8s: statefulset, job). */
function controllerLabels({ kind, meta }: WorkloadObject, name: string, ordinal: number): Labels {
  switch (kind) {
    case 'StatefulSet':
      return {
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': String(ordinal),
      };
    case 'Job':
      return { 'batch.kubernetes.io/job-name': meta.name, 'job-name': meta.name };
    case 'Deployment':
    case 'ReplicaSet':
    case 'DaemonSet':
    case 'CronJob':
      return {};
  }
}

const prefixed = (labels: Labels, prefix: string): Labels =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [prefix + key, value]));

/** What an object inherits from its namespace, under Calico's names (conversion.go). */
export const namespaceView = (namespace: string, labels: Labels): Labels => ({
  ...prefixed(labels, NAMESPACE_PREFIX),
  [`${NAMESPACE_PREFIX}projectcalico.org/name`]: namespace,
  [NAMESPACE_LABEL]: namespace,
});

/** What a pod inherits from its service account, under Calico's names (conversion.go). */
export const serviceAccountView = (name: string, labels: Labels): Labels => ({
  ...prefixed(labels, SERVICE_ACCOUNT_PREFIX),
  [`${SERVICE_ACCOUNT_PREFIX}projectcalico.org/name`]: name,
  'projectcalico.org/serviceaccount': name,
  [ORCHESTRATOR_LABEL]: 'k8s',
});

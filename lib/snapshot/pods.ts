import type { Ip } from '../model/address';
import {
  type Labels,
  NAMESPACE_LABEL,
  NAMESPACE_PREFIX,
  ORCHESTRATOR_LABEL,
  SERVICE_ACCOUNT_PREFIX,
} from '../model/selector';
import type { ContainerPort } from '../model/world';
import type { At } from './at';
import type { Found, Objects } from './kinds';
import type { Metadata, Owner } from './metadata';
import { compare } from './order';
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
}

/**
 * The pods there are: those that are written down, and those that workloads make. A workload whose
 * pods (or whose ReplicaSets or Jobs) are written down too, as in a dump of a cluster, makes none.
 */
export function listPods(objects: Objects, nodes: readonly string[]): readonly PendingPod[] {
  const { pods, workloads } = objects;
  const owned = new Set(
    [...pods, ...workloads].flatMap(({ value: { meta } }) =>
      meta.owner === undefined ? [] : [ownerKey(meta.namespace, meta.owner)],
    ),
  );
  const owners = new Map(
    workloads.map(({ value }) => [
      ownerKey(value.meta.namespace, { ...value.meta, ...value }),
      value,
    ]),
  );
  const written = pods
    .filter(({ value }) => !value.finished)
    .map((found) => writtenPod(found, owners));
  const made = workloads
    .filter(({ value: { kind, meta } }) => !owned.has(ownerKey(meta.namespace, { ...meta, kind })))
    .flatMap((found) => madePods(found, nodes));
  return [...written, ...made].sort(byName);
}

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
}: PodTemplate) => ({
  ports,
  hostNetwork,
  nodeSelector,
  serviceAccount,
  labels: meta.labels,
  ...(nodeName !== undefined && { nodeName }),
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

function madePods({ at, value }: Found<WorkloadObject>, nodes: readonly string[]): PendingPod[] {
  const { kind, meta, template, first } = value;
  const count = value.replicas === 'one-a-node' ? nodes.length : value.replicas;
  return Array.from({ length: count }, (_, i): PendingPod => {
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

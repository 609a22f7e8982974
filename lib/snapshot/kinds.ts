import type { Policy } from '../model/policy';
import { type At, complain, inside } from './at';
import { type NodeObject, namespace, node, serviceAccount } from './cluster';
import type { ManifestObject } from './documents';
import { type EndpointSliceObject, endpointSlice } from './endpoint-slice';
import type { Metadata } from './metadata';
import { nearest } from './nearest';
import { networkPolicy } from './network-policy';
import { type PodObject, pod } from './pod';
import { type ServiceObject, service } from './service';
import { BAD, type Shape } from './shape';
import {
  cronJob,
  daemonSet,
  deployment,
  job,
  replicaSet,
  statefulSet,
  type WorkloadObject,
} from './workload';

/** An object that could be read, and where it stands: later questions may still find fault with it. */
export interface Found<T> {
  readonly at: At;
  readonly value: T;
}

/** Every object that could be read, by what it is good for. */
export interface Objects {
  readonly namespaces: Found<Metadata>[];
  readonly serviceAccounts: Found<Metadata>[];
  readonly nodes: Found<NodeObject>[];
  readonly pods: Found<PodObject>[];
  readonly workloads: Found<WorkloadObject>[];
  readonly services: Found<ServiceObject>[];
  readonly endpointSlices: Found<EndpointSliceObject>[];
  readonly policies: Found<Policy>[];
  /** File of every object by kind, namespace and name. */
  readonly seen: Map<string, string>;
}

export const noObjects = (): Objects => ({
  namespaces: [],
  serviceAccounts: [],
  nodes: [],
  pods: [],
  workloads: [],
  services: [],
  endpointSlices: [],
  policies: [],
  seen: new Map(),
});

/** How one kind is read, and which of its versions are spoken here. */
interface Kind {
  readonly scope: 'cluster' | 'namespaced';
  readonly versions: readonly string[];
  readonly read: (object: ManifestObject, into: Objects) => void;
}

const kind = <T>(
  versions: readonly string[],
  shape: Shape<T>,
  shelf: (objects: Objects) => Found<T>[],
): Kind => ({
  scope: 'namespaced',
  versions,
  read: ({ at, value }, into) => {
    const read = shape(value, at);
    if (read !== BAD) shelf(into).push({ at, value: read });
  },
});

const clusterWide = (inner: Kind): Kind => ({ ...inner, scope: 'cluster' });

const workload = (version: string, shape: Shape<WorkloadObject>): Kind =>
  kind([version], shape, (into) => into.workloads);

/** The kinds that are read, by name; all others are skipped and counted. */
const KINDS: Readonly<Record<string, readonly Kind[]>> = {
  Namespace: [clusterWide(kind(['v1'], namespace, (into) => into.namespaces))],
  ServiceAccount: [kind(['v1'], serviceAccount, (into) => into.serviceAccounts)],
  Node: [clusterWide(kind(['v1'], node, (into) => into.nodes))],
  Pod: [kind(['v1'], pod, (into) => into.pods)],
  Deployment: [workload('apps/v1', deployment)],
  StatefulSet: [workload('apps/v1', statefulSet)],
  DaemonSet: [workload('apps/v1', daemonSet)],
  ReplicaSet: [workload('apps/v1', replicaSet)],
  Job: [workload('batch/v1', job)],
  CronJob: [workload('batch/v1', cronJob)],
  Service: [kind(['v1'], service, (into) => into.services)],
  EndpointSlice: [kind(['discovery.k8s.io/v1'], endpointSlice, (into) => into.endpointSlices)],
  NetworkPolicy: [kind(['networking.k8s.io/v1'], networkPolicy, (into) => into.policies)],
};

const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

/** Groups that Kubernetes itself had or has: there a name near one of ours is a slip. */
const isBuiltIn = (group: string): boolean =>
  !group.includes('.') || /^(networking|discovery|batch|apps)\.k8s\.io$/.test(group);

/** Reads an object of a known kind onto its shelf; counts the others. */
export function readObject(object: ManifestObject, into: Objects): void {
  const { at, apiVersion, kind: name } = object;
  const kinds = Object.hasOwn(KINDS, name) ? (KINDS[name] ?? []) : [];
  const known = kinds.find(({ versions }) => versions.includes(apiVersion));
  if (known !== undefined) {
    checkTwin(object, known, into);
    known.read(object, into);
    return;
  }
  const group = groupOf(apiVersion);
  const spoken = kinds.flatMap(({ versions }) => versions);
  const sameGroup = spoken.some((version) => groupOf(version) === group);
  if (spoken.length > 0 && (sameGroup || isBuiltIn(group))) {
    complain(
      inside(at, 'apiVersion'),
      `${name} of version '${apiVersion}' is not known`,
      `write apiVersion: ${spoken.join(' or ')}`,
    );
    return;
  }
  const meant = slip(name, apiVersion);
  if (meant !== undefined) {
    complain(inside(at, 'kind'), `there is no kind '${name}' in ${apiVersion}`, `write ${meant}`);
    return;
  }
  const { skipped } = at.report;
  skipped[name] = (Object.hasOwn(skipped, name) ? (skipped[name] ?? 0) : 0) + 1;
}

/** One object written twice: nobody can say which of the two is meant. */
function checkTwin(
  { at, apiVersion, kind, value }: ManifestObject,
  { scope }: Kind,
  into: Objects,
) {
  const meta: unknown = Reflect.get(value, 'metadata');
  if (typeof meta !== 'object' || meta === null || !('name' in meta)) return;
  const namespace = 'namespace' in meta ? meta.namespace : 'default';
  const name = scope === 'cluster' ? `${meta.name}` : `${namespace}/${meta.name}`;
  const key = `${groupOf(apiVersion)} ${kind} ${name}`;
  const first = into.seen.get(key);
  if (first !== undefined) {
    const place = inside(inside(at, 'metadata'), 'name');
    complain(
      place,
      `${kind} ${name} is written twice (first in ${first})`,
      'remove one of the two',
    );
  }
  into.seen.set(key, at.file);
}

/** The kind of the same version that a misspelt one means. */
function slip(name: string, apiVersion: string): string | undefined {
  const names = Object.entries(KINDS).flatMap(([known, kinds]) =>
    kinds.some(({ versions }) => versions.includes(apiVersion)) ? [known] : [],
  );
  return REAL_KINDS.has(name) ? undefined : nearest(name, names);
}

/** Real kinds whose names are near one of ours. */
const REAL_KINDS = new Set([
  'Secret',
  'Event',
  'Binding',
  'Endpoints',
  'ServiceCIDR',
  'PodTemplate',
]);

import type { KubernetesObject, V1Node, V1Pod, V1Service } from '@kubernetes/client-node';
import { type Flow, type FlowEnd, formatEnd } from '../../model/flow';
import { type Cluster, statusOf } from './cluster';
import type { PodRef } from './execute';

/** What stands for an end in the cluster; else the reason. */
export type FoundEnd<T> =
  | { readonly kind: 'found'; readonly value: T }
  /** It does not exist now. */
  | { readonly kind: 'missing'; readonly reason: string }
  /** No probe of a cluster can start there. */
  | { readonly kind: 'cannot'; readonly reason: string };

/** The pod a flow starts from, with the container to run the probe in. */
export async function sourceOf(cluster: Cluster, end: FlowEnd): Promise<FoundEnd<PodRef>> {
  if (end.kind !== 'pod') {
    const reason = `a probe cannot start from ${formatEnd(end)}, only from inside the lab's pods`;
    return { kind: 'cannot', reason };
  }
  const pod = await findPod(cluster, end);
  if (pod === undefined) return { kind: 'missing', reason: `no running pod ${formatEnd(end)}` };
  const container = pod.spec?.containers.find(({ image = '' }) => PROBE_IMAGE.test(image));
  if (container === undefined) {
    const reason = `${formatEnd(end)} has no probe: none of its containers runs agnhost`;
    return { kind: 'cannot', reason };
  }
  const name = pod.metadata?.name ?? '';
  return { kind: 'found', value: { namespace: end.namespace, name, container: container.name } };
}

/** The image with the probe, from any registry: every workload of the labs runs it. */
const PROBE_IMAGE = /(^|\/)agnhost([:@]|$)/;

/** Address and port a flow goes to: addresses, so that a probe never depends on DNS being let through. */
export async function destinationOf(cluster: Cluster, flow: Flow): Promise<FoundEnd<string>> {
  const { to } = flow;
  if (to.kind === 'eni') {
    return { kind: 'cannot', reason: `the cluster does not know ${formatEnd(to)}` };
  }
  const found = await lookUp(cluster, to);
  const port = typeof flow.port === 'string' ? found?.ports.get(flow.port) : flow.port;
  if (found?.address === undefined) {
    return { kind: 'missing', reason: `${formatEnd(to)} has no address` };
  }
  if (port === undefined) return { kind: 'missing', reason: `${formatEnd(to)} has no such port` };
  const host = found.address.includes(':') ? `[${found.address}]` : found.address;
  return { kind: 'found', value: `${host}:${port}` };
}

/** The address an end has in the cluster, or none: a headless Service has none of its own. */
export async function addressesOf(cluster: Cluster, end: FlowEnd): Promise<readonly string[]> {
  const found = await lookUp(cluster, end);
  return found?.address === undefined ? [] : [found.address];
}

/** The node that a pod runs on; `undefined` for other ends, and where no such pod runs. */
export async function nodeOf(cluster: Cluster, end: FlowEnd): Promise<string | undefined> {
  return end.kind === 'pod' ? (await findPod(cluster, end))?.spec?.nodeName : undefined;
}

interface FoundAddress {
  readonly address: string | undefined;
  readonly ports: ReadonlyMap<string, number>;
}

/** Somewhere outside that has answered on TCP 443 and 53 for years, for flows to `internet`. */
const INTERNET = '1.1.1.1';

async function lookUp(cluster: Cluster, end: FlowEnd): Promise<FoundAddress | undefined> {
  switch (end.kind) {
    case 'pod': {
      const pod = await findPod(cluster, end);
      const ports = pod?.spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
      const named = ports.map(({ name = '', containerPort }) => [name, containerPort] as const);
      return { address: pod?.status?.podIP, ports: new Map(named) };
    }
    case 'service': {
      const header = { apiVersion: 'v1', kind: 'Service', metadata: { ...end } };
      const service = await readOrNothing<V1Service>(cluster, header);
      const named = service?.spec?.ports?.map(({ name = '', port }) => [name, port] as const);
      const address = service?.spec?.clusterIP;
      return { address: address === 'None' ? undefined : address, ports: new Map(named) };
    }
    case 'node': {
      const node = await findNode(cluster, end.name);
      const inside = node?.status?.addresses?.find(({ type }) => type === 'InternalIP');
      return { address: inside?.address, ports: new Map() };
    }
    case 'ip':
      return { address: end.address, ports: new Map() };
    case 'eni':
      // What stands in the VPC beside the cluster, the cluster does not know.
      return undefined;
    case 'internet':
      return { address: INTERNET, ports: new Map() };
  }
}

/**
 * The node a name stands for: the node of that name, or, where a model calls them `node-a`, `node-b`
 * and the cluster gives them other names, the one at that place by name. Control planes of kind run
 * no pods of the lab and are left out.
 */
async function findNode(cluster: Cluster, name: string): Promise<V1Node | undefined> {
  const { items } = await cluster.api.list<V1Node>('v1', 'Node');
  const exact = items.find(({ metadata }) => metadata?.name === name);
  if (exact !== undefined) return exact;
  const [, letter = ''] = /^node-([a-z])$/.exec(name) ?? [];
  if (letter === '') return undefined;
  return items
    .filter(
      ({ metadata }) => metadata?.labels?.['node-role.kubernetes.io/control-plane'] === undefined,
    )
    .toSorted((a, b) => (a.metadata?.name ?? '').localeCompare(b.metadata?.name ?? ''))[
    letter.charCodeAt(0) - 'a'.charCodeAt(0)
  ];
}

/**
 * The running pod a name stands for: the pod of that name, or, where a model numbers the pods of a
 * workload (`web-0`) and the cluster gives them random names, the one at that place by name.
 */
async function findPod(
  cluster: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<V1Pod | undefined> {
  const header = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name } };
  const exact = await readOrNothing<V1Pod>(cluster, header);
  if (exact !== undefined) return exact;
  const [, workload, place] = /^(.+)-(\d+)$/.exec(name) ?? [];
  if (workload === undefined) return undefined;
  const { items } = await cluster.api.list<V1Pod>('v1', 'Pod', namespace);
  return items
    .filter((pod) => isRunning(pod) && workloadOf(pod) === workload)
    .toSorted((a, b) => (a.metadata?.name ?? '').localeCompare(b.metadata?.name ?? ''))[
    Number(place)
  ];
}

const isRunning = ({ status, metadata }: V1Pod): boolean =>
  status?.phase === 'Running' && metadata?.deletionTimestamp === undefined;

/** A Deployment's pods belong to a ReplicaSet named `<deployment>-<hash>`. */
function workloadOf({ metadata }: V1Pod): string | undefined {
  const owner = metadata?.ownerReferences?.[0];
  return owner?.kind === 'ReplicaSet' ? owner.name.replace(/-[^-]+$/, '') : owner?.name;
}

async function readOrNothing<T extends KubernetesObject>(
  { api }: Cluster,
  header: { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } },
): Promise<T | undefined> {
  try {
    return (await api.read(header)) as T;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

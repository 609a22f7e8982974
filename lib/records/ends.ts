import { type Ip, parseIp } from '../model/address';
import type { Flow, FlowEnd } from '../model/flow';
import type { PodEndpoint, World } from '../model/world';

/** Finds whom the words of a record mean. */
export interface Ends {
  /** A pod as `namespace/name`, `node:name`, an address, or the name of an outside host. */
  readonly named: (text: string) => FlowEnd | undefined;
  /** The endpoint with this address. An address of no endpoint stands for itself. */
  readonly at: (address: string) => FlowEnd | undefined;
  /** Pods by a name that a cluster gave them, perhaps cut to what replicas share (`web-5d4f-*`). */
  readonly replicas: (namespace: string, name: string) => readonly FlowEnd[];
  /** Whether the endpoint declares this port: then it is a server port, not a client's port. */
  readonly serves: (end: FlowEnd, port: number) => boolean;
}

/** Prepares the lookups in one world. */
export function createEnds(world: World): Ends {
  const names = new Map(world.pods.map((pod) => [`${pod.namespace}/${pod.name}`, podEnd(pod)]));
  const addresses = new Map<string, FlowEnd>();
  for (const { name, addresses: own } of world.nodes) {
    names.set(`node:${name}`, { kind: 'node', name });
    for (const address of own) addresses.set(address, { kind: 'node', name });
  }
  for (const pod of world.pods) {
    // A host-network pod has its node's addresses, and no record can tell the two apart.
    if (pod.hostNetwork) continue;
    for (const address of pod.addresses) addresses.set(address, podEnd(pod));
  }
  for (const { name, addresses: own } of world.outside) {
    const end = outsideEnd(name, own);
    if (end === undefined) continue;
    names.set(name, end);
    for (const address of own) addresses.set(address, end);
  }
  const at = (text: string): FlowEnd | undefined => {
    const address = parseIp(text);
    return address === undefined ? undefined : (addresses.get(address) ?? { kind: 'ip', address });
  };
  return {
    named: (text) => names.get(text) ?? at(text.replace(/^ip:/, '')),
    at,
    replicas: (namespace, name) => replicasOf(world, namespace, name),
    serves: (end, port) => serves(world, end, port),
  };
}

/**
 * The same flow as it arrives: one for each ready backend where it calls a Service (kube-proxy
 * translates before any filter or log sees the packet), and the port by its number.
 */
export function arrivals(world: World, flow: Flow): readonly Flow[] {
  const { to, port } = flow;
  if (to.kind !== 'service') return [{ ...flow, port: numberOf(world, flow) }];
  const { at } = createEnds(world);
  return world.services
    .filter(({ namespace, name }) => namespace === to.namespace && name === to.name)
    .flatMap(({ ports }) => ports.filter((one) => one.port === port || one.name === port))
    .filter(({ protocol }) => protocol === flow.protocol)
    .flatMap(({ backends }) => backends.filter(({ ready }) => ready))
    .flatMap((backend) => {
      const end = at(backend.address);
      return end === undefined ? [] : [{ ...flow, to: end, port: backend.port }];
    });
}

/** The pod that an end names; none for every other kind of end. */
export const podAt = ({ pods }: World, end: FlowEnd): PodEndpoint | undefined =>
  end.kind === 'pod'
    ? pods.find(({ namespace, name }) => namespace === end.namespace && name === end.name)
    : undefined;

const podEnd = ({ namespace, name }: PodEndpoint): FlowEnd => ({ kind: 'pod', namespace, name });

function outsideEnd(name: string, [address]: readonly Ip[]): FlowEnd | undefined {
  if (name === 'internet') return { kind: 'internet' };
  return address === undefined ? undefined : { kind: 'ip', address };
}

function numberOf(world: World, { to, port }: Flow): Flow['port'] {
  if (typeof port !== 'string') return port;
  return podAt(world, to)?.ports.find(({ name }) => name === port)?.port ?? port;
}

const serves = (world: World, end: FlowEnd, port: number): boolean =>
  podAt(world, end)?.ports.some((one) => one.port === port) ?? false;

/** What a ReplicaSet, a DaemonSet or a StatefulSet puts behind its own name (`generateName`). */
const GENERATED = /^-(?:[a-z0-9]{1,10}-)?(?:\*|[a-z0-9]{5}|\d+)$/;

/** Pods whose workload may have made that name; those of the longest workload name that fits. */
function replicasOf({ pods }: World, namespace: string, name: string): readonly FlowEnd[] {
  const fits = pods.filter((pod) => {
    const own = workloadName(pod);
    return pod.namespace === namespace && name.startsWith(own) && isGenerated(name, own);
  });
  const longest = Math.max(0, ...fits.map((pod) => workloadName(pod).length));
  return fits.filter((pod) => workloadName(pod).length === longest).map(podEnd);
}

const isGenerated = (name: string, own: string): boolean =>
  name === own || GENERATED.test(name.slice(own.length));

const workloadName = ({ workload }: PodEndpoint): string => workload.split('/').at(-1) ?? workload;

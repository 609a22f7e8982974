import { type Ip, parseIp } from '../model/address';
import type { Flow, FlowEnd } from '../model/flow';
import type { PodEndpoint, World } from '../model/world';

/** Finds whom the words of a record mean. */
export interface Ends {
  /** A pod as `namespace/name`, `node:name`, an address, or the name of an outside host. */
  readonly named: (text: string) => FlowEnd | undefined;
  /** The endpoint with this address. An address of no endpoint stands for itself. */
  readonly at: (address: string) => FlowEnd | undefined;
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
    for (const address of ownAddresses(pod)) addresses.set(address, podEnd(pod));
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

/** Addresses that are a pod's alone; on its node's network it has those of the node, which no record tells apart. */
export const ownAddresses = ({
  hostNetwork,
  addresses,
}: Pick<PodEndpoint, 'hostNetwork' | 'addresses'>): readonly Ip[] => (hostNetwork ? [] : addresses);

const podEnd = ({ namespace, name }: PodEndpoint): FlowEnd => ({ kind: 'pod', namespace, name });

function outsideEnd(name: string, [address]: readonly Ip[]): FlowEnd | undefined {
  if (name === 'internet') return { kind: 'internet' };
  return address === undefined ? undefined : { kind: 'ip', address };
}

function numberOf(world: World, { to, port }: Flow): Flow['port'] {
  if (typeof port !== 'string') return port;
  return podAt(world, to)?.ports.find(({ name }) => name === port)?.port ?? port;
}

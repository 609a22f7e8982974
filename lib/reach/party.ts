import { bitsOf, familyOf, type Ip, type IpFamily, rangeOf } from '../model/address';
import type { FlowEnd } from '../model/flow';
import type { Labels } from '../model/selector';
import type { ContainerPort, NodeEndpoint, PodEndpoint, World } from '../model/world';

/**
 * One end of a packet as policies see it: an address, and everything known of who has it.
 */
export interface Party {
  /** How a person names it; a backend behind a Service is the pod. */
  readonly end: FlowEnd;
  readonly address: Ip;
  /** The address as a number, for comparing with blocks. */
  readonly bits: bigint;
  readonly family: IpFamily;
  readonly pod?: PodEndpoint;
  /** The node it is or runs on. */
  readonly node?: string;
  /** Names under which the outside is known: DNS names, for rules that cite them. */
  readonly names: readonly string[];
  /**
   * Label sets that selectors find at this address: the pod's, those of host endpoints on the
   * node, those of network sets that hold the address. None for an address nobody knows.
   */
  readonly identities: readonly Labels[];
  /** The node's own labels, where the address is a node's. */
  readonly nodeLabels?: Labels;
  /** Named ports that rules can cite. */
  readonly ports: readonly ContainerPort[];
}

/** Is this party policed as a workload? Host-network pods and nodes are not. */
export const isWorkload = (
  party: Party,
): party is Party & { readonly pod: PodEndpoint; readonly node: string } =>
  party.pod !== undefined && !party.pod.hostNetwork;

/** Finds who has an address and who stands behind a name, in one world. */
export interface Directory {
  readonly world: World;
  readonly podAt: (address: Ip) => PodEndpoint | undefined;
  readonly pod: (namespace: string, name: string) => PodEndpoint | undefined;
  readonly node: (name: string) => NodeEndpoint | undefined;
  /** The parties one end stands for, one an address; `undefined` where nobody has that name. */
  readonly parties: (end: FlowEnd) => readonly Party[] | undefined;
  /** The party at an address, whoever has it. */
  readonly at: (address: Ip) => Party;
}

/** Indexes a world by address and by name. */
export function createDirectory(world: World): Directory {
  const workloads = world.pods.filter((pod) => !pod.hostNetwork);
  const byAddress = new Map(workloads.flatMap((pod) => pod.addresses.map((a) => [a, pod])));
  const nodeAt = new Map(world.nodes.flatMap((node) => node.addresses.map((a) => [a, node])));
  const pods = new Map(world.pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const nodes = new Map(world.nodes.map((node) => [node.name, node]));
  const namesAt = outsideNames(world);
  const setsAt = networkSets(world);
  const memo = new Map<string, readonly Party[] | undefined>();

  const build = (address: Ip, end: FlowEnd, pod: PodEndpoint | undefined): Party => {
    const bits = bitsOf(address);
    const family = familyOf(address);
    const node = nodeAt.get(address);
    const own = pod !== undefined && !pod.hostNetwork ? [pod.labels] : [];
    const host = pod?.node ?? node?.name;
    return {
      ...{ end, address, bits, family },
      ...(pod === undefined ? {} : { pod }),
      ...(host === undefined ? {} : { node: host }),
      names: namesAt.get(address) ?? [],
      identities: [...own, ...hostIdentities(world, address, node), ...setsAt(bits, family)],
      ...(node === undefined ? {} : { nodeLabels: node.labels }),
      ports: pod === undefined || pod.hostNetwork ? [] : pod.ports,
    };
  };

  const at = (address: Ip): Party => {
    const pod = byAddress.get(address);
    const node = nodeAt.get(address);
    if (pod !== undefined) return build(address, podEnd(pod), pod);
    if (node !== undefined) return build(address, { kind: 'node', name: node.name }, undefined);
    return build(address, { kind: 'ip', address }, undefined);
  };

  const resolve = (end: FlowEnd): readonly Party[] | undefined => {
    switch (end.kind) {
      case 'pod': {
        const pod = pods.get(`${end.namespace}/${end.name}`);
        return pod?.addresses.map((address) => build(address, end, pod));
      }
      case 'node':
        return nodes.get(end.name)?.addresses.map((address) => build(address, end, undefined));
      case 'ip':
        return [{ ...at(end.address), end }];
      case 'internet': {
        const internet = world.outside.find(({ name }) => name === 'internet');
        return internet?.addresses.map((address) => build(address, end, undefined));
      }
      case 'service':
        return undefined;
    }
  };

  return {
    world,
    podAt: (address) => byAddress.get(address),
    pod: (namespace, name) => pods.get(`${namespace}/${name}`),
    node: (name) => nodes.get(name),
    at,
    parties: (end) => {
      const key = endKey(end);
      if (!memo.has(key)) memo.set(key, resolve(end));
      return memo.get(key);
    },
  };
}

export const podEnd = (pod: PodEndpoint): FlowEnd => ({
  kind: 'pod',
  namespace: pod.namespace,
  name: pod.name,
});

const endKey = (end: FlowEnd): string => {
  switch (end.kind) {
    case 'pod':
    case 'service':
      return `${end.kind} ${end.namespace}/${end.name}`;
    case 'node':
      return `node ${end.name}`;
    case 'ip':
      return `ip ${end.address}`;
    case 'internet':
      return 'internet';
  }
};

function outsideNames(world: World): ReadonlyMap<Ip, readonly string[]> {
  const names = new Map<Ip, string[]>();
  for (const { name, addresses } of world.outside) {
    for (const address of addresses) names.set(address, [...(names.get(address) ?? []), name]);
  }
  return names;
}

/** Calico matches a host endpoint by its expected addresses, or by all of its node's. */
function hostIdentities(
  world: World,
  address: Ip,
  node: NodeEndpoint | undefined,
): readonly Labels[] {
  return world.hostEndpoints
    .filter((host) =>
      host.expectedIps.length > 0 ? host.expectedIps.includes(address) : host.node === node?.name,
    )
    .map(({ labels }) => labels);
}

function networkSets(world: World): (bits: bigint, family: IpFamily) => readonly Labels[] {
  const sets = world.networkSets.map(({ labels, nets }) => ({
    labels,
    ranges: nets.map((net) => ({ family: familyOf(net.address), range: rangeOf(net) })),
  }));
  return (bits, family) =>
    sets
      .filter(({ ranges }) =>
        ranges.some((r) => r.family === family && r.range[0] <= bits && bits <= r.range[1]),
      )
      .map(({ labels }) => labels);
}

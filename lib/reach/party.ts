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

/** Puts together what is known of an address, under the name of one end. */
export type PartyMaker = (address: Ip, end: FlowEnd, pod: PodEndpoint | undefined) => Party;

export function createPartyMaker(world: World): PartyMaker {
  const nodeAt = new Map(world.nodes.flatMap((node) => node.addresses.map((a) => [a, node])));
  const namesAt = outsideNames(world);
  const setsAt = networkSets(world);
  return (address, end, pod) => {
    const bits = bitsOf(address);
    const family = familyOf(address);
    const node = nodeAt.get(address);
    const workload = pod === undefined || pod.hostNetwork ? undefined : pod;
    const host = pod?.node ?? node?.name;
    const own = workload === undefined ? [] : [workload.labels];
    return {
      ...{ end, address, bits, family },
      ...(pod === undefined ? {} : { pod }),
      ...(host === undefined ? {} : { node: host }),
      names: namesAt.get(address) ?? [],
      identities: [...own, ...hostIdentities(world, address, node), ...setsAt(bits, family)],
      ...(node === undefined ? {} : { nodeLabels: node.labels }),
      ports: workload?.ports ?? [],
    };
  };
}

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

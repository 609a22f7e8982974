import { type Cidr, contains, familyOf, type Ip } from '../../model/address';
import { unknownId } from '../../model/unknown-id';
import type { NetworkInterface, Subnet, Vpc } from '../../model/vpc';
import type { NodeEndpoint, PodEndpoint } from '../../model/world';
import type { TemplateCluster } from '../cloudformation/cluster';
import { sameZone } from '../cloudformation/zone';
import type { Issuer } from './issue';
import type { NodeSlot } from './slot';

/** A node on its slot, in the cluster and VPC it belongs to. */
export interface PlacedMachine {
  readonly node: NodeEndpoint;
  readonly slot: NodeSlot;
  readonly vpc: Vpc;
  readonly cluster: TemplateCluster;
  /** What it is called on the internet where its subnet gives public addresses. */
  readonly publicIp: Ip;
}

/** What a node and its pods got. */
export interface Household {
  readonly node: NodeEndpoint;
  readonly pods: readonly PodEndpoint[];
  readonly interfaces: readonly NetworkInterface[];
}

/** Where pods' addresses come from, and the groups on that interface. */
export interface PodHome {
  readonly subnet: Subnet;
  readonly securityGroups: readonly string[];
}

/**
 * Gives a node its primary interface and its pods their addresses, as the VPC CNI does: secondary
 * addresses or prefixes of the node's own subnet, or (custom networking) of the pod subnet of its
 * zone on a second interface; a pod with groups of its own gets a branch interface.
 *
 * Further interfaces that a busy node attaches have the same subnet and groups, so one stands for
 * all of them.
 */
export function furnish(
  machine: PlacedMachine,
  pods: readonly PodEndpoint[],
  at: { readonly home: PodHome; readonly issuer: Issuer },
): Household {
  const { node, slot, cluster } = machine;
  const { home, issuer } = at;
  const own = nodeAddresses(machine, issuer);
  const prefixes: Cidr[] = [];
  const addressesOf = (pod: PodEndpoint): readonly Ip[] => {
    if (pod.hostNetwork) return own;
    const { subnet } = home;
    const who = `pod ${pod.namespace}/${pod.name}`;
    const request = { subnet, family: cluster.ipFamily, addresses: pod.addresses, who };
    const delegates = cluster.cni.prefixDelegation && cluster.ipFamily === 4;
    return delegates && pod.securityGroups === undefined
      ? issuer.delegated(request, prefixes)
      : issuer.single(request);
  };
  const placed = pods.map((pod) => ({ ...pod, addresses: addressesOf(pod) }));
  const interfaces = interfacesOf(machine, home, { own, prefixes, pods: placed });
  const placement = {
    vpc: machine.vpc.id,
    zone: slot.subnet.zone,
    interfaces: interfaces.map(({ id }) => id),
    snat: cluster.cni.snat,
    ...(cluster.cni.snatExclusions.length > 0 && { snatExclusions: cluster.cni.snatExclusions }),
    podSecurityGroups: cluster.cni.podSecurityGroups === 'standard' ? 'standard' : 'strict',
    ...(cluster.cni.earlyDemux && ({ earlyDemux: true } as const)),
    ...slot.group.metadata,
  } as const;
  const labels = { ...slot.labels, ...node.labels };
  return { node: { ...node, labels, addresses: own, placement }, pods: placed, interfaces };
}

/** Where the pods of a machine live; none where custom networking has no entry for its zone. */
export function podHome({ slot, vpc, cluster }: PlacedMachine): PodHome | undefined {
  const { subnet, group } = slot;
  const { customNetworking } = cluster.cni;
  if (customNetworking === false) return { subnet, securityGroups: group.securityGroups };
  if (customNetworking !== true) {
    return { subnet, securityGroups: [unknownId(customNetworking.unknown)] };
  }
  const named = Object.entries(cluster.cni.eniConfigs);
  const [, config] = named.find(([zone]) => sameZone(zone, subnet.zone)) ?? [];
  const found = vpc.subnets.find(
    ({ id, name }) => id === config?.subnet || name === config?.subnet,
  );
  if (config === undefined || found === undefined) return undefined;
  const own = config.securityGroups;
  return { subnet: found, securityGroups: own.length > 0 ? own : group.securityGroups };
}

/** An IPv4 address always; before it an IPv6 one where the cluster is of that family. */
function nodeAddresses({ node, slot, cluster }: PlacedMachine, issuer: Issuer): readonly Ip[] {
  const families = cluster.ipFamily === 6 ? ([6, 4] as const) : ([4] as const);
  const { subnet } = slot;
  const { addresses } = node;
  const who = `node ${node.name}`;
  const all = families.flatMap((family) => issuer.single({ subnet, family, addresses, who }));
  return [...new Set(all)];
}

interface Contents {
  readonly own: readonly Ip[];
  readonly prefixes: readonly Cidr[];
  readonly pods: readonly PodEndpoint[];
}

function interfacesOf(
  machine: PlacedMachine,
  home: PodHome,
  contents: Contents,
): NetworkInterface[] {
  const { node, slot, cluster } = machine;
  const { own, prefixes, pods } = contents;
  const owner = { kind: 'node', node: node.name, branch: false } as const;
  // An interface's primary address is of IPv4, whatever its node is called by.
  const primaryFirst = own.toSorted((a, b) => familyOf(a) - familyOf(b));
  const primary: NetworkInterface = {
    ...(slot.subnet.public && { publicIp: machine.publicIp }),
    id: `${node.name}/eth0`,
    subnet: slot.subnet.id,
    securityGroups: slot.group.securityGroups,
    addresses: primaryFirst,
    prefixes: [],
    owner,
  };
  const secondary = pods
    .filter((pod) => !pod.hostNetwork && pod.securityGroups === undefined)
    .flatMap((pod) => pod.addresses)
    .filter((address) => !prefixes.some((block) => contains(block, address)));
  const branches = pods.flatMap((pod) => branchOf(machine, home, pod));
  if (cluster.cni.customNetworking === false) {
    return [{ ...primary, addresses: [...primaryFirst, ...secondary], prefixes }, ...branches];
  }
  const { subnet, securityGroups } = home;
  const id = `${node.name}/eth1`;
  const second: NetworkInterface = {
    id,
    subnet: subnet.id,
    securityGroups,
    addresses: secondary,
    prefixes,
    owner,
  };
  return [primary, second, ...branches];
}

function branchOf(
  { node }: PlacedMachine,
  { subnet }: PodHome,
  pod: PodEndpoint,
): NetworkInterface[] {
  if (pod.hostNetwork || pod.securityGroups === undefined) return [];
  return [
    {
      id: `${node.name}/${pod.namespace}/${pod.name}`,
      subnet: subnet.id,
      securityGroups: pod.securityGroups,
      addresses: pod.addresses,
      prefixes: [],
      owner: { kind: 'node', node: node.name, branch: true },
    },
  ];
}

import { contains, type Ip } from '../model/address';
import type { Labels } from '../model/selector';
import type { Subnet } from '../model/vpc';
import type { NodeEndpoint } from '../model/world';
import type { Cloud } from './template';
import type { NodeGroup } from './template-cluster';

/** Where EKS would start one node. */
export interface NodeSlot {
  readonly name: string;
  readonly group: NodeGroup;
  readonly subnet: Subnet;
  /** What EKS and the node itself put on the Node object (EKS user guide, well-known labels). */
  readonly labels: Labels;
}

/**
 * The nodes that the node groups start: one per subnet of its group in turn, named after their
 * zone (`node-a`, a second one `node-a2`), so that a person can type them.
 */
export function nodeSlots(cloud: Cloud): readonly NodeSlot[] {
  const counts = new Map<string, number>();
  return cloud.nodeGroups.flatMap((group) =>
    Array.from({ length: group.size }, (_, i) => slotOf(cloud, group, i)).flatMap((slot) => {
      if (slot === undefined) return [];
      const letter = slot.subnet.zone.replace(/^.*\d(?=[a-z]$)/, '');
      const count = (counts.get(letter) ?? 0) + 1;
      counts.set(letter, count);
      return [{ ...slot, name: `node-${letter}${count === 1 ? '' : count}` }];
    }),
  );
}

/** The slot of a group's node `i`, unnamed; none where the group's subnets are in no template. */
function slotOf(cloud: Cloud, group: NodeGroup, i: number): NodeSlot | undefined {
  const vpc = cloud.vpcs.find(({ id }) => id === group.vpc);
  const subnets = group.subnets.flatMap((id) => vpc?.subnets.find((s) => s.id === id) ?? []);
  const subnet = subnets[i % subnets.length];
  if (subnet === undefined) return undefined;
  const labels: Labels = {
    'topology.kubernetes.io/region': cloud.region,
    'topology.kubernetes.io/zone': subnet.zone,
    'eks.amazonaws.com/nodegroup': group.name,
    ...(group.instanceType && { 'node.kubernetes.io/instance-type': group.instanceType }),
    ...group.labels,
  };
  return { name: '', group, subnet, labels };
}

/** A node and the slot it takes, or why it can take none. */
export type Seat =
  | {
      readonly kind: 'seated';
      readonly node: NodeEndpoint;
      readonly slot: NodeSlot;
      readonly extra: boolean;
    }
  | { readonly kind: 'unseated'; readonly node: NodeEndpoint; readonly reason: string };

/**
 * Seats nodes on slots: by the addresses they say they have, by their group's or zone's label,
 * else in order. More nodes than slots go on in turn (`extra`): a group may grow.
 */
export function seatNodes(
  cloud: Cloud,
  nodes: readonly NodeEndpoint[],
  given: ReadonlySet<Ip>,
): readonly Seat[] {
  const free = [...nodeSlots(cloud)];
  const grown = new Map<string, number>();
  const grow = (fits: (slot: NodeSlot) => boolean): NodeSlot | undefined => {
    const groups = cloud.nodeGroups.flatMap((group) => {
      const from = Math.max(group.size, grown.get(group.id) ?? 0);
      const tries = group.subnets.map((_, i) => ({
        i: from + i,
        slot: slotOf(cloud, group, from + i),
      }));
      return tries.map((t) => ({ ...t, group }));
    });
    const found = groups.find(({ slot }) => slot !== undefined && fits(slot));
    if (found !== undefined) grown.set(found.group.id, found.i + 1);
    return found?.slot;
  };
  return nodes.map((node): Seat => {
    const told = node.addresses.filter((address) => given.has(address));
    const fits = (slot: NodeSlot): boolean => suits(node, slot, told);
    const index = free.findIndex((slot) => slot.name === node.name && fits(slot));
    const at = index === -1 ? free.findIndex(fits) : index;
    const [slot] = at === -1 ? [grow(fits)] : free.splice(at, 1);
    if (slot !== undefined) return { kind: 'seated', node, slot, extra: at === -1 };
    return { kind: 'unseated', node, reason: misfit(node, told) };
  });
}

const PINNING = ['eks.amazonaws.com/nodegroup', 'topology.kubernetes.io/zone'];

function suits(node: NodeEndpoint, slot: NodeSlot, told: readonly Ip[]): boolean {
  const pinned = PINNING.filter((label) => Object.hasOwn(node.labels, label));
  return (
    pinned.every((label) => node.labels[label] === slot.labels[label]) &&
    told.every((address) => slot.subnet.cidrs.some((block) => contains(block, address)))
  );
}

function misfit(node: NodeEndpoint, told: readonly Ip[]): string {
  const labels = PINNING.flatMap((label) => node.labels[label] ?? []);
  const facts = [...told, ...labels];
  return facts.length === 0
    ? 'no node group has a subnet for it'
    : `no node group's subnet suits ${facts.join(', ')}`;
}

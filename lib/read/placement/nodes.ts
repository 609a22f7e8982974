import { contains, type Ip } from '../../model/address';
import type { Labels } from '../../model/selector';
import type { NodeEndpoint } from '../../model/world';
import type { TemplateNodeGroup } from '../cloudformation/cluster';
import { UNKNOWN_REGION } from '../cloudformation/scope';
import type { Cloud } from '../cloudformation/templates';
import { sameZone } from '../cloudformation/zone';
import { isOfStarter, startedBy, starterOf } from './elsewhere';
import type { NodeSlot } from './slot';

/** Ids of a node group's subnets that are in no template, or not known. */
export const missingSubnets = (cloud: Cloud, group: TemplateNodeGroup): readonly string[] => {
  const vpc = cloud.vpcs.find(({ id }) => id === group.vpc);
  return group.subnets.filter((id) => !vpc?.subnets.some((subnet) => subnet.id === id));
};

/**
 * The nodes that the node groups start: one per subnet of its group in turn, named after their
 * zone (`node-a`, a second one `node-a2`), so that a person can type them.
 */
export const nodeSlots = (cloud: Cloud): readonly NodeSlot[] => allSlots(cloud).started;

/** What the groups start, and what they may grow to; names go on from the one to the other. */
function allSlots(cloud: Cloud): Record<'started' | 'spare', readonly NodeSlot[]> {
  const counts = new Map<string, number>();
  const range = (group: TemplateNodeGroup, from: number, to: number): readonly NodeSlot[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => slotOf(cloud, group, from + i))
      .filter((slot) => slot !== undefined)
      .map((slot) => {
        const letter = slot.subnet.zone.replace(/^.*[\d)](?=[a-z]$)/, '');
        const count = (counts.get(letter) ?? 0) + 1;
        counts.set(letter, count);
        return { ...slot, name: `node-${letter}${count === 1 ? '' : count}` };
      });
  const started = cloud.nodeGroups.flatMap((group) => range(group, 0, group.size));
  const spare = cloud.nodeGroups.flatMap((group) => range(group, group.size, group.maxSize));
  return { started, spare };
}

/** The slot of a group's node `i`, unnamed; none where the group's subnets are in no template. */
function slotOf(cloud: Cloud, group: TemplateNodeGroup, i: number): NodeSlot | undefined {
  const vpc = cloud.vpcs.find(({ id }) => id === group.vpc);
  const subnets = group.subnets.flatMap((id) => vpc?.subnets.find((s) => s.id === id) ?? []);
  // Where one of its subnets is not known, it is not known which of its nodes stand in the others.
  const isWhole = subnets.length === group.subnets.length;
  const subnet = isWhole ? subnets[i % subnets.length] : undefined;
  if (subnet === undefined) return undefined;
  const labels: Labels = {
    ...(cloud.region === UNKNOWN_REGION ? {} : { 'topology.kubernetes.io/region': cloud.region }),
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
 * Seats nodes on slots: by their names, by the addresses they say they have, by their group's or
 * zone's label, else in order. What even the largest size of the groups does not hold goes on in
 * turn and is marked `extra`.
 */
export function seatNodes(
  cloud: Cloud,
  nodes: readonly NodeEndpoint[],
  given: ReadonlySet<Ip>,
): readonly Seat[] {
  const { started, spare } = allSlots(cloud);
  const free = [...started, ...spare];
  const told = (node: NodeEndpoint): readonly Ip[] => node.addresses.filter((a) => given.has(a));
  const take = (fits: (slot: NodeSlot) => boolean): NodeSlot | undefined => {
    const at = free.findIndex(fits);
    return at === -1 ? undefined : free.splice(at, 1)[0];
  };
  const byName = new Map(
    nodes.map((node) => {
      const slot = take((one) => one.name === node.name && suits(node, one, told(node)));
      return [node.name, slot] as const;
    }),
  );
  return nodes.map((node, i): Seat => {
    const fits = (slot: NodeSlot): boolean => suits(node, slot, told(node));
    const stranger = strangerSlot(cloud, node, { i, told: told(node) });
    const slot = byName.get(node.name) ?? take(fits);
    if (slot !== undefined) return { kind: 'seated', node, slot, extra: false };
    if (stranger !== undefined) return { kind: 'seated', node, slot: stranger, extra: false };
    const more = beyond(cloud, i).find(fits);
    if (more !== undefined) return { kind: 'seated', node, slot: more, extra: true };
    return { kind: 'unseated', node, reason: misfit(node, told(node)) };
  });
}

/** The slot of a node that no node group of the templates started: its place, and nothing else. */
function strangerSlot(
  cloud: Cloud,
  node: NodeEndpoint,
  { i, told }: { readonly i: number; readonly told: readonly Ip[] },
): NodeSlot | undefined {
  const starter = starterOf(node);
  if (starter === undefined) return undefined;
  const slot = beyond(cloud, i).find((one) => isPlacedAt(node, one, told));
  return slot === undefined ? undefined : startedBy(slot, starter);
}

/** Slots beyond every group's size: one for each of its subnets, beginning with the next in turn. */
const beyond = (cloud: Cloud, turn: number): readonly NodeSlot[] =>
  cloud.nodeGroups.flatMap((group) =>
    group.subnets.flatMap((_, i) => slotOf(cloud, group, turn + i) ?? []),
  );

const PINNING = ['eks.amazonaws.com/nodegroup', 'topology.kubernetes.io/zone'];

const suits = (node: NodeEndpoint, slot: NodeSlot, told: readonly Ip[]): boolean =>
  isOfStarter(node, slot.group) && isPlacedAt(node, slot, told);

function isPlacedAt(node: NodeEndpoint, slot: NodeSlot, told: readonly Ip[]): boolean {
  const pinned = PINNING.filter((label) => Object.hasOwn(node.labels, label));
  return (
    pinned.every((label) => sameZone(node.labels[label] ?? '', slot.labels[label] ?? '')) &&
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

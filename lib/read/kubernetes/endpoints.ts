import type { Cidr, Ip, IpFamily } from '../../model/address';
import { type Labels, matches } from '../../model/selector';
import type { Namespace, NodeEndpoint, PodEndpoint } from '../../model/world';
import { toSelector } from '../policies/label-selector';
import type { At } from '../schema/at';
import { compare } from '../schema/order';
import { FIRST_NODE, FIRST_POD, poolFrom } from './addresses';
import type { Objects } from './kinds';
import { checkPods } from './pod-check';
import { labelViews, openLabels, ownGroups } from './pod-view';
import { listPods, type PendingPod } from './pods';

/** Nodes that a newcomer's manifests do not mention: two, so that traffic has a way to go. */
const UNNAMED_NODES = ['node-a', 'node-b'];

/** What addresses must not be handed out again. */
export interface Reserved {
  readonly addresses: readonly Ip[];
  readonly blocks: readonly Cidr[];
  /** The family of the addresses that are handed out. */
  readonly family: IpFamily;
  /** The nodes there are where manifests mention none; a template's node groups start them. */
  readonly machines?: readonly { readonly name: string; readonly labels: Labels }[];
  /** Are addresses and labels that the input does not give marked as assumed? */
  readonly marked: boolean;
}

/** A pod and its own labels, which Services select also where policies see none. */
export interface PlacedPod {
  readonly at: At;
  readonly endpoint: PodEndpoint;
  readonly ownLabels: Labels;
  /** Its containers are ready, also while it terminates. */
  readonly isServing: boolean;
  readonly isTerminating: boolean;
  readonly hostname?: string;
  readonly subdomain?: string;
}

/** Everything with an interface inside the cluster. */
export interface ClusterEndpoints {
  readonly nodes: readonly NodeEndpoint[];
  readonly pods: readonly PlacedPod[];
  /** Is what the input does not give marked as assumed? */
  readonly marked: boolean;
}

/** Gives every pod a node, and every node and pod an address: the same ones for the same input. */
export function placeEndpoints(
  objects: Objects,
  namespaces: readonly Namespace[],
  reserved: Reserved,
): ClusterEndpoints {
  const names = nodeNames(objects, reserved.machines?.map(({ name }) => name) ?? UNNAMED_NODES);
  const pending = listPods(objects, names);
  checkPods(pending, objects);
  // In a VPC, addresses are those of its subnets, and nodes those of its node groups.
  const areGuessed = reserved.marked && reserved.machines === undefined;
  const taken = new Set<Ip>([
    ...reserved.addresses,
    ...pending.flatMap((pod) => pod.addresses),
    ...objects.nodes.flatMap(({ value }) => value.addresses),
  ]);
  const nodes = placeNodes(objects, {
    names,
    pending,
    taken,
    avoid: reserved.blocks,
    family: reserved.family,
    machines: reserved.machines ?? [],
    marked: areGuessed,
  });
  const place = placer({ objects, namespaces, reserved, nodes, taken });
  const pods = pending.map((pod, i) => placedPod(pod, place(pod, i)));
  return { nodes, pods, marked: areGuessed };
}

const placedPod = (pod: PendingPod, endpoint: PodEndpoint): PlacedPod => ({
  at: pod.at,
  endpoint,
  ownLabels: pod.labels,
  isServing: pod.ready,
  isTerminating: pod.isTerminating,
  ...(pod.hostname !== undefined && { hostname: pod.hostname }),
  ...(pod.subdomain !== undefined && { subdomain: pod.subdomain }),
});

interface Placing {
  readonly objects: Objects;
  readonly namespaces: readonly Namespace[];
  readonly reserved: Reserved;
  readonly nodes: readonly NodeEndpoint[];
  readonly taken: Set<Ip>;
}

/** Gives a pod its node, its addresses and what policies see of it. */
function placer({ objects, namespaces, reserved, nodes, taken }: Placing) {
  const pool = poolFrom(FIRST_POD[reserved.family], taken, reserved.blocks);
  const seen = labelViews(objects, namespaces);
  const byNode = new Map(nodes.map((node) => [node.name, node]));
  const groupsOf = ownGroups(objects, reserved.marked);
  const openOf = openLabels(objects, namespaces, reserved.marked);
  const addressesOf = (pod: PendingPod, node: string): readonly Ip[] => {
    if (pod.hostNetwork) return byNode.get(node)?.addresses ?? [];
    return pod.addresses.length > 0 ? pod.addresses : [pool.next()];
  };
  const isAssumed = (pod: PendingPod, node: string): boolean =>
    pod.hostNetwork
      ? byNode.get(node)?.assumedAddress === true
      : reserved.marked && reserved.machines === undefined && pod.addresses.length === 0;
  return (pod: PendingPod, i: number): PodEndpoint => {
    const securityGroups = pod.hostNetwork ? [] : groupsOf(pod);
    const node = pod.nodeName ?? spread(pod, nodes, i);
    const { namespace, name, workload, hostNetwork, ports, serviceAccount, dns } = pod;
    const open = openOf(pod);
    return {
      kind: 'pod',
      namespace,
      name,
      workload,
      labels: hostNetwork ? {} : seen(pod),
      ...(open.length > 0 && { openLabels: open }),
      ...(hostNetwork && { unseenLabels: seen(pod) }),
      addresses: addressesOf(pod, node),
      ...(isAssumed(pod, node) && { assumedAddress: true as const }),
      node,
      ...(reserved.marked && pod.nodeName === undefined && chosenNode(pod, nodes)),
      hostNetwork,
      ready: pod.ready && !pod.isTerminating,
      ports,
      serviceAccount,
      ...(dns !== undefined && { dns }),
      ...(securityGroups.length > 0 && { securityGroups }),
      ...(pod.startedAt !== undefined && { startedAt: pod.startedAt }),
    };
  };
}

function nodeNames(
  { nodes, pods, workloads, hostEndpoints }: Objects,
  unnamed: readonly string[],
): readonly string[] {
  const named = [
    ...nodes.map(({ value }) => value.name),
    ...pods.flatMap(({ value }) => value.nodeName ?? []),
    ...workloads.flatMap(({ value }) => value.template.nodeName ?? []),
  ];
  const policed = hostEndpoints.map(({ value }) => value.node);
  return [...new Set([...(named.length === 0 ? unnamed : named), ...policed])].sort(compare);
}

interface Machines {
  readonly names: readonly string[];
  readonly pending: readonly PendingPod[];
  readonly taken: Set<Ip>;
  readonly avoid: readonly Cidr[];
  readonly family: IpFamily;
  readonly machines: NonNullable<Reserved['machines']>;
  readonly marked: boolean;
}

function placeNodes({ nodes }: Objects, machines: Machines): readonly NodeEndpoint[] {
  const { names, pending, taken, avoid, family, marked } = machines;
  const started = new Map(machines.machines.map(({ name, labels }) => [name, labels]));
  const pool = poolFrom(FIRST_NODE[family], taken, avoid);
  const known = new Map(nodes.map(({ value }) => [value.name, value]));
  // A host-network pod that already runs tells the address of its node.
  const told = new Map(
    pending.flatMap(({ hostNetwork, nodeName, addresses }) =>
      hostNetwork && nodeName !== undefined && addresses.length > 0
        ? [[nodeName, addresses] as const]
        : [],
    ),
  );
  return names.map((name) => {
    const node = known.get(name);
    const own = node?.addresses ?? [];
    const given = own.length > 0 ? own : (told.get(name) ?? []);
    return {
      kind: 'node',
      name,
      labels: { 'kubernetes.io/hostname': name, ...started.get(name), ...node?.labels },
      addresses: given.length > 0 ? given : [pool.next()],
      ...(marked && given.length === 0 && { assumedAddress: true as const }),
      // The kubelet gives every node labels: one without any was printed without them.
      ...(marked &&
        Object.keys(node?.labels ?? {}).length === 0 && { assumedLabels: true as const }),
    };
  });
}

/** The node of a pod that names none: in turn over those its `nodeSelector` admits. */
function spread(pod: PendingPod, nodes: readonly NodeEndpoint[], turn: number): string {
  const choice = admitting(pod, nodes);
  return choice[turn % choice.length]?.name ?? '';
}

/** The nodes that a pod's `nodeSelector` admits; all where it admits none. */
function admitting(pod: PendingPod, nodes: readonly NodeEndpoint[]): readonly NodeEndpoint[] {
  const wanted = toSelector({ matchLabels: pod.nodeSelector });
  const admitted = nodes.filter((node) => matches(wanted, node.labels));
  return admitted.length > 0 ? admitted : nodes;
}

/** Marks the node that was chosen for a pod, and says among which. */
function chosenNode(
  pod: PendingPod,
  nodes: readonly NodeEndpoint[],
): Pick<PodEndpoint, 'assumedNode' | 'nodeChoice'> {
  const choice = admitting(pod, nodes);
  const isFree = choice.length === nodes.length;
  return { assumedNode: true, ...(!isFree && { nodeChoice: choice.map(({ name }) => name) }) };
}

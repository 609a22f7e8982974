import type { NodeEndpoint, OutsideEndpoint, PodEndpoint, World } from '../../model/world';
import type { Netns, Plan } from '../commands/command';
import type { NftTable } from '../nft/ruleset';
import type { ListeningNamespace } from '../servers/listeners';

/** What stands between the nodes: how they and their pods are wired, and what filters on the way. */
export interface NodeNetwork {
  /** Routers and outside hosts, before any node. */
  ground(outside: readonly OutsideEndpoint[]): Plan;
  addNode(node: NodeEndpoint): Plan;
  /** What needs every node to be there. */
  connect(): Plan;
  addPod(pod: PodEndpoint): Plan;
  /** Takes a pod away; what it had in its node's namespace goes with its cable. */
  removePod(pod: PodEndpoint): Plan;
  /** Tables of a node beside its policies and Services. */
  tablesOf(node: NodeEndpoint): readonly NftTable[];
  /** Tables of namespaces that are no node's. */
  tables(): readonly { readonly netns: Netns; readonly table: NftTable }[];
  /** Who listens beside pods and outside hosts. */
  speakers(): readonly ListeningNamespace[];
  /** DNS beside the cluster's own. */
  resolvers(): Plan;
  /** Namespaces of its own, outside hosts and nodes apart. */
  namespaces(): readonly Netns[];
}

/** A pod's node, where the world has it. */
export const nodeOf = (world: World, pod: PodEndpoint): NodeEndpoint | undefined =>
  world.nodes.find(({ name }) => name === pod.node);

import type { Cidr, IpFamily } from './address';
import type { Selector } from './selector';

/** An inclusive range of port numbers, 0 to 65535. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** A port as a rule names it: by number, or by the name a container gives it. */
export type PortMatch = PortRange | { readonly name: string };

/**
 * Which packets, by protocol and ports (AND of all fields; a rule holds several, ORed).
 * `protocol` is a name, an IP protocol number, or `any`.
 */
export interface Traffic {
  readonly protocol: 'any' | 'TCP' | 'UDP' | 'SCTP' | 'ICMP' | 'ICMPv6' | 'UDPLite' | number;
  readonly notProtocol?: Traffic['protocol'];
  readonly destinationPorts: 'any' | readonly PortMatch[];
  readonly notDestinationPorts?: readonly PortMatch[];
  readonly sourcePorts: 'any' | readonly PortMatch[];
  readonly notSourcePorts?: readonly PortMatch[];
  readonly icmp?: { readonly type: number; readonly code?: number };
  readonly notIcmp?: { readonly type: number; readonly code?: number };
}

/**
 * The source or the destination of a packet (AND of all fields; a rule holds several peers, ORed).
 *
 * Selectors see endpoints and network sets by their labels, namespace and service account labels
 * included (`NAMESPACE_PREFIX`, `SERVICE_ACCOUNT_PREFIX`); a namespaced policy's scope is already
 * part of the selector. A peer without a selector also matches unknown addresses.
 */
export interface Peer {
  readonly selector?: Selector;
  readonly notSelector?: Selector;
  /** Blocks of which one must hold the address. */
  readonly nets?: readonly Cidr[];
  /** Blocks of which none may hold the address (NetworkPolicy: `except`). */
  readonly notNets?: readonly Cidr[];
  /** Only addresses (and, for egress, ports) behind this Service. */
  readonly service?: { readonly namespace: string; readonly name: string };
  /** Nodes, by label (ClusterNetworkPolicy `nodes`, experimental). */
  readonly nodes?: Selector;
  /** Domain names: which addresses they have is not known before the packet (answer: unknown). */
  readonly domainNames?: readonly string[];
}

export type Action = 'allow' | 'deny' | 'pass' | 'log';

/** One line of a policy, every default already applied by the reader. */
export interface Rule {
  /** Place of the rule in its object's list, from 0: what evidence cites. */
  readonly index: number;
  readonly action: Action;
  readonly ipVersion?: IpFamily;
  readonly source: 'any' | readonly Peer[];
  readonly destination: 'any' | readonly Peer[];
  readonly traffic: 'any' | readonly Traffic[];
}

/** Kinds of policy object, as their API calls them. */
export type PolicyKind =
  | 'NetworkPolicy'
  | 'ClusterNetworkPolicy'
  | 'AdminNetworkPolicy'
  | 'BaselineAdminNetworkPolicy'
  | 'CalicoNetworkPolicy'
  | 'GlobalNetworkPolicy'
  | 'StagedNetworkPolicy'
  | 'StagedGlobalNetworkPolicy'
  | 'StagedKubernetesNetworkPolicy'
  /** What a setting of the VPC CNI does to pods without a NetworkPolicy; no object of the API. */
  | 'VpcCniSetting';

/** Where on a packet's way a policy is asked. Only Calico's host endpoint policies leave `normal`. */
export type PolicyHook = 'normal' | 'apply-on-forward' | 'pre-dnat' | 'untracked';

/**
 * A policy of any API. They all become ordered rules in ordered tiers, so one evaluator decides
 * (Calico converts Kubernetes' kinds the same way: NetworkPolicy is tier `default`, order 1000).
 */
export interface Policy {
  readonly kind: PolicyKind;
  /** Absent for cluster-wide kinds. */
  readonly namespace?: string;
  readonly name: string;
  /** Name of the tier it lives in. */
  readonly tier: string;
  /** Lower is asked first; `Infinity` where none was given. Ties: by `tie`, else name, namespace, kind. */
  readonly order: number;
  /** What decides among policies of one order, where it is not name, namespace, kind (Calico 3.31). */
  readonly tie?: string;
  /** Staged policies never decide; `set` and `delete` say what promoting would do. */
  readonly staged: 'no' | 'set' | 'delete' | 'ignore';
  /** Which endpoints it applies to. */
  readonly subject: Selector;
  readonly hook: PolicyHook;
  /** Rules per direction; `undefined` where the policy makes no claim on that direction. */
  readonly ingress: readonly Rule[] | undefined;
  readonly egress: readonly Rule[] | undefined;
  /** Why it is not known whether it is in force; absent: it is. */
  readonly uncertain?: string;
}

/** An ordered layer of policies. */
export interface Tier {
  readonly name: string;
  /** Lower is asked first; `Infinity` where none was given. Ties: by name. */
  readonly order: number;
  /** What happens to a flow that policies of the tier applied to and none decided. */
  readonly defaultAction: 'deny' | 'pass';
}

/** Calico's built-in tiers, orders and actions as fixed by its API (tier.go). */
export const BUILT_IN_TIERS: readonly Tier[] = [
  { name: 'kube-admin', order: 1_000, defaultAction: 'pass' },
  { name: 'default', order: 1_000_000, defaultAction: 'deny' },
  { name: 'kube-baseline', order: 10_000_000, defaultAction: 'pass' },
];

/** A policy's name as evidence cites it: `namespace/name`, or `name` where it has no namespace. */
export const policyName = (policy: Pick<Policy, 'namespace' | 'name'>): string =>
  policy.namespace === undefined ? policy.name : `${policy.namespace}/${policy.name}`;

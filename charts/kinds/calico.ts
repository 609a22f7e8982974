import { kind } from './kind';

// Calico's API, projectcalico.org/v3 (projectcalico/calico: api/pkg/apis/projectcalico/v3).

const VERSION = 'projectcalico.org/v3';

/** A port: a number, a range `80:90`, or a name. */
export type CalicoPort = number | `${number}:${number}` | string;

/** One side of a rule; all fields must hold. */
export interface EntityRule {
  readonly nets?: readonly string[];
  readonly notNets?: readonly string[];
  readonly selector?: string;
  readonly notSelector?: string;
  /** Without it, a selector in a namespaced policy looks in the policy's own namespace. */
  readonly namespaceSelector?: string;
  readonly serviceAccounts?: { readonly names?: readonly string[]; readonly selector?: string };
  readonly services?: { readonly name: string; readonly namespace?: string };
  /** Numbers need a protocol with ports beside them. */
  readonly ports?: readonly CalicoPort[];
  readonly notPorts?: readonly CalicoPort[];
}

/** One line of a policy: the first that matches decides (Log goes on). */
export interface CalicoRuleSpec {
  readonly action: 'Allow' | 'Deny' | 'Log' | 'Pass';
  readonly protocol?: 'TCP' | 'UDP' | 'ICMP' | 'SCTP';
  readonly source?: EntityRule;
  readonly destination?: EntityRule;
}

export interface CalicoPolicySpec {
  /** @default 'default' */
  readonly tier?: string;
  /** Lower is asked first. @default last */
  readonly order?: number;
  readonly selector?: string;
  readonly types?: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly CalicoRuleSpec[];
  readonly egress?: readonly CalicoRuleSpec[];
}

/** A policy for every endpoint of the cluster, hosts too unless `namespaceSelector` says otherwise. */
export interface GlobalPolicySpec extends CalicoPolicySpec {
  readonly namespaceSelector?: string;
}

/** What enforcing would do: `Set` (the default) the policy, or `Delete` the one of its name. */
interface Staged {
  readonly stagedAction?: 'Set' | 'Delete';
}

export const CalicoNetworkPolicy = kind<CalicoPolicySpec>(VERSION, 'NetworkPolicy');
export const GlobalNetworkPolicy = kind<GlobalPolicySpec>(VERSION, 'GlobalNetworkPolicy');
/** Counted and reported, never enforced (Calico 3.30 and later). */
export const StagedNetworkPolicy = kind<CalicoPolicySpec & Staged>(VERSION, 'StagedNetworkPolicy');
export const StagedGlobalNetworkPolicy = kind<GlobalPolicySpec & Staged>(
  VERSION,
  'StagedGlobalNetworkPolicy',
);

/** An ordered layer of policies; `defaultAction` is for endpoints that a policy of it applies to. */
export const Tier = kind<{ readonly order: number; readonly defaultAction?: 'Deny' | 'Pass' }>(
  VERSION,
  'Tier',
);

interface SetSpec {
  readonly nets: readonly string[];
}

/** Addresses with labels, in one namespace or for all. */
export const NetworkSet = kind<SetSpec>(VERSION, 'NetworkSet');
export const GlobalNetworkSet = kind<SetSpec>(VERSION, 'GlobalNetworkSet');

/** Addresses that pods are given, and how packets between nodes travel. */
export const IPPool = kind<{
  readonly cidr: string;
  /** Block of a node, prefix length 20 to 32. @default 26 */
  readonly blockSize?: number;
  readonly ipipMode?: 'Always' | 'CrossSubnet' | 'Never';
  readonly vxlanMode?: 'Always' | 'CrossSubnet' | 'Never';
  readonly natOutgoing?: boolean;
}>(VERSION, 'IPPool');

export const BGPConfiguration = kind<{
  readonly asNumber?: number;
  /** Every node peers with every node. @default true */
  readonly nodeToNodeMeshEnabled?: boolean;
  readonly logSeverityScreen?: string;
}>(VERSION, 'BGPConfiguration');

export const BGPPeer = kind<{
  readonly nodeSelector?: string;
  readonly peerSelector?: string;
  readonly peerIP?: string;
  readonly asNumber?: number;
}>(VERSION, 'BGPPeer');

export const FelixConfiguration = kind<{
  readonly wireguardEnabled?: boolean;
  readonly logSeverityScreen?: string;
}>(VERSION, 'FelixConfiguration');

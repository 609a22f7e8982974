import type { Ip, IpFamily } from '../../model/address';
import type { FlowEnd, Protocol } from '../../model/flow';
import type { IcmpMessage } from '../../model/icmp';
import type { Labels } from '../../model/selector';
import type { ContainerPort, NodeEndpoint, PodEndpoint, Service, World } from '../../model/world';

/** A label set that may have further labels, which the input does not give. */
export interface OpenIdentity {
  readonly labels: Labels;
  /** Prefixes of those labels. */
  readonly openLabels: readonly string[];
  /** The namespace of the pod or network set. */
  readonly namespace: string;
  /** The pod's service account; absent: it is a network set's. */
  readonly serviceAccount?: string;
}

/** One end of a packet as filters see it: an address, and everything known about its holder. */
export interface Party {
  /** The end in the user's words; a backend behind a Service is the pod. */
  readonly end: FlowEnd;
  readonly address: Ip;
  /** The address as a number, to compare with CIDR blocks. */
  readonly bits: bigint;
  readonly family: IpFamily;
  readonly pod?: PodEndpoint;
  /** The node that it is or runs on. */
  readonly node?: string;
  /** The interface that a flow names: its address may be another's in another VPC. */
  readonly eni?: string;
  /** DNS names that the outside is known by, for rules with domain names. */
  readonly names: readonly string[];
  /**
   * Label sets that selectors find at this address: those of the pod, of host endpoints on the node,
   * of network sets that contain the address. Empty for an unknown address.
   */
  readonly identities: readonly Labels[];
  /** Those of `identities` and `possible` that may have further labels; absent: none. */
  readonly open?: readonly OpenIdentity[];
  /** Label sets that selectors find here for some addresses, where the address is not known. */
  readonly possible?: readonly Labels[];
  /** The address is not known: the one here stands for any of its family. */
  readonly assumedAddress?: true;
  /** The node's own labels, where the address is a node's. */
  readonly nodeLabels?: Labels;
  /** The node's labels are not known. */
  readonly assumedLabels?: true;
  /** Every node has it (NodeLocal DNSCache): packets to it stay on the caller's node. */
  readonly isOnEveryNode?: true;
  /** Named ports that rules can cite. */
  readonly ports: readonly ContainerPort[];
}

/** Where a packet goes: the receiver, the protocol and the port. */
export interface Destination {
  readonly party: Party;
  readonly protocol: Protocol;
  /** Destination port, 1 to 65535; `undefined` for ICMP. */
  readonly port: number | undefined;
  /** The ICMP message; `@default` echo request. */
  readonly message?: 'echo-reply' | 'port-unreachable';
  /** The message that a flow asks about, where it is no echo request. */
  readonly icmp?: IcmpMessage;
}

/** A packet as a filter sees it: after a translation, the same flow is another packet. */
export interface Packet {
  readonly source: Party;
  readonly target: Destination;
  /** The destination was translated on the path: even to itself, the packet left its pod. */
  readonly translated?: true;
  /** The load balancer that sends it, where it preserves the client's address as the source. */
  readonly carrier?: Ip;
  /** The source port where it is known, which is a reply's. A client's kernel chooses its port. */
  readonly sourcePort?: number;
}

/** Looks up the parties of one world by name and by address. */
export interface PartyDirectory {
  readonly world: World;
  readonly pod: (namespace: string, name: string) => PodEndpoint | undefined;
  readonly node: (name: string) => NodeEndpoint | undefined;
  /** Whether some Service has the address: its cluster's, an external one, a load balancer's. */
  readonly isFront: (address: Ip) => boolean;
  readonly service: (namespace: string, name: string) => Service | undefined;
  /** The parties of one end, one per address; `undefined` for an unknown name and for a Service. */
  readonly parties: (end: FlowEnd) => readonly Party[] | undefined;
  /** The party at an address; an unknown address is a party too. */
  readonly at: (address: Ip) => Party;
}

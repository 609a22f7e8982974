import type { Ip } from '../../model/address';
import type { Protocol } from '../../model/flow';
import type { IcmpMessage } from '../../model/icmp';
import type { PortRange } from '../../model/policy';
import type {
  NatGateway,
  NetworkAcl,
  NetworkInterface,
  PrefixList,
  RouteTable,
  RouteTarget,
  SecurityGroup,
  Subnet,
  Vpc,
} from '../../model/vpc';
import type { NodePlacement } from '../../model/world';
import type { JudgedHop, Segment } from '../hops/types';

/** What is sent over the VPC, after Services are resolved and before the VPC translates it. */
export interface VpcSending {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: Protocol;
  /** Destination port; `undefined` for ICMP. */
  readonly port: number | undefined;
  /** The message of an ICMP packet; absent: an echo request. */
  readonly icmp?: IcmpMessage;
  /** The load balancer that sends it, where it preserves the client's address as the source. */
  readonly carrier?: Ip;
  /** Ids of the interfaces at its ends, where the flow names them: VPCs may have the same addresses. */
  readonly sender?: string;
  readonly receiver?: string;
  /** The node that sends it: its VPC is the packet's. */
  readonly node?: string;
}

/** The VPC's part of a path, and the addresses that come out of it. */
export interface VpcCrossing {
  /** No hops where the packet does not leave its node. */
  readonly segment: Segment;
  /** The source address that the destination sees. */
  readonly source: Ip;
  /** The address that the packet arrives at: a public address becomes a private one. */
  readonly destination: Ip;
}

/** Judges packets by what a world's VPCs do with them. */
export interface VpcFabric {
  /** Follows the first packet of a connection from its sender's interface to its receiver's. */
  readonly cross: (sending: VpcSending) => VpcCrossing;
}

/**
 * A packet between two addresses, with every port it may have: a filter that tracks no connections
 * must let all ports of a client through, because the client's kernel chooses one of them.
 *
 * For ICMP the port fields hold types (EC2 keeps them in the same fields): the request's type is
 * the destination port, the reply's type the source port, so that reversing works for all protocols.
 */
export interface VpcPacket {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: Protocol;
  readonly sourcePorts: PortRange;
  readonly ports: PortRange;
  /** The message of an ICMP packet; absent: an echo request or its reply. */
  readonly icmp?: IcmpMessage;
  /**
   * The network load balancer that sends it with its client's source address. Rules that reference
   * the load balancer's groups match it too.
   */
  readonly carrier?: Ip;
  /** The interface that it must arrive at; absent: any with its destination address. */
  readonly receiver?: string;
}

/** An interface with its subnet and VPC. */
export interface VpcInterface {
  readonly vpc: Vpc;
  readonly subnet: Subnet;
  readonly interface: NetworkInterface;
}

/** A NAT gateway in its VPC; `subnet` is absent for a regional NAT gateway. */
export interface PlacedNat {
  readonly kind: 'nat';
  readonly vpc: Vpc;
  readonly nat: NatGateway;
  readonly subnet?: Subnet;
}

/** Where a segment begins or ends inside a VPC. */
export type VpcPoint = ({ readonly kind: 'interface' } & VpcInterface) | PlacedNat;

/** Where a segment begins or ends; `service` is an AWS service behind a gateway endpoint. */
export type SegmentEnd = VpcPoint | { readonly kind: 'internet' } | { readonly kind: 'service' };

/** A part of the path on which the packet's addresses do not change. */
export interface VpcStretch {
  readonly from: SegmentEnd;
  readonly to: SegmentEnd;
  readonly packet: VpcPacket;
  /** Devices between the two that forward packets without a filter: gateways, a peering. */
  readonly between: readonly JudgedHop[];
  /** The peering that it crosses: replies must cross the same. */
  readonly peering?: string;
}

/** The segments of a path through VPCs, and the packet as it arrives at their end. */
export interface VpcPath {
  readonly segments: readonly Segment[];
  readonly arrived: VpcPacket;
}

/** A packet that has left its sender's interface and subnet. */
export interface Outbound {
  readonly from: VpcPoint;
  readonly packet: VpcPacket;
  /** The hops so far: the interface's security groups, the subnet's network ACL and route table. */
  readonly left: readonly JudgedHop[];
  /** Continues from another point of the VPC. */
  readonly onward: (from: VpcPoint, packet: VpcPacket) => VpcPath;
  /** Ids of NAT gateways that it has passed: a packet that meets one twice goes round for ever. */
  readonly passed: readonly string[];
}

/** Finds the parts of a world's VPCs by address and id. */
export interface VpcIndex {
  /** The interface of one VPC with an address. */
  readonly at: (vpc: Vpc, address: Ip) => VpcInterface | undefined;
  /** The interfaces of all VPCs with an address: unconnected VPCs may have the same blocks. */
  readonly everywhere: (address: Ip) => readonly VpcInterface[];
  /** The interface that an address means to a VPC: its own, or that of a VPC it is peered with. */
  readonly seenFrom: (vpc: Vpc, address: Ip) => VpcInterface | undefined;
  /** The interface with a public address. */
  readonly public: (address: Ip) => VpcInterface | undefined;
  /** The VPC whose CIDR blocks contain an address. */
  readonly holding: (address: Ip) => Vpc | undefined;
  readonly interface: (id: string) => VpcInterface | undefined;
  readonly acl: (subnet: Subnet) => NetworkAcl | undefined;
  readonly table: (subnet: Subnet) => RouteTable | undefined;
  readonly group: (id: string) => SecurityGroup | undefined;
  readonly prefixList: (id: string) => PrefixList | undefined;
  readonly vpc: (id: string) => Vpc | undefined;
  /** The VPC of a network ACL or route table. */
  readonly vpcOfAcl: (id: string) => Vpc | undefined;
  readonly vpcOfTable: (id: string) => Vpc | undefined;
  readonly placement: (node: string) => NodePlacement | undefined;
  /** The device that a route leads to, as a trace names it. */
  readonly deviceName: (target: RouteDevice) => string;
  /** Its id in traces. */
  readonly deviceId: (target: RouteDevice) => string;
}

/** A route target that is a device with an id. */
export type RouteDevice = Extract<RouteTarget, { readonly id: string }>;

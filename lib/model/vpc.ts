import type { Cidr, Ip } from './address';
import type { PortRange } from './policy';

/** A value that exists only after deployment: what it is, in the template's own words. */
export interface Unknown {
  readonly unknown: string;
}

/** Where a route leads. `local` stays in the VPC; `blackhole` drops. */
export type RouteTarget =
  | { readonly kind: 'local' | 'blackhole' }
  | {
      readonly kind:
        | 'internet-gateway'
        | 'egress-only-internet-gateway'
        | 'nat-gateway'
        | 'vpc-endpoint'
        | 'peering'
        | 'transit-gateway'
        | 'network-interface';
      readonly id: string;
    }
  | { readonly kind: 'unknown'; readonly what: string };

export interface Route {
  readonly destination: Cidr | { readonly prefixList: string };
  readonly target: RouteTarget;
}

export interface RouteTable {
  readonly id: string;
  readonly name: string;
  /** The VPC's own local routes included. */
  readonly routes: readonly Route[];
}

/** One numbered line of a network ACL; lowest number first, first match decides. */
export interface AclEntry {
  /** 1 to 32766. */
  readonly number: number;
  readonly action: 'allow' | 'deny';
  /** IP protocol number (6 TCP, 17 UDP, 1 ICMP), or `any`. */
  readonly protocol: 'any' | number;
  readonly cidr: Cidr;
  readonly ports: 'any' | PortRange;
  /** For ICMP; -1 is any. */
  readonly icmp?: { readonly type: number; readonly code: number };
  /** What is known only after deployment; block and ports are then the widest it may match. */
  readonly unknown?: string;
}

/** A stateless filter at a subnet's edge: replies are judged on their own. */
export interface NetworkAcl {
  readonly id: string;
  readonly name: string;
  readonly ingress: readonly AclEntry[];
  readonly egress: readonly AclEntry[];
}

export type SecurityGroupPeer =
  | { readonly kind: 'cidr'; readonly cidr: Cidr }
  | { readonly kind: 'security-group'; readonly id: string }
  | { readonly kind: 'prefix-list'; readonly id: string }
  | { readonly kind: 'unknown'; readonly what: string };

/** One allow line of a security group. */
export interface SecurityGroupRule {
  readonly protocol: 'any' | number;
  /** For ICMP (1, 58) the types, as EC2 keeps them in the same field. */
  readonly ports: 'any' | PortRange;
  readonly peer: SecurityGroupPeer;
  readonly description?: string;
}

/** A stateful filter on an interface: allow rules only, replies implied. */
export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
}

export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly cidrs: readonly Cidr[];
  readonly routeTable: string;
  readonly networkAcl: string;
  /** Instances launched here get a public address. */
  readonly public: boolean;
}

/** An elastic network interface: it holds addresses, stands in a subnet, carries groups. */
export interface NetworkInterface {
  readonly id: string;
  readonly subnet: string;
  readonly securityGroups: readonly string[];
  /** Primary first; pods' secondary addresses and prefixes after it. */
  readonly addresses: readonly Ip[];
  readonly prefixes: readonly Cidr[];
  readonly publicIp?: Ip;
  /** Whose it is. */
  readonly owner:
    | { readonly kind: 'node'; readonly node: string; readonly branch: boolean }
    | { readonly kind: 'nat-gateway' | 'vpc-endpoint' | 'load-balancer'; readonly id: string }
    | { readonly kind: 'control-plane' }
    /** A machine of the template's own: an instance, a database, a function. */
    | { readonly kind: 'resource'; readonly type: string };
  /** TCP ports it is known to serve, 1 to 65535; absent: nobody knows. */
  readonly serves?: readonly number[];
}

export interface NatGateway {
  readonly id: string;
  readonly name: string;
  /** Absent for a regional NAT gateway: it stands in no subnet, so no network ACL sees it. */
  readonly subnet?: string;
  readonly privateIp: Ip;
  /** Absent for a private NAT gateway: what leaves it keeps `privateIp` as its source. */
  readonly publicIp?: Ip;
}

/** A private door to an AWS service. */
export type VpcEndpoint =
  | {
      readonly kind: 'gateway';
      readonly id: string;
      readonly service: string;
      readonly prefixList: string;
    }
  | {
      readonly kind: 'interface';
      readonly id: string;
      readonly service: string;
      readonly subnets: readonly string[];
      readonly securityGroups: readonly string[];
      readonly privateDns: boolean;
    };

/** Two VPCs joined; routes on both sides must still say so. */
export interface Peering {
  readonly id: string;
  readonly requester: string;
  readonly accepter: string;
}

/** Addresses behind a prefix list (S3, DynamoDB): representative ones, since AWS's change. */
export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly cidrs: readonly Cidr[];
}

export interface Vpc {
  readonly id: string;
  readonly name: string;
  readonly cidrs: readonly Cidr[];
  readonly internetGateway?: string;
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly networkAcls: readonly NetworkAcl[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly interfaces: readonly NetworkInterface[];
  readonly natGateways: readonly NatGateway[];
  readonly endpoints: readonly VpcEndpoint[];
  readonly peerings: readonly Peering[];
  readonly prefixLists: readonly PrefixList[];
}

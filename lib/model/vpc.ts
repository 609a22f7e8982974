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
  /** Why it is not known whether the table has this route; absent: it has it. */
  readonly unknown?: string;
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
  /** For ICMP (1, 58) the code; absent: any. */
  readonly icmpCode?: number;
  readonly peer: SecurityGroupPeer;
  /** Why it is not known whether the rule applies; its ports are then the widest it may match. */
  readonly unknown?: string;
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
  /** Why it is not known whether they do; `public` is then false. */
  readonly publicUnknown?: string;
  /** Interfaces made here get an IPv6 address. */
  readonly assigns6?: true;
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
  /** Why it is not known whether it has a public address; `publicIp` is then absent. */
  readonly publicUnknown?: string;
  /** Other names a flow may call it by: the instance that it belongs to. */
  readonly aliases?: readonly string[];
  /** Its addresses stand for any of its subnet: the template leaves the choice to AWS. */
  readonly chosen?: true;
  /** Whose it is. */
  readonly owner:
    | { readonly kind: 'node'; readonly node: string; readonly branch: boolean }
    | { readonly kind: 'nat-gateway' | 'vpc-endpoint' | 'load-balancer'; readonly id: string }
    | { readonly kind: 'control-plane' }
    /** A machine of the template's own: an instance, a database, a function. */
    | { readonly kind: 'resource'; readonly type: string };
  /** TCP ports it is known to serve, 1 to 65535; absent: unknown. */
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
  /** Why it is not known whether it is private; `publicIp` is then absent. */
  readonly publicUnknown?: string;
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
  /** The blocks are only examples: the service has more, and they change. */
  readonly partial?: true;
}

/** What VPC Block Public Access stops at internet gateways (AWS::EC2::VPCBlockPublicAccessOptions). */
export type PublicAccessBlock = 'bidirectional' | 'ingress';

export interface Vpc {
  readonly id: string;
  readonly name: string;
  readonly cidrs: readonly Cidr[];
  /** An unknown id where the template does not tell which is attached, or whether one is. */
  readonly internetGateway?: string;
  /** Internet gateways that templates make and attach to no VPC, or to another. */
  readonly foreignGateways?: readonly string[];
  /** Route tables of gateways: what enters through one is routed by its table first. */
  readonly edgeTables?: readonly { readonly gateway: string; readonly routeTable: string }[];
  readonly publicAccessBlock?: PublicAccessBlock | Unknown;
  /** False where the VPC's resolver does not answer (`EnableDnsSupport`). */
  readonly resolver?: false | Unknown;
  /** What may stand here, but whose place is not known. */
  readonly unplaced?: readonly string[];
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

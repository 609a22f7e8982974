import type { Cidr, Ip } from '../../model/address';
import type { Protocol } from '../../model/flow';

/**
 * Name of a network namespace inside the sandbox, such as `pod/shop/web-0`, `node/a`, `router`:
 * a key of the runtime, never a path on the host.
 */
export type Netns = string;

/** One end of a virtual cable. Device names are at most 15 characters (IFNAMSIZ). */
export interface LinkEnd {
  readonly netns: Netns;
  readonly device: string;
  /** Chosen by the plan, so neighbours can be permanent and nothing is ever queried back. */
  readonly mac: string;
}

/** Where a route sends a packet. */
export type RouteHop =
  | { readonly kind: 'link'; readonly device: string }
  | {
      readonly kind: 'via';
      readonly device: string;
      readonly gateway: Ip;
      readonly onlink: boolean;
    }
  | { readonly kind: 'blackhole' }
  | { readonly kind: 'unreachable' };

/** What a listener says: TCP answers with `banner` and closes; UDP echoes what it got. */
export interface Listener {
  readonly protocol: Exclude<Protocol, 'ICMP'>;
  readonly port: number;
  readonly banner: string;
  /**
   * `http`: it reads the request first. A request is answered with the banner as its body; a
   * client that sends nothing for a moment gets the bare banner.
   */
  readonly speaks?: 'http';
}

/** A certificate of an HTTP server, and the host names that it is for. */
export interface HttpCertificate {
  /** Without its ending: `.pem` is the certificate, `.key` its key. */
  readonly file: string;
  readonly hosts: readonly string[];
}

/** Names a DNS server answers with authority, and what. Names are absolute, without a last dot. */
export interface DnsRecord {
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'CNAME' | 'NS' | 'PTR' | 'SRV' | 'TXT';
  /** An address, a name, or for SRV `priority weight port target`. */
  readonly data: string;
}

/** Names that a cluster's DNS answers beside its records (CoreDNS plugin/kubernetes). */
export interface DnsCluster {
  readonly domain: string;
  readonly namespaces: readonly string[];
}

/**
 * One thing to do to the kernel, or beside it, as data. Plans are ordered lists of these; the
 * runtime carries them out, `toInvocation` renders them for people, nothing here runs anything.
 */
export type Command =
  | { readonly kind: 'add-netns'; readonly netns: Netns }
  | { readonly kind: 'remove-netns'; readonly netns: Netns }
  | { readonly kind: 'add-veth'; readonly a: LinkEnd; readonly b: LinkEnd; readonly mtu: number }
  | {
      readonly kind: 'add-bridge';
      readonly netns: Netns;
      readonly device: string;
      readonly mac: string;
    }
  | {
      readonly kind: 'add-vxlan';
      readonly netns: Netns;
      readonly device: string;
      readonly mac: string;
      readonly vni: number;
      readonly local: Ip;
      readonly port: number;
      readonly mtu: number;
    }
  | {
      /** Where the VXLAN device sends frames for a MAC. */
      readonly kind: 'add-fdb';
      readonly netns: Netns;
      readonly device: string;
      readonly mac: string;
      readonly remote: Ip;
    }
  | {
      readonly kind: 'set-master';
      readonly netns: Netns;
      readonly device: string;
      readonly bridge: string;
    }
  | {
      readonly kind: 'set-link';
      readonly netns: Netns;
      readonly device: string;
      readonly state: 'up' | 'down';
    }
  | { readonly kind: 'remove-link'; readonly netns: Netns; readonly device: string }
  | {
      readonly kind: 'add-address';
      readonly netns: Netns;
      readonly device: string;
      readonly address: Ip;
      readonly prefix: number;
      /** `host`: the kernel never takes it as the source of a packet (ip-address(8)). @default global */
      readonly scope?: 'host';
    }
  | {
      readonly kind: 'add-route' | 'remove-route';
      readonly netns: Netns;
      readonly to: Cidr;
      readonly hop: RouteHop;
      /** Routing table; 254 is `main`. */
      readonly table: number;
      /** Preferred source address. */
      readonly source?: Ip;
    }
  | {
      /** Policy routing: packets that came in by `iif`, from a block or with a mark, use a table. */
      readonly kind: 'add-rule' | 'remove-rule';
      readonly netns: Netns;
      readonly priority: number;
      readonly table: number;
      readonly iif?: string;
      readonly from?: Cidr;
      /** The packet's mark (fwmark), all 32 bits of it; never 0. */
      readonly mark?: number;
    }
  | {
      /** A permanent neighbour: the kernel's table is shared by all namespaces and small. */
      readonly kind: 'add-neighbour';
      readonly netns: Netns;
      readonly device: string;
      readonly address: Ip;
      readonly mac: string;
    }
  | {
      /** `key` as below /proc/sys, with slashes: `net/ipv4/ip_forward`. */
      readonly kind: 'set-sysctl';
      readonly netns: Netns;
      readonly key: string;
      readonly value: string;
    }
  /** One nftables transaction, `nft -f` syntax; at most about 300 rules or 8,000 elements. */
  | { readonly kind: 'load-ruleset'; readonly netns: Netns; readonly ruleset: string }
  | { readonly kind: 'flush-conntrack'; readonly netns: Netns }
  /** These and no others listen there from now on. */
  | { readonly kind: 'listen'; readonly netns: Netns; readonly listeners: readonly Listener[] }
  | {
      /** A DNS server on UDP and TCP 53; with `upstream`, what it does not know it asks there. */
      readonly kind: 'serve-dns';
      readonly netns: Netns;
      readonly records: readonly DnsRecord[];
      readonly authoritativeFor: readonly string[];
      /** The cluster whose namespaces have names, and whose pods are named by their addresses. */
      readonly cluster?: DnsCluster;
    }
  | {
      /** One Envoy inside the namespace; where one runs already, this one takes its place. */
      readonly kind: 'serve-http';
      readonly netns: Netns;
      /** Envoy's bootstrap as JSON; its paths are relative to a folder of the lab's own. */
      readonly bootstrap: string;
      /** Certificates that the bootstrap names; each is made, signed by itself, in that folder. */
      readonly certificates: readonly HttpCertificate[];
      /** TCP ports that it listens on. */
      readonly ports: readonly number[];
    }
  | { readonly kind: 'stop-http'; readonly netns: Netns }
  | { readonly kind: 'set-resolver'; readonly netns: Netns; readonly resolvConf: string };

/** What a plan does in a row; a later command may rely on every earlier one. */
export type Plan = readonly Command[];

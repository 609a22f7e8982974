import {
  type Cidr,
  familyOf,
  hostCidr,
  type Ip,
  type IpFamily,
  ip,
  ipFromBits,
} from '../model/address';
import type { Command, LinkEnd, Netns, Plan } from './command';
import { macOf, UPLINK } from './names';
import type { NftChain } from './ruleset';

/** Routing tables of Linux: `main`, and `default`, which is asked when `main` knows nothing. */
export const TABLE = { local: 255, main: 254, last: 253 } as const;

/** Ethernet's, and the kernel's own default for veth. */
export const MTU = 1500;

/**
 * The far end of every cable that needs no better name, as the VPC CNI gives it to its pods: an
 * address that nobody holds, reached by a permanent neighbour entry.
 */
export const GATEWAY: Readonly<Record<IpFamily, Ip>> = { 4: ip('169.254.1.1'), 6: ip('fe80::1') };

/** A namespace that forwards for others, or a host that only sends its own. */
export type Role = 'router' | 'host';

/** A namespace with its settings; devices made later in it inherit what is said of `default`. */
export function addNetns(netns: Netns, role: Role, families: readonly IpFamily[]): Plan {
  const settings = families.flatMap((family) => Object.entries(SETTINGS[role][family]));
  return [
    { kind: 'add-netns', netns },
    { kind: 'set-link', netns, device: 'lo', state: 'up' },
    ...settings.map(([key, value]): Command => ({ kind: 'set-sysctl', netns, key, value })),
  ];
}

// An ICMP error is an answer here: the kernel must not save on them (ip-sysctl: icmp_ratemask).
const ERRORS = { 4: { 'net/ipv4/icmp_ratemask': '0' }, 6: { 'net/ipv6/icmp/ratelimit': '0' } };

// Addresses are ours to give: nobody need ask the wire whether they are taken.
const NO_DAD = { 'net/ipv6/conf/all/accept_dad': '0', 'net/ipv6/conf/default/accept_dad': '0' };

const SETTINGS: Record<Role, Record<IpFamily, Readonly<Record<string, string>>>> = {
  host: { 4: ERRORS[4], 6: { ...ERRORS[6], ...NO_DAD } },
  router: {
    4: {
      ...ERRORS[4],
      // A filter on reverse paths would judge before any policy is asked.
      'net/ipv4/conf/all/rp_filter': '0',
      'net/ipv4/conf/default/rp_filter': '0',
      // What leaves by the device it came from is on its way; nobody shall be told of shortcuts.
      'net/ipv4/conf/all/send_redirects': '0',
      'net/ipv4/conf/default/send_redirects': '0',
      'net/ipv4/ip_forward': '1',
    },
    6: { ...ERRORS[6], ...NO_DAD, 'net/ipv6/conf/all/forwarding': '1' },
  },
};

/** One end of a cable by where it is; its MAC address follows from that. */
export const endOf = (netns: Netns, device: string): LinkEnd => ({
  netns,
  device,
  mac: macOf(netns, device),
});

/** A cable, both ends up. */
export const cable = (a: LinkEnd, b: LinkEnd): Plan => [
  { kind: 'add-veth', a, b, mtu: MTU },
  { kind: 'set-link', netns: a.netns, device: a.device, state: 'up' },
  { kind: 'set-link', netns: b.netns, device: b.device, state: 'up' },
];

/** A command about a route. */
export type Route = Extract<Command, { readonly kind: 'add-route' | 'remove-route' }>;

/** Every address of the family. */
export const anywhere = (family: IpFamily): Cidr => ({
  address: ipFromBits(0n, family),
  prefix: 0,
});

/**
 * A neighbour that never expires: the kernel's table has 1,024 places for all namespaces together
 * (net.ipv4.neigh.default.gc_thresh3), so nothing here is learned.
 */
export const neighbour = ({ netns, device }: LinkEnd, address: Ip, mac: string): Command => ({
  kind: 'add-neighbour',
  netns,
  device,
  address,
  mac,
});

/** A route through a neighbour at the cable's other end. */
export const routeVia = (
  { netns, device }: Pick<LinkEnd, 'netns' | 'device'>,
  to: Cidr,
  { gateway = GATEWAY[familyOf(to.address)], table = TABLE.main as number } = {},
): Route => ({
  kind: 'add-route',
  netns,
  to,
  hop: { kind: 'via', device, gateway, onlink: true },
  table,
});

/**
 * A route to nowhere: by the loopback, where `NO_ROUTE` refuses it. The kernel's own `unreachable`
 * would answer a few packets a second and be silent to the rest (ip_error, net.ipv4.route.
 * error_burst), and silence means a filter.
 */
export const nowhere = (netns: Netns, to: Cidr, table: number): Route => ({
  kind: 'add-route',
  netns,
  to,
  hop: { kind: 'link', device: 'lo' },
  table,
});

/** The table `last` is the kernel's own habit in IPv4; in IPv6 it must be said. */
export const askLast = (netns: Netns, families: readonly IpFamily[]): Plan =>
  families
    .filter((family) => family === 6)
    .map((family) => ({
      kind: 'add-rule',
      netns,
      priority: 32_767,
      table: TABLE.last,
      from: anywhere(family),
    }));

/** RFC 5180: for tests, and on no network. */
const NOBODY_6 = ip('2001:2::8');

/**
 * A router without an address of its own still signs its errors: in IPv4 as 192.0.0.8 (RFC 7600),
 * in IPv6 only if it has one, since nobody passes on what a link-local address says.
 */
export const signErrors = (netns: Netns, families: readonly IpFamily[]): Plan =>
  families.includes(6) ? hold({ netns, device: 'lo' }, [NOBODY_6]) : [];

/** Answers what a router has no way for; before filters at its edges are asked. */
export const NO_ROUTE: NftChain = {
  name: 'no-route',
  base: 'type filter hook forward priority -35; policy accept;',
  rules: ['oifname "lo" reject with icmpx no-route comment "no route"'],
};

/** A route to an address at the cable's other end, and where it is. */
export const routeToHost = (
  near: LinkEnd,
  address: Ip,
  { mac, table = TABLE.main }: { readonly mac: string; readonly table?: number },
): Plan => [
  neighbour(near, address, mac),
  {
    kind: 'add-route',
    netns: near.netns,
    to: hostCidr(address),
    hop: { kind: 'link', device: near.device },
    table,
  },
];

/** A namespace with one cable, which holds addresses and sends everything to the other end. */
export interface Leaf {
  readonly netns: Netns;
  readonly addresses: readonly Ip[];
  /** Who routes for it, and the cable's end there. */
  readonly upstream: LinkEnd;
}

/**
 * A leaf's namespace and cable, with addresses, routes and neighbours at both ends. `table` is
 * where its upstream keeps the way to it.
 */
export function addLeaf(
  { netns, addresses, upstream }: Leaf,
  { role = 'host' as Role, table = TABLE.main as number } = {},
): Plan {
  const near = endOf(netns, UPLINK);
  return [
    ...addNetns(netns, role, familiesIn(addresses)),
    ...cable(near, upstream),
    ...hold(near, addresses),
    ...familiesIn(addresses).flatMap((family) => [
      neighbour(near, GATEWAY[family], upstream.mac),
      routeVia(near, anywhere(family)),
    ]),
    ...addresses.flatMap((address) => routeToHost(upstream, address, { mac: near.mac, table })),
  ];
}

/** Gives a device addresses, each for itself alone: nothing else is on this wire. */
export const hold = (
  { netns, device }: Pick<LinkEnd, 'netns' | 'device'>,
  addresses: readonly Ip[],
): Plan =>
  addresses.map((address) => ({
    kind: 'add-address',
    netns,
    device,
    address,
    prefix: hostCidr(address).prefix,
  }));

/** A cable between two routers: each knows the other as the gateway of its end. */
export const trunk = (a: LinkEnd, b: LinkEnd, families: readonly IpFamily[]): Plan => [
  ...cable(a, b),
  ...families.flatMap((family) => [
    neighbour(a, GATEWAY[family], b.mac),
    neighbour(b, GATEWAY[family], a.mac),
  ]),
];

/** The families that the addresses are of. */
export const familiesIn = (addresses: readonly Ip[]): readonly IpFamily[] => [
  ...new Set(addresses.map(familyOf)),
];

import {
  type Cidr,
  familyOf,
  hostCidr,
  type Ip,
  type IpFamily,
  ip,
  ipFromBits,
} from '../../model/address';
import type { Command, LinkEnd, Netns, Plan } from '../commands/command';
import type { NftChain } from '../nft/ruleset';

/** Routing tables of Linux: `main`, and `default`, which is used if `main` has no route. */
export const TABLE = { local: 255, main: 254, last: 253 } as const;

/**
 * The far end of every cable that needs no better name, as the VPC CNI gives it to its pods: an
 * address that no interface has, reached by a permanent neighbour entry.
 */
export const GATEWAY: Readonly<Record<IpFamily, Ip>> = { 4: ip('169.254.1.1'), 6: ip('fe80::1') };

/** A command about a route. */
export type RouteCommand = Extract<Command, { readonly kind: 'add-route' | 'remove-route' }>;

/** Every address of the family. */
export const anywhere = (family: IpFamily): Cidr => ({
  address: ipFromBits(0n, family),
  prefix: 0,
});

/** A route through a neighbour at the cable's other end. */
export const routeVia = (
  { netns, device }: Pick<LinkEnd, 'netns' | 'device'>,
  to: Cidr,
  { gateway = GATEWAY[familyOf(to.address)], table = TABLE.main as number } = {},
): RouteCommand => ({
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
export const nowhere = (netns: Netns, to: Cidr, table: number): RouteCommand => ({
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
 * in IPv6 only if it has one, since packets from a link-local address are not forwarded.
 */
export const signErrors = (netns: Netns, families: readonly IpFamily[]): Plan =>
  families.includes(6) ? hold({ netns, device: 'lo' }, [NOBODY_6]) : [];

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

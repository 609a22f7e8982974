import { familiesIn, type Ip, type IpFamily } from '../../model/address';
import type { LinkEnd, Netns, Plan } from '../commands/command';
import { macOf, UPLINK } from '../commands/names';
import { addNetns, type Role } from './netns';
import { anywhere, GATEWAY, hold, neighbour, routeToHost, routeVia, TABLE } from './routes';

/** Ethernet's, and the kernel's own default for veth. */
export const MTU = 1500;

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

/** A cable between two routers: each knows the other as the gateway of its end. */
export const trunk = (a: LinkEnd, b: LinkEnd, families: readonly IpFamily[]): Plan => [
  ...cable(a, b),
  ...families.flatMap((family) => [
    neighbour(a, GATEWAY[family], b.mac),
    neighbour(b, GATEWAY[family], a.mac),
  ]),
];

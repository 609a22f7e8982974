import { familyOf, hostCidr, type Ip, type IpFamily, ip, ipFromBits } from '../model/address';
import type { NodeEndpoint, OutsideEndpoint, PodEndpoint, World } from '../model/world';
import type { Command, LinkEnd, Netns } from './command';
import { macOf, netnsOf, podDevice, ROUTER, routerDevice, UPLINK } from './names';

/** Routing table `main`. */
const MAIN = 254;

/** Ethernet's; the kernel's default for veth. */
export const MTU = 1500;

/**
 * The gateway every leaf of the network has, as the VPC CNI gives it to its pods: an address that
 * nobody holds, reached by a permanent neighbour entry.
 */
const GATEWAY = { 4: ip('169.254.1.1'), 6: ip('fe80::1') } as const;

/** A namespace with one cable, which holds addresses and sends everything to the other end. */
interface Leaf {
  readonly netns: Netns;
  readonly addresses: readonly Ip[];
  /** Who routes for it, and the cable's end there. */
  readonly upstream: { readonly netns: Netns; readonly device: string };
}

/** A namespace that forwards for others, or a host that only sends its own. */
export type Role = 'router' | 'host';

/** A namespace with its settings; devices made later in it inherit what is said of `default`. */
export function addNetns(
  netns: Netns,
  role: Role,
  families: readonly IpFamily[],
): readonly Command[] {
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
      'net/ipv4/ip_forward': '1',
    },
    6: { ...ERRORS[6], ...NO_DAD, 'net/ipv6/conf/all/forwarding': '1' },
  },
};

/** A pod's namespace and its cable to its node. */
export const addPod = (pod: PodEndpoint): readonly Command[] => [
  ...addNetns(netnsOf(pod), 'host', familiesAt(pod)),
  ...connect(podLeaf(pod)),
];

const podLeaf = (pod: PodEndpoint): Leaf => ({
  netns: netnsOf(pod),
  addresses: pod.addresses,
  upstream: { netns: `node/${pod.node}`, device: podDevice(pod) },
});

const familiesAt = ({ addresses }: Pick<Leaf, 'addresses'>): readonly IpFamily[] => [
  ...new Set(addresses.map(familyOf)),
];

/** A node's namespace and its cable to the router. */
export const addNode = (node: NodeEndpoint): readonly Command[] => [
  ...addNetns(netnsOf(node), 'router', familiesAt(node)),
  ...connect(routedLeaf(node)),
];

/** A host outside, one hop behind the router. */
export const addOutside = (host: OutsideEndpoint): readonly Command[] => [
  ...addNetns(netnsOf(host), 'host', familiesAt(host)),
  ...connect(routedLeaf(host)),
];

const routedLeaf = (endpoint: NodeEndpoint | OutsideEndpoint): Leaf => ({
  netns: netnsOf(endpoint),
  addresses: endpoint.addresses,
  upstream: { netns: ROUTER, device: routerDevice(netnsOf(endpoint)) },
});

/**
 * Cable, addresses, routes and neighbours of a leaf, both ends. Every neighbour is permanent: the
 * kernel's table has 1,024 places for all namespaces together (net.ipv4.neigh.default.gc_thresh3).
 */
function connect({ netns, addresses, upstream }: Leaf): readonly Command[] {
  const near: LinkEnd = { netns, device: UPLINK, mac: macOf(netns, UPLINK) };
  const far: LinkEnd = { ...upstream, mac: macOf(upstream.netns, upstream.device) };
  return [
    { kind: 'add-veth', a: near, b: far, mtu: MTU },
    { kind: 'set-link', netns, device: UPLINK, state: 'up' },
    { kind: 'set-link', netns: far.netns, device: far.device, state: 'up' },
    ...addresses.map(
      (address): Command => ({
        kind: 'add-address',
        netns,
        device: UPLINK,
        address,
        prefix: hostCidr(address).prefix,
      }),
    ),
    ...familiesAt({ addresses }).flatMap((family) => defaultRoute(netns, far.mac, GATEWAY[family])),
    ...addresses.flatMap((address) => hostRoute(far, near.mac, address)),
  ];
}

function defaultRoute(netns: Netns, mac: string, gateway: Ip): readonly Command[] {
  const family = familyOf(gateway);
  return [
    { kind: 'add-neighbour', netns, device: UPLINK, address: gateway, mac },
    {
      kind: 'add-route',
      netns,
      to: { address: ipFromBits(0n, family), prefix: 0 },
      hop: { kind: 'via', device: UPLINK, gateway, onlink: true },
      table: MAIN,
    },
  ];
}

const hostRoute = (far: LinkEnd, mac: string, address: Ip): readonly Command[] => [
  { kind: 'add-neighbour', netns: far.netns, device: far.device, address, mac },
  {
    kind: 'add-route',
    netns: far.netns,
    to: hostCidr(address),
    hop: { kind: 'link', device: far.device },
    table: MAIN,
  },
];

/** The router's way to a pod: through its node. */
export function routeToPod(world: World, pod: PodEndpoint, kind: 'add-route' | 'remove-route') {
  const node = world.nodes.find(({ name }) => name === pod.node);
  return pod.addresses.flatMap((address): readonly Command[] => {
    const gateway = node?.addresses.find((own) => familyOf(own) === familyOf(address));
    if (node === undefined || gateway === undefined) return [];
    const device = routerDevice(netnsOf(node));
    return [
      {
        kind,
        netns: ROUTER,
        to: hostCidr(address),
        hop: { kind: 'via', device, gateway, onlink: true },
        table: MAIN,
      },
    ];
  });
}

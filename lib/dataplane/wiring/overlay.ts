import { familyOf, hostCidr, type Ip, ip, offsetIp } from '../../model/address';
import type { Datapath } from '../../model/datapath';
import type { NodeEndpoint, PodEndpoint, World } from '../../model/world';
import type { Command, Plan } from '../commands/command';
import {
  macOf,
  netnsOf,
  nodeNetns,
  podDevice,
  ROUTER,
  routerDevice,
  UPLINK,
} from '../commands/names';
import { onBridge } from './bridge';
import { endOf, MTU } from './cables';
import type { NodeNetwork } from './fabric';
import { GATEWAY, hold, neighbour, type RouteCommand, routeVia, TABLE } from './routes';

type Overlay = Exclude<Datapath, 'vpc-cni'>;

/** How one of them does it. */
interface Style {
  /** The tunnel's device, VXLAN network and UDP port; none where packets travel as they are. */
  readonly tunnel?: { readonly device: string; readonly vni: number; readonly port: number };
  /** The bridge that pods hang on; none where each has a cable of its own to the node. */
  readonly bridge?: string;
}

/** Names and numbers as the plugins choose them (Felix: VXLANVNI, VXLANPort; flannel: vxlan backend). */
const STYLES: Readonly<Record<Overlay, Style>> = {
  'calico-vxlan': { tunnel: { device: 'vxlan.calico', vni: 4096, port: 4789 } },
  'flannel-vxlan': { tunnel: { device: 'flannel.1', vni: 1, port: 8472 }, bridge: 'cni0' },
  'host-gw': {},
};

/** The bridge that a data path hangs its pods on; none where the pod's own cable tells them apart. */
export const bridgeOf = (datapath: Datapath): string | undefined =>
  datapath === 'vpc-cni' ? undefined : STYLES[datapath].bridge;

/** The UDP port by which nodes carry pods' packets to each other; none without a tunnel. */
export const tunnelPortOf = (datapath: Datapath): number | undefined =>
  datapath === 'vpc-cni' ? undefined : STYLES[datapath].tunnel?.port;

/** What VXLAN adds to a packet: outer IPv4 20, UDP 8, VXLAN 8, inner Ethernet 14 (RFC 7348). */
const VXLAN_HEADERS = 50;

/** Tunnel ends have addresses of their own; this block is never on a network (RFC 2544). */
const TUNNEL_ENDS = ip('198.19.0.0');

/** The switch that makes neighbours of nodes that send each other pods' packets as they are. */
const SEGMENT = endOf(ROUTER, 'segment');

/**
 * A fabric whose nodes carry pods' packets to each other themselves, over tunnels or as neighbours
 * on one segment. What leaves the cluster still goes the base's way. IPv6 stays the base's too.
 */
export function overlayFabric(world: World, base: NodeNetwork, datapath: Overlay): NodeNetwork {
  const style = STYLES[datapath];
  const others = (name: string) => world.nodes.filter((node) => node.name !== name);
  const routes = (pod: PodEndpoint): readonly RouteCommand[] =>
    others(pod.node).flatMap((node) => routesOver(world, style, { node, pod }));
  return {
    ...base,
    ground: (outside) => [
      ...base.ground(outside),
      ...(style.tunnel === undefined ? addSegment() : []),
    ],
    addNode: (node) => [...base.addNode(node), ...addCarrier(world, style, node)],
    connect: () => [
      ...base.connect(),
      ...world.nodes.flatMap((node) =>
        others(node.name).flatMap((other) => introduce(world, style, { node, other })),
      ),
    ],
    addPod: (pod) => [...hang(base, style, pod), ...routes(pod)],
    removePod: (pod) => [
      ...routes(pod).map((route): Command => ({ ...route, kind: 'remove-route' })),
      ...hang(base, style, pod).flatMap((command) => unhang(style, command)),
      ...base.removePod(pod),
    ],
  };
}

const addressOf = ({ addresses }: NodeEndpoint): Ip | undefined =>
  addresses.find((address) => familyOf(address) === 4);

/** A node's end of the tunnels, and its address there. */
function tunnelEnd(world: World, node: NodeEndpoint, device: string) {
  const index = world.nodes.findIndex(({ name }) => name === node.name);
  return { end: endOf(netnsOf(node), device), address: offsetIp(TUNNEL_ENDS, index + 1) };
}

const addSegment = (): Plan => [
  { kind: 'add-bridge', netns: ROUTER, device: SEGMENT.device, mac: SEGMENT.mac },
  { kind: 'set-link', netns: ROUTER, device: SEGMENT.device, state: 'up' },
];

/** What a node needs to carry: a tunnel's end or a place on the segment, and perhaps a bridge. */
function addCarrier(world: World, { tunnel, bridge }: Style, node: NodeEndpoint): Plan {
  const netns = netnsOf(node);
  const local = addressOf(node);
  if (local === undefined) return [];
  return [
    ...(tunnel === undefined ? joinSegment(node, local) : []),
    ...(tunnel === undefined ? [] : addTunnel(world, node, { ...tunnel, local })),
    ...(bridge === undefined
      ? []
      : ([
          { kind: 'add-bridge', netns, device: bridge, mac: macOf(netns, bridge) },
          { kind: 'set-link', netns, device: bridge, state: 'up' },
        ] as const)),
  ];
}

function addTunnel(
  world: World,
  node: NodeEndpoint,
  tunnel: {
    readonly device: string;
    readonly vni: number;
    readonly port: number;
    readonly local: Ip;
  },
): Plan {
  const { end, address } = tunnelEnd(world, node, tunnel.device);
  return [
    { kind: 'add-vxlan', ...tunnel, ...end, mtu: MTU - VXLAN_HEADERS },
    { kind: 'set-link', netns: end.netns, device: end.device, state: 'up' },
    ...hold(end, [address]),
  ];
}

/** The router reaches the node over the segment, where its other neighbours reach it too. */
function joinSegment(node: NodeEndpoint, local: Ip): Plan {
  const netns = netnsOf(node);
  const device = routerDevice(netns);
  const old: RouteCommand = {
    kind: 'add-route',
    netns: ROUTER,
    to: hostCidr(local),
    hop: { kind: 'link', device },
    table: TABLE.main,
  };
  return [
    { ...old, kind: 'remove-route' },
    { kind: 'set-master', netns: ROUTER, device, bridge: SEGMENT.device },
    { ...old, hop: { kind: 'link', device: SEGMENT.device } },
    neighbour(SEGMENT, local, macOf(netns, UPLINK)),
    neighbour(endOf(netns, UPLINK), GATEWAY[4], SEGMENT.mac),
  ];
}

interface Pair {
  readonly node: NodeEndpoint;
  readonly other: NodeEndpoint;
}

/** Where a node finds another: its tunnel's end, or its place on the segment. */
function introduce(world: World, { tunnel }: Style, { node, other }: Pair): Plan {
  const remote = addressOf(other);
  if (remote === undefined) return [];
  const uplink = endOf(netnsOf(node), UPLINK);
  if (tunnel === undefined) return [neighbour(uplink, remote, macOf(netnsOf(other), UPLINK))];
  const { end } = tunnelEnd(world, node, tunnel.device);
  const far = tunnelEnd(world, other, tunnel.device);
  return [
    neighbour(end, far.address, far.end.mac),
    { kind: 'add-fdb', netns: end.netns, device: end.device, mac: far.end.mac, remote },
  ];
}

/** A node's way to a pod of another: by its tunnel's end, or by the node itself. */
function routesOver(
  world: World,
  { tunnel }: Style,
  { node, pod }: { readonly node: NodeEndpoint; readonly pod: PodEndpoint },
): readonly RouteCommand[] {
  const home = world.nodes.find(({ name }) => name === pod.node);
  const [local, remote] = [addressOf(node), home && addressOf(home)];
  if (home === undefined || local === undefined || remote === undefined) return [];
  const netns = netnsOf(node);
  const via =
    tunnel === undefined
      ? { near: { netns, device: UPLINK }, gateway: remote }
      : {
          near: { netns, device: tunnel.device },
          gateway: tunnelEnd(world, home, tunnel.device).address,
        };
  return pod.addresses
    .filter((address) => familyOf(address) === 4)
    .map((address) => ({
      ...routeVia(via.near, hostCidr(address), { gateway: via.gateway }),
      // Policies know nodes by their own addresses, not by their tunnels'.
      source: local,
    }));
}

/** A pod's cable, narrowed by what a tunnel adds; on the node's bridge where there is one. */
function hang(base: NodeNetwork, { tunnel, bridge }: Style, pod: PodEndpoint): Plan {
  const mtu = tunnel === undefined ? MTU : MTU - VXLAN_HEADERS;
  const plan = base
    .addPod(pod)
    .map((command): Command => (command.kind === 'add-veth' ? { ...command, mtu } : command));
  const port = { netns: nodeNetns(pod.node), device: podDevice(pod) };
  return bridge === undefined ? plan : onBridge(plan, { ...port, bridge });
}

/** A way by the bridge stays when the pod's cable is gone: the bridge does. */
const unhang = ({ bridge }: Style, command: Command): Plan =>
  command.kind === 'add-route' && command.hop.kind === 'link' && command.hop.device === bridge
    ? [{ ...command, kind: 'remove-route' }]
    : [];

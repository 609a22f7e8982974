import { familyOf, formatCidr, type IpFamily } from '../../model/address';
import type { NodeEndpoint, World } from '../../model/world';
import { addressField, addressType } from './match';
import { familiesOf } from './rules';
import type { NftChain, NftSet, NftTable } from './ruleset';
import {
  clusterIpsOf,
  compileFront,
  externalIpsOf,
  type Front,
  frontChain,
  frontsOf,
  isLocal,
  MASQUERADE,
  protocolOf,
  takers,
} from './service-fronts';

/**
 * Services as kube-proxy's nftables mode makes them, in each node for its pods and for itself.
 *
 * A verdict map from address, protocol and port leads to a Service port's chain, which picks a
 * ready backend at random. The translation comes first (prerouting, output), so policies see the
 * backend's address and port. What has no backend is refused before policies are asked, like
 * kube-proxy does it, but with ICMP host unreachable; what has
 * backends, and none where `Local` demands one, is dropped.
 */
export function servicesTable(world: World, node: NodeEndpoint): NftTable {
  const families = familiesOf(world);
  const fronts = world.services.flatMap((service) => frontsOf(service, node));
  const served = fronts.filter((front) => front.everywhere.length > 0).map(compileFront);
  const hooks = families.map((family) => ({
    family,
    node,
    fronts: fronts.filter((front) => front.family === family),
  }));
  return {
    purpose: 'services',
    sets: [...served.flatMap(({ sets }) => sets), ...hooks.flatMap(setsOf)],
    chains: [
      ...served.flatMap(({ chains }) => chains),
      natChain('prerouting', 'prerouting priority dstnat', hooks),
      natChain('output', 'output priority -100', hooks),
      {
        name: 'postrouting',
        base: 'type nat hook postrouting priority srcnat; policy accept;',
        rules: hooks.flatMap(masquerade),
      },
      ...(['forward', 'output'] as const).map((hook) => unservedChain(hook, world, hooks)),
      unservedPorts(hooks),
      ...(['prerouting', 'output'] as const)
        .map((hook) => sourceRanges(hook, hooks))
        .filter(({ rules }) => rules.length > 0),
    ],
  };
}

/** One family of a node's Services. */
interface Scope {
  readonly family: IpFamily;
  readonly node: NodeEndpoint;
  readonly fronts: readonly Front[];
}

const sockets = (front: Front): readonly string[] =>
  clusterIpsOf(front).map((ip) => `${ip} . ${protocolOf(front)} . ${front.port.port}`);

const external = (front: Front): readonly string[] =>
  externalIpsOf(front).map((ip) => `${ip} . ${protocolOf(front)} . ${front.port.port}`);

/** Where each address of a Service port leads, as long as a backend takes it. */
function chainsOf(front: Front): readonly string[] {
  const inside = frontChain(front, isLocal(front, 'internal') ? 'local' : 'service');
  const isReached = takers(front, 'internal').length > 0;
  const isServed = front.everywhere.length > 0;
  return [
    ...(isReached ? sockets(front).map((socket) => `${socket} : goto ${inside}`) : []),
    ...(isServed
      ? external(front).map((socket) => `${socket} : goto ${frontChain(front, 'external')}`)
      : []),
  ];
}

function setsOf({ family, fronts }: Scope): readonly NftSet[] {
  const socket = `${addressType(family)} . inet_proto . inet_service`;
  const ports = fronts.filter(({ port }) => port.nodePort !== undefined);
  const nodePort = (front: Front): string => `${protocolOf(front)} . ${front.port.nodePort}`;
  const set = (name: string, type: string, elements: readonly string[]): NftSet => ({
    name: `${name}${family}`,
    type,
    interval: false,
    elements: [...new Set(elements)],
  });
  const unserved = fronts.filter(({ everywhere }) => everywhere.length === 0);
  const opened = ports.filter((front) => front.everywhere.length > 0);
  return [
    set('service-ips', `${socket} : verdict`, fronts.flatMap(chainsOf)),
    set(
      'node-ports',
      'inet_proto . inet_service : verdict',
      opened.map((front) => `${nodePort(front)} : goto ${frontChain(front, 'external')}`),
    ),
    set('cluster-ips', addressType(family), fronts.flatMap(clusterIpsOf)),
    set('none-here', socket, [
      ...fronts.filter(isNoneHere('internal')).flatMap(sockets),
      ...fronts.filter(isNoneHere('external')).flatMap(external),
    ]),
    ...(isCalledFromOutside(fronts) ? [set('none', socket, unserved.flatMap(external))] : []),
    set(
      'no-port-here',
      'inet_proto . inet_service',
      ports.filter(isNoneHere('external')).map(nodePort),
    ),
    set(
      'no-port',
      'inet_proto . inet_service',
      ports.filter((front) => front.everywhere.length === 0).map(nodePort),
    ),
  ];
}

/** Backends there are, and none that may take it here. */
const isNoneHere =
  (side: 'internal' | 'external') =>
  (front: Front): boolean =>
    front.everywhere.length > 0 && takers(front, side).length === 0;

const socketOf = (family: IpFamily): string =>
  `${addressField(family, 'destination')} . meta l4proto . th dport`;

const ownAddresses = ({ family, node }: Scope): readonly string[] =>
  node.addresses.filter((address) => familyOf(address) === family);

/** Packets to the node's own addresses. */
const toNode = (scope: Scope): readonly string[] =>
  ownAddresses(scope).map((own) => `${addressField(scope.family, 'destination')} ${own}`);

const natChain = (name: string, hook: string, scopes: readonly Scope[]): NftChain => ({
  name: `nat-${name}`,
  base: `type nat hook ${hook}; policy accept;`,
  rules: scopes.flatMap((scope) => [
    `${socketOf(scope.family)} vmap @service-ips${scope.family}`,
    ...toNode(scope).map((own) => `${own} meta l4proto . th dport vmap @node-ports${scope.family}`),
  ]),
});

const REFUSE = 'reject with icmpx host-unreachable';

/** Whether nodes serve external addresses, or a load balancer's. */
const isCalledFromOutside = (fronts: readonly Front[]): boolean =>
  fronts.some((front) => externalIpsOf(front).length > 0);

const noneOf = ({ family, fronts }: Pick<Scope, 'family' | 'fronts'>): readonly string[] =>
  isCalledFromOutside(fronts)
    ? [`${socketOf(family)} @none${family} ${REFUSE} comment "service without endpoints"`]
    : [];

/** A packet that still has a Service's address was not translated: no such port, or no backend. */
function unservedChain(
  hook: 'forward' | 'output',
  world: World,
  scopes: readonly Scope[],
): NftChain {
  const known = scopes.flatMap(({ family, fronts }) => [
    `${socketOf(family)} @none-here${family} drop comment "no backend on this node"`,
    ...noneOf({ family, fronts }),
    `${addressField(family, 'destination')} @cluster-ips${family} ${REFUSE} comment "service without endpoints"`,
  ]);
  const unknown = (world.serviceBlocks ?? [world.serviceCidr])
    .map((block) => ({ block, family: familyOf(block.address) }))
    .filter(({ family }) => scopes.some((scope) => scope.family === family))
    .map(
      ({ block, family }) =>
        `${addressField(family, 'destination')} ${formatCidr(block)} ${REFUSE} comment "no such service"`,
    );
  return {
    name: `unserved-${hook}`,
    base: `type filter hook ${hook} priority -10; policy accept;`,
    rules: [...known, ...unknown],
  };
}

/** The same for node ports: no process listens there, and kube-proxy decides about them. */
const unservedPorts = (scopes: readonly Scope[]): NftChain => ({
  name: 'unserved-input',
  base: 'type filter hook input priority -10; policy accept;',
  rules: scopes.flatMap((scope) => [
    // An external address may be the node's own.
    ...(isCalledFromOutside(scope.fronts)
      ? [
          `${socketOf(scope.family)} @none-here${scope.family} drop comment "no backend on this node"`,
          ...noneOf(scope),
        ]
      : []),
    ...toNode(scope).flatMap((own) => [
      `${own} meta l4proto . th dport @no-port-here${scope.family} drop comment "no backend on this node"`,
      `${own} meta l4proto . th dport @no-port${scope.family} ${REFUSE} comment "node port without endpoints"`,
    ]),
  ]),
});

/**
 * Who may call a load balancer's address, asked before the translation (kubernetes pkg/proxy/nftables:
 * firewall-ips, in prerouting and output).
 */
const sourceRanges = (hook: 'prerouting' | 'output', scopes: readonly Scope[]): NftChain => ({
  name: `ranges-${hook}`,
  base: `type filter hook ${hook} priority -110; policy accept;`,
  rules: scopes.flatMap(({ family, fronts }) =>
    fronts.flatMap((front) => {
      const { sourceRanges: ranges, balancerVips = [] } = front.service;
      if (ranges === undefined) return [];
      const admitted = ranges.filter(({ address }) => familyOf(address) === family).map(formatCidr);
      const others =
        admitted.length === 0
          ? ''
          : `${addressField(family, 'source')} != { ${admitted.join(', ')} } `;
      return balancerVips
        .filter((address) => familyOf(address) === family)
        .map(
          (address) =>
            `${addressField(family, 'destination')} ${address} ${protocolOf(front)} dport ${front.port.port} ${others}drop comment "source ranges"`,
        );
    }),
  ),
});

function masquerade(scope: Scope): readonly string[] {
  const [own] = ownAddresses(scope);
  const { family } = scope;
  return own === undefined
    ? []
    : [
        `meta nfproto ipv${family} meta mark and ${MASQUERADE} == ${MASQUERADE} snat ${family === 4 ? 'ip' : 'ip6'} to ${own}`,
      ];
}

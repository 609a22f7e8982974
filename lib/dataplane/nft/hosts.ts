import { familiesIn, familyOf } from '../../model/address';
import type { Direction } from '../../model/flow';
import { DEFAULT, ruleName } from '../../model/rule-name';
import type { HostEndpoint, NodeEndpoint, PodEndpoint, World } from '../../model/world';
import { podsOn } from '../commands/names';
import { type HostHook, PLACES } from './host-places';
import { addressField } from './match';
import { type NftChain, quoted } from './ruleset';
import type { ChainOf, ChainTree } from './tiers';

/** A base chain of a node's own interfaces, and the policies it asks. */
export interface HostFilter {
  readonly chain: NftChain;
  readonly trees: readonly ChainTree[];
}

/** A node, and the UDP port by which its tunnels arrive, where it has any. */
export interface Host {
  readonly node: NodeEndpoint;
  readonly tunnelPort: number | undefined;
}

/** The filters of a node's host endpoints; none where it has none. Pods' cables are not theirs. */
export function hostFilters(world: World, chainOf: ChainOf, host: Host): readonly HostFilter[] {
  const endpoints = world.hostEndpoints
    .filter((endpoint) => endpoint.node === host.node.name)
    // A named interface comes before all of them (Calico: HostEndpoint, interfaceName).
    .sort((a, b) => Number(a.interfaceName === '*') - Number(b.interfaceName === '*'));
  return endpoints.length === 0
    ? []
    : PLACES.flatMap((place) => placeFilter(chainOf, exempting(world, place, host), endpoints));
}

/** What no policy of the host itself is asked about: tunnels, and its own pods. */
function exempting(world: World, place: HostHook, { node, tunnelPort }: Host): HostHook {
  if (place.traffic !== 'host') return place;
  const tunnels =
    tunnelPort === undefined ? [] : [`udp dport ${tunnelPort} accept comment "tunnels"`];
  const own = place.direction === 'egress' ? toOwnPods(podsOn(world, node)) : [];
  return { ...place, first: [...tunnels, ...own, ...place.first] };
}

/**
 * What a node sends to its own pods passes. By address: after a Service's translation the output
 * hook still names the device of the first route.
 */
function toOwnPods(pods: readonly PodEndpoint[]): readonly string[] {
  const addresses = pods.flatMap((pod) => pod.addresses);
  return familiesIn(addresses).map((family) => {
    const own = addresses.filter((address) => familyOf(address) === family);
    return `${addressField(family, 'destination')} { ${own.join(', ')} } accept comment "own pods"`;
  });
}

function placeFilter(
  chainOf: ChainOf,
  place: HostHook,
  endpoints: readonly HostEndpoint[],
): readonly HostFilter[] {
  const { name, hook, direction, policies, tierEnd } = place;
  const judged = endpoints.map((endpoint) => ({
    endpoint,
    chain: `${name}/${endpoint.name}`,
    tree: chainOf(
      { labels: endpoint.labels, title: `host endpoint ${endpoint.name}` },
      { direction, hooks: policies, tierEnd },
    ),
  }));
  const asked = judged.filter(({ tree }) => tree !== undefined || place.traffic === 'host');
  if (asked.length === 0) return [];
  const device = direction === 'ingress' ? 'iifname' : 'oifname';
  const base: NftChain = {
    name,
    base: `type filter hook ${hook}; policy accept;`,
    rules: [
      ...asked.map(({ endpoint, chain }) => `${device} "${deviceOf(endpoint)}" goto ${chain}`),
      ...(place.name === 'host-egress' ? asked.slice(0, 1).map(turnedAround) : []),
    ],
  };
  return [
    ...asked.map(({ endpoint, chain, tree }) => ({
      chain: { name: chain, rules: rulesOf(place, endpoint, tree) },
      trees: tree === undefined ? [] : [tree],
    })),
    { chain: base, trees: [] },
  ];
}

/**
 * What the node sent to its own address and a Service turned towards another node: here it still
 * says that it leaves by the loopback (Felix asks after the translation: cali-POSTROUTING).
 */
const turnedAround = ({ chain }: { readonly chain: string }): string =>
  `oifname "lo" ct status dnat fib daddr type != local goto ${chain}`;

const rulesOf = (
  place: HostHook,
  endpoint: HostEndpoint,
  tree: ChainTree | undefined,
): readonly string[] => [
  ...place.first,
  ...(tree === undefined ? [] : [`jump ${tree.chain.name}`]),
  ...(place.traffic === 'host' && !endpoint.defaultAllow ? [denial(place.direction)] : []),
];

/** Without a profile that allows, what no policy allowed is denied. */
function denial(direction: Direction): string {
  const object = DEFAULT.hostEndpoint;
  const name = ruleName({ filter: 'calico-policy', direction, object, rule: null });
  return `drop comment ${quoted(name)}`;
}

/** The lab calls a node's interfaces eth0 and on, whatever they are called on the machine meant. */
function deviceOf({ interfaceName }: HostEndpoint): string {
  if (interfaceName === '*') return 'eth*';
  return /^eth\d+$/.test(interfaceName) ? interfaceName : 'eth0';
}

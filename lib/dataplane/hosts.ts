import { familyOf } from '../model/address';
import type { Direction } from '../model/flow';
import type { PolicyHook } from '../model/policy';
import { DEFAULT, ruleName } from '../model/rule-name';
import type { HostEndpoint, NodeEndpoint, PodEndpoint, World } from '../model/world';
import { familiesIn } from './cables';
import { addressField } from './match';
import { podsOn } from './names';
import { ACCEPTED } from './rules';
import { type NftChain, quoted } from './ruleset';
import type { ChainOf, ChainTree } from './tiers';

/** A base chain of a node's own interfaces, and the policies it asks. */
export interface HostFilter {
  readonly chain: NftChain;
  readonly trees: readonly ChainTree[];
}

/** One place where a host endpoint's policies are asked (Calico: felix/rules/endpoints.go). */
interface Place {
  readonly name: string;
  readonly hook: string;
  readonly direction: Direction;
  readonly policies: readonly PolicyHook[];
  /** What happens before policies are asked. */
  readonly first: readonly string[];
  /** `host`: what is left falls to the profile; `passer-by`: it goes on. */
  readonly traffic: 'host' | 'passer-by';
  readonly tierEnd: 'denies' | 'is silent';
}

const ESTABLISHED = [
  'ct state established,related accept comment "established"',
  'ct state invalid drop comment "invalid"',
];

const DECIDED = `meta mark and ${ACCEPTED} == ${ACCEPTED} accept`;

/** Ports that Calico keeps open on host endpoints (Felix: FailsafeInboundHostPorts and Outbound). */
const FAILSAFE_TCP = '179, 2379, 2380, 5473, 6443, 6666, 6667';

const failsafe = (direction: Direction): readonly string[] => {
  const tcp = direction === 'ingress' ? `{ 22, ${FAILSAFE_TCP} }` : `{ ${FAILSAFE_TCP} }`;
  const udp = direction === 'ingress' ? '{ 68 }' : '{ 53, 67 }';
  const object = DEFAULT.failsafe;
  const name = quoted(ruleName({ filter: 'calico-policy', direction, object, rule: null }));
  return [`tcp dport ${tcp} accept comment ${name}`, `udp dport ${udp} accept comment ${name}`];
};

/**
 * Before connections are tracked nothing knows replies: there the failsafe ports are let through
 * as sources too, the other way.
 */
const failsafeReplies = (direction: Direction): readonly string[] =>
  failsafe(direction === 'ingress' ? 'egress' : 'ingress').map((rule) =>
    rule.replace('dport', 'sport'),
  );

const PLACES: readonly Place[] = [
  {
    name: 'untracked-ingress',
    hook: 'prerouting priority -300',
    direction: 'ingress',
    policies: ['untracked'],
    first: [...failsafe('ingress'), ...failsafeReplies('ingress')],
    traffic: 'passer-by',
    tierEnd: 'is silent',
  },
  {
    name: 'untracked-egress',
    hook: 'output priority -300',
    direction: 'egress',
    policies: ['untracked'],
    first: [...failsafe('egress'), ...failsafeReplies('egress')],
    traffic: 'passer-by',
    tierEnd: 'is silent',
  },
  {
    name: 'pre-dnat-ingress',
    hook: 'prerouting priority -150',
    direction: 'ingress',
    policies: ['pre-dnat'],
    first: [DECIDED, ...ESTABLISHED, ...failsafe('ingress')],
    traffic: 'passer-by',
    tierEnd: 'is silent',
  },
  {
    name: 'host-ingress',
    hook: 'input priority 2',
    direction: 'ingress',
    policies: ['normal', 'apply-on-forward'],
    first: [DECIDED, ...ESTABLISHED, ...failsafe('ingress')],
    traffic: 'host',
    tierEnd: 'denies',
  },
  {
    name: 'host-egress',
    hook: 'output priority 2',
    direction: 'egress',
    policies: ['normal', 'apply-on-forward'],
    first: [DECIDED, ...ESTABLISHED, ...failsafe('egress')],
    traffic: 'host',
    tierEnd: 'denies',
  },
  {
    name: 'through-ingress',
    hook: 'forward priority -5',
    direction: 'ingress',
    policies: ['apply-on-forward'],
    // What was accepted before translation is not asked again (Felix: StaticFilterForwardChains).
    first: [DECIDED, ...ESTABLISHED],
    traffic: 'passer-by',
    tierEnd: 'denies',
  },
  {
    name: 'through-egress',
    hook: 'forward priority 2',
    direction: 'egress',
    policies: ['apply-on-forward'],
    first: ESTABLISHED,
    traffic: 'passer-by',
    tierEnd: 'denies',
  },
];

/** The filters of a node's host endpoints; none where it has none. Pods' cables are not theirs. */
export function hostFilters(
  world: World,
  chainOf: ChainOf,
  node: NodeEndpoint,
): readonly HostFilter[] {
  const endpoints = world.hostEndpoints
    .filter((endpoint) => endpoint.node === node.name)
    // A named interface comes before all of them (Calico: HostEndpoint, interfaceName).
    .sort((a, b) => Number(a.interfaceName === '*') - Number(b.interfaceName === '*'));
  return endpoints.length === 0
    ? []
    : PLACES.flatMap((place) =>
        placeFilter(chainOf, exempting(place, podsOn(world, node)), endpoints),
      );
}

/**
 * What a node sends to its own pods passes. By address: after a Service's translation the output
 * hook still names the device of the first route.
 */
function exempting(place: Place, pods: readonly PodEndpoint[]): Place {
  if (place.name !== 'host-egress') return place;
  const addresses = pods.flatMap((pod) => pod.addresses);
  const rules = familiesIn(addresses).map((family) => {
    const own = addresses.filter((address) => familyOf(address) === family);
    return `${addressField(family, 'destination')} { ${own.join(', ')} } accept comment "own pods"`;
  });
  return { ...place, first: [...rules, ...place.first] };
}

function placeFilter(
  chainOf: ChainOf,
  place: Place,
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
    rules: asked.map(({ endpoint, chain }) => `${device} "${deviceOf(endpoint)}" goto ${chain}`),
  };
  return [
    ...asked.map(({ endpoint, chain, tree }) => ({
      chain: { name: chain, rules: rulesOf(place, endpoint, tree) },
      trees: tree === undefined ? [] : [tree],
    })),
    { chain: base, trees: [] },
  ];
}

const rulesOf = (
  place: Place,
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
const deviceOf = ({ interfaceName }: HostEndpoint): string =>
  interfaceName === '*' ? 'eth*' : /^eth\d+$/.test(interfaceName) ? interfaceName : 'eth0';

import { familyOf } from '../model/address';
import type { Direction } from '../model/flow';
import type { StagedMode } from '../model/policy-order';
import type { NodeEndpoint, PodEndpoint, World } from '../model/world';
import { type HostFilter, hostFilters } from './hosts';
import { addressField } from './match';
import { podDevice, podsOn } from './names';
import type { NftChain, NftSet, NftTable } from './ruleset';
import { type ChainOf, type ChainTree, compileTiers, flatten } from './tiers';

/**
 * Compiles the world's policies once, and answers each node's table.
 *
 * A packet meets: what is established is accepted; a verdict map sends the rest by device to the
 * chain of the pod it leaves (egress) or enters (ingress); that chain asks its tiers in order; a
 * tier asks its policies in order and ends with the tier's denial. Egress and ingress are base
 * chains of their own, because `accept` ends only the base chain it is met in: an Allow in one
 * direction still leaves the other to be asked. A node's own packets to its pods meet neither
 * (Kubernetes: kubelet probes never break), a pod's packets to its node meet egress.
 */
export function compilePolicies(world: World, mode: StagedMode): (node: NodeEndpoint) => NftTable {
  const chainOf = compileTiers(world, mode);
  return (node) =>
    tableOf({ chainOf, pods: podsOn(world, node), exempt: callsFromNode(node) }, [
      ...hostFilters(world, chainOf, node),
    ]);
}

interface Judged {
  readonly chainOf: ChainOf;
  readonly pods: readonly PodEndpoint[];
  /** Rules of what no ingress policy is asked about. */
  readonly exempt: readonly string[];
}

function tableOf({ chainOf, pods, exempt }: Judged, hosts: readonly HostFilter[]): NftTable {
  const egress = dispatch(chainOf, pods, 'egress');
  const ingress = dispatch(chainOf, pods, 'ingress');
  const trees = [...egress.trees, ...ingress.trees, ...hosts.flatMap((host) => host.trees)];
  const compiled = named(trees.flatMap(flatten), ({ chain }) => chain.name);
  const sets = named(
    compiled.flatMap((c) => c.sets),
    (set) => set.name,
  );
  return {
    purpose: 'policy',
    sets: [...sets, egress.map, ingress.map],
    chains: [
      ...compiled.map(({ chain }) => chain),
      ...hosts.map(({ chain }) => chain),
      baseChain('egress', { hook: 'forward', place: 0 }),
      baseChain('egress', { hook: 'input', place: 0 }),
      baseChain('ingress', { hook: 'forward', place: 1, exempt }),
    ],
  };
}

/**
 * A node's packets to its own pods leave by no forward hook, except to pods with strict security
 * groups: those go around through the VPC, and still nobody asks policies.
 */
const callsFromNode = (node: NodeEndpoint): readonly string[] =>
  node.placement?.podSecurityGroups === 'strict'
    ? node.addresses.map(
        (address) => `${addressField(familyOf(address), 'source')} ${address} accept`,
      )
    : [];

interface Hook {
  readonly hook: 'forward' | 'input';
  readonly place: number;
  /** Rules of what is never asked. */
  readonly exempt?: readonly string[];
}

function baseChain(direction: Direction, { hook, place, exempt = [] }: Hook): NftChain {
  const device = direction === 'egress' ? 'iifname' : 'oifname';
  return {
    name: `${hook}-${direction}`,
    base: `type filter hook ${hook} priority ${place}; policy accept;`,
    rules: [
      'ct state established,related accept comment "established"',
      ...exempt,
      `${device} vmap @pods-${direction}`,
    ],
  };
}

interface Dispatch {
  readonly map: NftSet;
  readonly trees: readonly ChainTree[];
}

function dispatch(chainOf: ChainOf, pods: readonly PodEndpoint[], direction: Direction): Dispatch {
  const entries = pods.flatMap((pod) => {
    const subject = { labels: pod.labels, title: `${pod.namespace}/${pod.name}` };
    // Untracked and pre-DNAT policies are about host endpoints alone (Calico: GlobalNetworkPolicy).
    const tree = chainOf(subject, {
      direction,
      hooks: ['normal', 'apply-on-forward'],
      tierEnd: 'denies',
    });
    return tree === undefined ? [] : [{ device: podDevice(pod), tree }];
  });
  const map: NftSet = {
    name: `pods-${direction}`,
    type: 'ifname : verdict',
    interval: false,
    elements: entries.map(({ device, tree }) => `"${device}" : jump ${tree.chain.name}`),
  };
  return { map, trees: entries.map(({ tree }) => tree) };
}

/** Each name once: what is shared was listed by everyone who shares it. */
const named = <T>(things: readonly T[], nameOf: (thing: T) => string): readonly T[] => [
  ...new Map(things.map((thing) => [nameOf(thing), thing])).values(),
];

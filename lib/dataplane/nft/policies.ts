import { familyOf } from '../../model/address';
import { isOnStrictBranch } from '../../model/branch';
import type { Direction } from '../../model/flow';
import type { StagedMode } from '../../model/policy-order';
import { uniqueBy } from '../../model/unique';
import type { NodeEndpoint, PodEndpoint, World } from '../../model/world';
import { podDevice, podsOn } from '../commands/names';
import { type HostFilter, hostFilters } from './hosts';
import { addressField, addressType } from './match';
import { familiesOf } from './rules';
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
export function compilePolicies(
  world: World,
  { staged, bridge, tunnelPort }: PolicyTableOptions,
): (node: NodeEndpoint) => NftTable {
  const chainOf = compileTiers(world, staged);
  return (node) => {
    const pods = podsOn(world, node).filter((pod) => !isOnStrictBranch(pod, node.placement));
    const question = {
      chainOf,
      pods,
      keys: bridge === undefined ? BY_DEVICE : byAddress(world, bridge),
    };
    return tableOf({
      egress: dispatch(question, 'egress'),
      ingress: dispatch(question, 'ingress'),
      exempt: callsFromNode(node),
      hosts: hostFilters(world, chainOf, { node, tunnelPort }),
    });
  };
}

export interface PolicyTableOptions {
  readonly staged: StagedMode;
  /** The bridge that a node's pods hang on; none where a device is a pod. */
  readonly bridge: string | undefined;
  /** The UDP port of tunnels between nodes, which host endpoints let through. */
  readonly tunnelPort: number | undefined;
}

interface Judged {
  readonly egress: Dispatch;
  readonly ingress: Dispatch;
  /** Rules of what no ingress policy is asked about. */
  readonly exempt: readonly string[];
  readonly hosts: readonly HostFilter[];
}

function tableOf({ egress, ingress, exempt, hosts }: Judged): NftTable {
  const trees = [...egress.trees, ...ingress.trees, ...hosts.flatMap((host) => host.trees)];
  const compiled = named(trees.flatMap(flatten), ({ chain }) => chain.name);
  const sets = named(
    compiled.flatMap((c) => c.sets),
    (set) => set.name,
  );
  // Replies to what a host endpoint's untracked policy let in belong to no connection (Felix: endpoints.go).
  const invalid = ({ ofPods }: Dispatch): readonly string[] =>
    hosts.length === 0 ? [] : ofPods.map((pod) => `${pod} ct state invalid drop comment "invalid"`);
  return {
    purpose: 'policy',
    sets: [...sets, ...egress.maps, ...ingress.maps],
    chains: [
      ...compiled.map(({ chain }) => chain),
      ...hosts.map(({ chain }) => chain),
      baseChain('forward-egress', 'forward priority 0', [...invalid(egress), ...egress.lookUps]),
      baseChain('input-egress', 'input priority 0', [...invalid(egress), ...egress.lookUps]),
      baseChain('forward-ingress', 'forward priority 1', [
        ...invalid(ingress),
        ...exempt,
        ...ingress.lookUps,
      ]),
    ],
  };
}

/**
 * A node's packets to its own pods leave by no forward hook, except to pods with strict security
 * groups: those go around through the VPC, and policies are not applied there either.
 */
const callsFromNode = (node: NodeEndpoint): readonly string[] =>
  node.placement?.podSecurityGroups === 'strict'
    ? node.addresses.map(
        (address) => `${addressField(familyOf(address), 'source')} ${address} accept`,
      )
    : [];

const baseChain = (name: string, hook: string, rules: readonly string[]): NftChain => ({
  name,
  base: `type filter hook ${hook}; policy accept;`,
  rules: ['ct state established,related accept comment "established"', ...rules],
});

/** What tells pods apart in a verdict map. */
interface Key {
  readonly suffix: string;
  readonly type: string;
  readonly lookUp: Record<Direction, string>;
  /** What a packet of any pod of the node looks like, or one for it. */
  readonly any: Record<Direction, string>;
  readonly of: (pod: PodEndpoint) => readonly string[];
}

const BY_DEVICE: readonly Key[] = [
  {
    suffix: '',
    type: 'ifname',
    lookUp: { egress: 'iifname', ingress: 'oifname' },
    any: { egress: 'iifname "eni*"', ingress: 'oifname "eni*"' },
    of: (pod) => [`"${podDevice(pod)}"`],
  },
];

/** Behind a bridge every pod has the same device; addresses tell them apart. */
const byAddress = (world: World, bridge: string): readonly Key[] =>
  familiesOf(world).map((family) => ({
    suffix: String(family),
    type: addressType(family),
    lookUp: {
      egress: `iifname "${bridge}" ${addressField(family, 'source')}`,
      ingress: `oifname "${bridge}" ${addressField(family, 'destination')}`,
    },
    any: { egress: `iifname "${bridge}"`, ingress: `oifname "${bridge}"` },
    of: (pod) => pod.addresses.filter((address) => familyOf(address) === family),
  }));

interface Dispatch {
  readonly maps: readonly NftSet[];
  readonly lookUps: readonly string[];
  /** Matches of whatever is a pod's. */
  readonly ofPods: readonly string[];
  readonly trees: readonly ChainTree[];
}

interface DispatchQuestion {
  readonly chainOf: ChainOf;
  readonly pods: readonly PodEndpoint[];
  readonly keys: readonly Key[];
}

function dispatch({ chainOf, pods, keys }: DispatchQuestion, direction: Direction): Dispatch {
  const entries = pods.flatMap((pod) => {
    const subject = { labels: pod.labels, title: `${pod.namespace}/${pod.name}` };
    // Untracked and pre-DNAT policies are about host endpoints alone (Calico: GlobalNetworkPolicy).
    const tree = chainOf(subject, {
      direction,
      hooks: ['normal', 'apply-on-forward'],
      tierEnd: 'denies',
    });
    return tree === undefined ? [] : [{ pod, tree }];
  });
  const nameOf = ({ suffix }: Key): string => `pods-${direction}${suffix}`;
  return {
    maps: keys.map((key) => ({
      name: nameOf(key),
      type: `${key.type} : verdict`,
      interval: false,
      elements: entries.flatMap(({ pod, tree }) =>
        key.of(pod).map((value) => `${value} : jump ${tree.chain.name}`),
      ),
    })),
    lookUps: keys.map((key) => `${key.lookUp[direction]} vmap @${nameOf(key)}`),
    ofPods: [...new Set(keys.map((key) => key.any[direction]))],
    trees: entries.map(({ tree }) => tree),
  };
}

/** Each name once: what is shared was listed by everyone who shares it. */
const named = <T>(things: readonly T[], nameOf: (thing: T) => string): readonly T[] =>
  uniqueBy(things, nameOf);

import { type Cidr, familiesIn, familyOf, type Ip, type IpFamily } from '../../model/address';
import type { NodeEndpoint, PodEndpoint, World } from '../../model/world';
import type { Command, Netns, Plan } from '../commands/command';
import { netnsOf, podDevice, podsOn } from '../commands/names';
import { addressField } from '../nft/match';
import { ofAddresses, ofCidrs, spanTexts } from '../nft/ranges';
import { familiesOf } from '../nft/rules';
import type { NftTable } from '../nft/ruleset';
import { cable } from '../wiring/cables';
import { addPodLeaf } from '../wiring/flat';
import { addNetns } from '../wiring/netns';
import { anywhere, askLast, hold, neighbour, routeToHost, routeVia, TABLE } from '../wiring/routes';
import { gatewayOf, interfaceOfPod, type NodeInterface, type VpcNode } from './places';

/**
 * Places of the VPC CNI's own rules: what `main` knows (pods of this node) comes before what a
 * pod's address says; a strict branch interface comes before both.
 */
const PRIORITY = { first: 0, strict: 10, local: 20, main: 512, fromPod: 1536 } as const;

/** The routing table of a node's interface beside its first. */
const tableOf = ({ index }: NodeInterface): number => 100 + index;

/** A node with a cable for each of its interfaces. */
export function addNodeInVpc(node: NodeEndpoint, place: VpcNode): Plan {
  const netns = netnsOf(node);
  const families = familiesIn(node.addresses);
  return [
    ...addNetns(netns, 'router', families),
    // A strict pod's node calls it through the VPC: its own address comes back to it.
    { kind: 'set-sysctl', netns, key: 'net/ipv4/conf/all/accept_local', value: '1' },
    ...askLast(netns, families),
    ...place.interfaces.flatMap((one) => addInterface(node, place, one)),
    ...(place.interfaces.some((one) => isStrict(place, one)) ? localAfterStrict(netns, place) : []),
    { kind: 'add-rule', netns, priority: PRIORITY.main, table: TABLE.main },
  ];
}

/**
 * A strict pod calls even its own node through the VPC, so what the node itself has comes after the
 * rules of such pods (VPC CNI: the local rule moves from priority 0 to 20).
 */
const localAfterStrict = (netns: Netns, { placement }: VpcNode): Plan => [
  { kind: 'add-rule', netns, priority: PRIORITY.local, table: TABLE.local },
  { kind: 'remove-rule', netns, priority: PRIORITY.first, table: TABLE.local },
  // A pod's answer to its node must go on through the VPC, and the kernel forwards nothing that it
  // has already matched to a socket of its own (VPC CNI: DISABLE_TCP_EARLY_DEMUX).
  ...(placement.earlyDemux === true
    ? []
    : [{ kind: 'set-sysctl', netns, key: 'net/ipv4/tcp_early_demux', value: '0' } as const]),
  { kind: 'set-sysctl', netns, key: 'net/ipv4/udp_early_demux', value: '0' },
];

function addInterface(node: NodeEndpoint, place: VpcNode, one: NodeInterface): Plan {
  const { near, far, index } = one;
  const own = index === 0 ? node.addresses : [];
  return [
    ...cable(near, far),
    ...hold(near, own),
    ...own.flatMap((address) => routeToHost(far, address, { mac: near.mac })),
    ...familiesIn(node.addresses).flatMap((family) => waysOut(place, one, family)),
    ...(isStrict(place, one) ? [throughTheVpc(one, near.device)] : []),
  ];
}

/** Where an interface's traffic goes: everywhere by the first, others as the VPC CNI's mode says. */
function waysOut(place: VpcNode, one: NodeInterface, family: IpFamily): Plan {
  const { subnet, near, far, branch, index } = one;
  const gateway = gatewayOf(subnet, family);
  if (gateway === undefined) return [];
  const keepsSource = branch || place.placement.snat === 'external';
  const blocks = keptBlocks(place).filter(({ address }) => familyOf(address) === family);
  const destinations = index === 0 || keepsSource ? [anywhere(family)] : blocks;
  const table = index === 0 ? TABLE.last : tableOf(one);
  return [
    neighbour(near, gateway, far.mac),
    ...destinations.map((to) => routeVia(near, to, { gateway, table })),
  ];
}

/** Blocks to which pods keep their address (VPC CNI: AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS). */
const keptBlocks = ({ vpc, placement: { snatExclusions = [] } }: VpcNode): readonly Cidr[] => [
  ...vpc.cidrs,
  ...snatExclusions,
];

type Rule = Extract<Command, { readonly kind: 'add-rule' | 'remove-rule' }>;

const fromAddress = (one: NodeInterface, address: Ip): Rule => ({
  kind: 'add-rule',
  netns: one.near.netns,
  priority: PRIORITY.fromPod,
  table: tableOf(one),
  from: { address, prefix: familyOf(address) === 4 ? 32 : 128 },
});

const throughTheVpc = (one: NodeInterface, iif: string): Rule => ({
  kind: 'add-rule',
  netns: one.near.netns,
  priority: PRIORITY.strict,
  table: tableOf(one),
  iif,
});

/** A strict branch interface is the only way to its pod, even for pods of the same node. */
const isStrict = (place: VpcNode, { branch }: NodeInterface): boolean =>
  branch && place.placement.podSecurityGroups === 'strict';

/** A pod behind the interface that holds its address. */
export function addPodInVpc(pod: PodEndpoint, place: VpcNode): Plan {
  const one = interfaceOfPod(place, pod);
  if (one === undefined) return [];
  const { near, far } = one;
  const leaf = addPodLeaf(pod, isStrict(place, one) ? tableOf(one) : TABLE.main);
  return [
    ...leaf,
    ...pod.addresses.flatMap((address) => routeToHost(far, address, { mac: near.mac })),
    ...rulesOfPod(pod, place, one),
  ];
}

/** By which tables a pod's packets go: those of the interface that holds its address. */
function rulesOfPod(pod: PodEndpoint, place: VpcNode, one: NodeInterface): readonly Rule[] {
  if (isStrict(place, one)) return [throughTheVpc(one, podDevice(pod))];
  return one.index === 0 ? [] : pod.addresses.map((address) => fromAddress(one, address));
}

/** The way to a pod that went, out of the VPC's router; and its rules, which outlive its cable. */
export function forgetPodInVpc(pod: PodEndpoint, place: VpcNode): Plan {
  const one = interfaceOfPod(place, pod);
  if (one === undefined) return [];
  return [
    ...pod.addresses.map(
      (address): Command => ({
        kind: 'remove-route',
        netns: one.far.netns,
        to: { address, prefix: familyOf(address) === 4 ? 32 : 128 },
        hop: { kind: 'link', device: one.far.device },
        table: TABLE.main,
      }),
    ),
    ...rulesOfPod(pod, place, one).map((rule): Command => ({ ...rule, kind: 'remove-rule' })),
  ];
}

/**
 * What leaves the VPC's blocks leaves as the node (VPC CNI: AWS_VPC_K8S_CNI_EXTERNALSNAT is
 * false). Pods with strict security groups of their own keep their address.
 */
export function translationTable(world: World, node: NodeEndpoint, place: VpcNode): NftTable {
  const hidden = podsOn(world, node).filter((pod) => {
    const one = interfaceOfPod(place, pod);
    return one !== undefined && !isStrict(place, one);
  });
  const addresses =
    place.placement.snat !== 'external' ? hidden.flatMap((pod) => pod.addresses) : [];
  // IPv6 addresses are not translated.
  const own = node.addresses.find((address) => familyOf(address) === 4);
  const families = familiesOf(world).filter((family) => family === 4);
  const inside = ofCidrs(4, keptBlocks(place));
  return {
    purpose: 'translation',
    sets: families.flatMap(() => [
      {
        name: 'pods',
        type: 'ipv4_addr',
        interval: false,
        elements: spanTexts(ofAddresses(4, addresses)),
      },
      { name: 'vpc', type: 'ipv4_addr', interval: true, elements: spanTexts(inside) },
    ]),
    chains: [
      {
        name: 'postrouting',
        base: 'type nat hook postrouting priority srcnat; policy accept;',
        rules:
          own === undefined
            ? []
            : [
                `${addressField(4, 'source')} @pods ${addressField(4, 'destination')} != @vpc oifname "eth*" snat ip to ${own} comment "the VPC CNI hides pods behind their node"`,
              ],
      },
    ],
  };
}

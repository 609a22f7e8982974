import { type CallEnd, tidyBlocks, type WorkloadCall } from './calls';
import type { PortRule } from './peers';
import type { PeerRule, RulePeer } from './set-policy';
import type { SelectableWorkload } from './workloads';

/**
 * Rules by peer: each peer once, with all its ports; peers with the same ports share a rule. The
 * same calls give the same rules, whatever their order.
 */
export function rulesFor(
  calls: readonly WorkloadCall[],
  side: 'from' | 'to',
  namespace: string,
): readonly PeerRule[] {
  const portsOf = new Map<string, Set<string>>();
  for (const call of calls) {
    for (const peer of peersOf(call[side], namespace)) {
      const key = JSON.stringify(peer);
      portsOf.set(key, (portsOf.get(key) ?? new Set()).add(portKey(call)));
    }
  }
  const peersWith = new Map<string, RulePeer[]>();
  for (const [peer, keys] of [...portsOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const ports = [...keys].sort().join(',');
    peersWith.set(ports, [...(peersWith.get(ports) ?? []), JSON.parse(peer) as RulePeer]);
  }
  return [...peersWith]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ports, peers]) => ({ [side]: tidied(peers), ports: ports.split(',').map(portOf) }));
}

/** Peers with their blocks joined where two halves make a larger one. */
function tidied(peers: readonly RulePeer[]): readonly RulePeer[] {
  const blocks = peers.flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [ipBlock]));
  return [
    ...tidyBlocks(blocks).map((ipBlock) => ({ ipBlock })),
    ...peers.filter(({ ipBlock }) => ipBlock === undefined),
  ];
}

/** The selector of a workload's pods; `{}` is every pod of the namespace. */
export const podSelectorOf = ({ labels }: SelectableWorkload): object =>
  Object.keys(labels).length === 0 ? {} : { matchLabels: labels };

/** Sorts by protocol, then by number. */
const portKey = ({ protocol, port }: WorkloadCall): string =>
  `${protocol} ${String(port).padStart(5, '0')}`;

function portOf(key: string): PortRule {
  const [protocol = '', port] = key.split(' ');
  return { protocol, port: Number(port) };
}

function peersOf(party: CallEnd, namespace: string): readonly RulePeer[] {
  if (party.kind === 'addresses') return party.blocks.map((ipBlock) => ({ ipBlock }));
  const { workload } = party;
  const podSelector = podSelectorOf(workload);
  if (workload.namespace === namespace) return [{ podSelector }];
  const matchLabels = { 'kubernetes.io/metadata.name': workload.namespace };
  return [{ namespaceSelector: { matchLabels }, podSelector }];
}

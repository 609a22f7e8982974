import type { Call, Party } from './calls';
import type { Workload } from './workloads';

/** A rule of a NetworkPolicy, ready for YAML. */
export interface PolicyRule {
  readonly from?: readonly object[];
  readonly to?: readonly object[];
  readonly ports: readonly object[];
}

/**
 * Rules by peer: each peer once, with all its ports; peers with the same ports share a rule. The
 * same calls give the same rules, whatever their order.
 */
export function rulesFor(
  calls: readonly Call[],
  side: 'from' | 'to',
  namespace: string,
): readonly PolicyRule[] {
  const portsOf = new Map<string, Set<string>>();
  for (const call of calls) {
    for (const peer of peersOf(call[side], namespace)) {
      const key = JSON.stringify(peer);
      portsOf.set(key, (portsOf.get(key) ?? new Set()).add(portKey(call)));
    }
  }
  const peersWith = new Map<string, object[]>();
  for (const [peer, keys] of [...portsOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const ports = [...keys].sort().join(',');
    peersWith.set(ports, [...(peersWith.get(ports) ?? []), JSON.parse(peer) as object]);
  }
  return [...peersWith]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ports, peers]) => ({ [side]: peers, ports: ports.split(',').map(portOf) }));
}

/** The selector of a workload's pods; `{}` is every pod of the namespace. */
export const podSelectorOf = ({ labels }: Workload): object =>
  Object.keys(labels).length === 0 ? {} : { matchLabels: labels };

/** Sorts by protocol, then by number. */
const portKey = ({ protocol, port }: Call): string =>
  `${protocol} ${String(port).padStart(5, '0')}`;

function portOf(key: string): object {
  const [protocol, port] = key.split(' ');
  return { protocol, port: Number(port) };
}

function peersOf(party: Party, namespace: string): readonly object[] {
  if (party.kind === 'addresses') return party.blocks.map((ipBlock) => ({ ipBlock }));
  const { workload } = party;
  const podSelector = podSelectorOf(workload);
  if (workload.namespace === namespace) return [{ podSelector }];
  const matchLabels = { 'kubernetes.io/metadata.name': workload.namespace };
  return [{ namespaceSelector: { matchLabels }, podSelector }];
}

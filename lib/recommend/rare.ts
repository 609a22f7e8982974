import { formatEnd } from '../model/flow';
import type { FlowNote, SeenFlow } from '../model/flow-evidence';
import { groupBy } from '../model/group';
import type { World } from '../model/world';
import { workloadId } from './workloads';

/** Flows with enough records, and a note that names the others. */
export interface FrequentFlows {
  readonly flows: readonly SeenFlow[];
  readonly notes: readonly FlowNote[];
}

/** Leaves out calls between workloads with fewer records than asked, all replicas together. */
export function frequentFlows(
  { pods }: World,
  flows: readonly SeenFlow[],
  minCount: number,
): FrequentFlows {
  const ids = new Map(pods.map((pod) => [`${pod.namespace}/${pod.name}`, workloadId(pod)]));
  const nameOf = (end: SeenFlow['from']): string => ids.get(formatEnd(end)) ?? formatEnd(end);
  const calls = groupBy(
    flows,
    ({ from, to, protocol, port }) => `${nameOf(from)} -> ${nameOf(to)} ${protocol} ${port}`,
  );
  const rare = [...calls].filter(([, own]) => recordsOf(own) < minCount);
  const left = new Set(rare.flatMap(([, own]) => own));
  if (rare.length === 0) return { flows, notes: [] };
  const note: FlowNote = {
    kind: 'rare',
    problem: `calls with fewer than ${minCount} records are left out (--min-count ${minCount})`,
    fix: 'give a smaller --min-count where they are wanted',
    count: rare.length,
    calls: rare.map(([call]) => call).sort(),
  };
  return { flows: flows.filter((flow) => !left.has(flow)), notes: [note] };
}

/** Records of a call: replicas that share a name share their records too. */
function recordsOf(flows: readonly SeenFlow[]): number {
  const places = new Map(
    flows.map(({ evidence }) => [JSON.stringify(evidence), evidence?.records ?? 1]),
  );
  return [...places.values()].reduce((sum, records) => sum + records, 0);
}

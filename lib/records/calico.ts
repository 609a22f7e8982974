import type { Evidence, Explanation } from '../model/explanation';
import { type FlowEnd, formatEnd } from '../model/flow';
import { NAMESPACE_PREFIX, SERVICE_ACCOUNT_PREFIX } from '../model/selector';
import type { PodEndpoint, World } from '../model/world';

/** A policy of a flow log's trace, as Calico's Whisker shows it. */
interface TracePolicy {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly action: 'Allow' | 'Deny';
  readonly rule_index: number | null;
}

/** A flow log of Calico (Goldmane's flows as Whisker's API writes them), one JSON object a line. */
export interface CalicoFlowLog {
  readonly start_time: string;
  readonly end_time: string;
  readonly action: 'Allow' | 'Deny';
  readonly source_name: string;
  readonly source_namespace: string;
  readonly source_labels: string;
  readonly dest_name: string;
  readonly dest_namespace: string;
  readonly dest_labels: string;
  readonly protocol: string;
  readonly dest_port: number;
  readonly reporter: 'Src' | 'Dst';
  /** `pending`: what would decide if every staged policy were enforced. */
  readonly policies: {
    readonly enforced: readonly TracePolicy[];
    readonly pending: readonly TracePolicy[];
  };
}

/** What is known of a flow: that it was let through or not, and what decides now and if promoted. */
export interface Told {
  readonly action: 'Allow' | 'Deny';
  readonly enforced: Explanation;
  readonly pending: Explanation;
  /** ISO 8601. */
  readonly at: string;
}

/** The flow log that Calico would write at the flow's source. */
export function calicoFlowLog(
  world: World,
  { action, enforced, pending, at }: Told,
): CalicoFlowLog {
  const { from, to, protocol, port } = enforced.flow;
  const [source, destination] = [partyOf(world, from), partyOf(world, to)];
  return {
    start_time: at,
    end_time: at,
    action,
    source_name: source.name,
    source_namespace: source.namespace,
    source_labels: source.labels,
    dest_name: destination.name,
    dest_namespace: destination.namespace,
    dest_labels: destination.labels,
    protocol: protocol.toLowerCase(),
    dest_port: Number(port ?? 0),
    reporter: 'Src',
    policies: { enforced: traceOf(enforced), pending: traceOf(pending) },
  };
}

interface Party {
  readonly name: string;
  readonly namespace: string;
  /** `key=value`, joined by ` | ` as Whisker does. */
  readonly labels: string;
}

/** Outside of the cluster Calico knows `pub` (public) and `pvt` (private) networks, and no more. */
function partyOf(world: World, end: FlowEnd): Party {
  const pod = world.pods.find(
    (one) => end.kind === 'pod' && one.namespace === end.namespace && one.name === end.name,
  );
  if (pod !== undefined) {
    return { name: pod.name, namespace: pod.namespace, labels: labelsText(pod) };
  }
  if (end.kind === 'ip') return { name: end.address, namespace: '', labels: '' };
  return { name: end.kind === 'internet' ? 'pub' : formatEnd(end), namespace: '', labels: '' };
}

const labelsText = ({ labels }: PodEndpoint): string =>
  Object.entries(labels)
    .filter(([key]) => !key.startsWith(NAMESPACE_PREFIX) && !key.startsWith(SERVICE_ACCOUNT_PREFIX))
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(' | ');

const POLICY_FILTERS: ReadonlySet<Evidence['filter']> = new Set([
  'network-policy',
  'calico-policy',
  'cluster-network-policy',
]);

const traceOf = ({ by, verdict }: Explanation): readonly TracePolicy[] =>
  by
    .filter(({ filter }) => POLICY_FILTERS.has(filter))
    .map(({ filter, object, rule }) => {
      const [first = '', second] = object.split('/');
      return {
        kind: filter,
        name: second ?? first,
        namespace: second === undefined ? '' : first,
        action: verdict === 'denied' ? 'Deny' : 'Allow',
        rule_index: rule,
      };
    });

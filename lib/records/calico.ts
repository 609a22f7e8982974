import type { Explanation } from '../model/explanation';
import { type FlowEnd, formatEnd } from '../model/flow';
import { NAMESPACE_PREFIX, SERVICE_ACCOUNT_PREFIX } from '../model/selector';
import type { PodEndpoint, World } from '../model/world';
import { type PolicyHit, policyTrace } from './calico-trace';
import { podAt } from './ends';

/** A flow log as Calico's Whisker writes it (whisker-backend: `FlowResponse`), without counters. */
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
  /** Which end's node wrote it: `Src` knows egress policies, `Dst` ingress policies. */
  readonly reporter: 'Src' | 'Dst';
  /** `pending`: what would decide if every staged policy were enforced. */
  readonly policies: {
    readonly enforced: readonly PolicyHit[];
    readonly pending: readonly PolicyHit[];
  };
}

/** What decides of a flow now, and what would if every staged policy were enforced. */
export interface Judged {
  readonly enforced: Explanation;
  readonly pending: Explanation;
  readonly at: Date;
}

/**
 * The flow logs that Calico would write of a flow: one at each end that is a pod and that the packet
 * reached, so a flow that ingress policy denies is allowed by `Src` and denied by `Dst`.
 *
 * Two things differ, so that a rule can be made of each line: Calico names what replicas share
 * (`web-5d4f-*`) and here stands the pod; outside of the cluster it knows `PUBLIC NETWORK` and
 * `PRIVATE NETWORK` alone and here stands the address.
 */
export function calicoFlowLogs(world: World, judged: Judged): readonly CalicoFlowLog[] {
  const { from, to, protocol, port } = judged.enforced.flow;
  const [source, destination] = [partyOf(world, from), partyOf(world, to)];
  const at = judged.at.toISOString();
  return REPORTERS.flatMap(({ reporter, side }) => {
    const pod = podAt(world, side === 'egress' ? from : to);
    if (pod === undefined || pod.hostNetwork) return [];
    const enforced = policyTrace(world, judged.enforced, { pod, side, staged: 'as-written' });
    if (enforced === undefined) return [];
    const pending = policyTrace(world, judged.pending, { pod, side, staged: 'as-enforced' }) ?? [];
    return {
      start_time: at,
      end_time: at,
      action: actionOf(enforced),
      source_name: source.name,
      source_namespace: source.namespace,
      source_labels: source.labels,
      dest_name: destination.name,
      dest_namespace: destination.namespace,
      dest_labels: destination.labels,
      protocol: protocol.toLowerCase(),
      dest_port: Number(port ?? 0),
      reporter,
      policies: { enforced, pending },
    };
  });
}

const REPORTERS = [
  { reporter: 'Src', side: 'egress' },
  { reporter: 'Dst', side: 'ingress' },
] as const;

interface Party {
  readonly name: string;
  readonly namespace: string;
  /** `key=value`, joined by ` | ` as Whisker does. */
  readonly labels: string;
}

function partyOf(world: World, end: FlowEnd): Party {
  const pod = podAt(world, end);
  if (pod !== undefined) {
    return { name: pod.name, namespace: pod.namespace, labels: labelsText(pod) };
  }
  if (end.kind === 'ip') return { name: end.address, namespace: '', labels: '' };
  const name = end.kind === 'internet' ? 'PUBLIC NETWORK' : formatEnd(end);
  return { name, namespace: '', labels: '' };
}

const labelsText = ({ labels }: PodEndpoint): string =>
  Object.entries(labels)
    .filter(([key]) => !key.startsWith(NAMESPACE_PREFIX) && !key.startsWith(SERVICE_ACCOUNT_PREFIX))
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(' | ');

const actionOf = (trace: readonly PolicyHit[]): 'Allow' | 'Deny' =>
  trace.some(({ action }) => action === 'Deny') ? 'Deny' : 'Allow';

import type { Clock } from '../../model/clock';
import type { Flow } from '../../model/flow';
import type { Outcome } from '../../model/observation';
import type { Cluster } from './cluster';
import { destinationOf, sourceOf } from './ends';
import { execute, type PodCommandResult, type PodRef } from './execute';
import { type Poll, poll } from './poll';

/** What one attempt inside a cluster showed. */
export interface ClusterObservation {
  readonly flow: Flow;
  readonly outcome: Outcome;
  /** Why it could not be tried, or what the probe said. */
  readonly detail: string;
  /** Where no attempt was made: an end does not exist, or no probe can be made from or to it. */
  readonly unmade?: 'missing' | 'cannot';
}

export interface ClusterProbeOptions {
  /** Seconds without an answer that count as a timeout: a SYN is sent again after 1 and 3. @default 2 */
  readonly timeoutSeconds?: number;
}

/** Probes under way at once: each holds one connection to the API server. */
const LANES = 8;

/**
 * Tries flows from inside the lab's own pods, in the order given. Never from a node or by `kubectl
 * port-forward`: traffic from a pod's own node is always let through, and would prove nothing.
 */
export async function probeFlows(
  cluster: Cluster,
  flows: readonly Flow[],
  options: ClusterProbeOptions = {},
): Promise<readonly ClusterObservation[]> {
  const results: ClusterObservation[] = [];
  const queue = flows.entries();
  const lane = async (): Promise<void> => {
    for (const [index, flow] of queue) results[index] = await probeFlow(cluster, flow, options);
  };
  await Promise.all(Array.from({ length: Math.min(LANES, flows.length) }, lane));
  return results;
}

/** Tries flows until each shows what is wanted, or the deadline; policies take a moment to reach nodes. */
export async function probeUntil(
  cluster: Cluster,
  wanted: readonly { readonly flow: Flow; readonly outcomes: readonly Outcome[] }[],
  options: ClusterProbeOptions & { readonly clock: Clock; readonly deadlineMs?: number },
): Promise<readonly ClusterObservation[]> {
  const { clock, deadlineMs = 30_000 } = options;
  let last: readonly ClusterObservation[] = [];
  const ask = async (): Promise<Poll<void>> => {
    const flows = wanted.map(({ flow }) => flow);
    last = await probeFlows(cluster, flows, options);
    // What no probe can try is not waited for.
    const differs = last.filter(
      (seen, i) => seen.unmade !== 'cannot' && !wanted[i]?.outcomes.includes(seen.outcome),
    );
    return differs.length === 0
      ? { kind: 'done', value: undefined }
      : { kind: 'waiting', for: `${differs.length} flows` };
  };
  await poll(ask, { clock, deadlineMs });
  return last;
}

async function probeFlow(
  cluster: Cluster,
  flow: Flow,
  { timeoutSeconds = 2 }: ClusterProbeOptions,
): Promise<ClusterObservation> {
  const notMade = (unmade: 'missing' | 'cannot', detail: string): ClusterObservation => ({
    flow,
    outcome: 'unsupported',
    detail,
    unmade,
  });
  if (flow.protocol === 'ICMP') {
    return notMade('cannot', 'agnhost, the probe in the pods, does not send ICMP');
  }
  const source = await sourceOf(cluster, flow.from);
  if (source.kind !== 'found') return notMade(source.kind, source.reason);
  const destination = await destinationOf(cluster, flow);
  if (destination.kind !== 'found') return notMade(destination.kind, destination.reason);
  const ended = await connect(cluster, source.value, {
    destination: destination.value,
    protocol: flow.protocol,
    timeoutSeconds,
  });
  return { flow, ...outcomeOf(ended) };
}

/**
 * The UDP payload, chosen so that listeners answer it: agnhost's netexec echoes it, and a DNS
 * server takes its first twelve bytes for a header (RFC 1035, 4.1.1) of an opcode it does not know.
 * What is shorter than a header, as agnhost's own `hostname` is, a DNS server passes over in silence.
 */
const UDP_DATA = 'echo is a listener there?';

/** One attempt from a pod, by the probe that every workload of the labs carries. */
export function connect(
  cluster: Cluster,
  source: PodRef,
  to: {
    readonly destination: string;
    readonly protocol: 'TCP' | 'UDP' | 'SCTP';
    readonly timeoutSeconds: number;
  },
): Promise<PodCommandResult> {
  const { destination, protocol, timeoutSeconds } = to;
  return execute(cluster, source, [
    ...['/agnhost', 'connect', destination],
    ...[`--protocol=${protocol.toLowerCase()}`, `--timeout=${timeoutSeconds}s`],
    ...(protocol === 'UDP' ? [`--udp-data=${UDP_DATA}`] : []),
  ]);
}

/**
 * What `agnhost connect` says: nothing and exit 0 for a connection, else a class on stderr
 * (kubernetes/kubernetes test/images/agnhost/connect: UNKNOWN, TIMEOUT, DNS, REFUSED, OTHER).
 */
export function outcomeOf({ exitCode, stderr }: PodCommandResult): {
  readonly outcome: Outcome;
  readonly detail: string;
} {
  const detail = stderr.trim();
  if (exitCode === 0) return { outcome: 'connected', detail };
  if (detail.startsWith('TIMEOUT')) return { outcome: 'timed-out', detail };
  if (detail.startsWith('REFUSED')) return { outcome: 'refused', detail };
  if (/no route to host|network is unreachable|host is unreachable/.test(detail)) {
    return { outcome: 'unreachable', detail };
  }
  const said =
    detail === '' ? `the probe ended with exit code ${exitCode} and printed nothing` : detail;
  return { outcome: 'unsupported', detail: said };
}

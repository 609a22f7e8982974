import type { Clock } from '../model/clock';
import type { Flow } from '../model/flow';
import type { Outcome } from '../model/observation';
import type { Cluster } from './cluster';
import { destinationOf, sourceOf } from './ends';
import { type Ended, execute, type PodRef } from './execute';
import { type Poll, poll } from './poll';

/** What one attempt inside a cluster showed. */
export interface ClusterObservation {
  readonly flow: Flow;
  readonly outcome: Outcome;
  /** Why nothing could be tried, or what the probe said. */
  readonly detail: string;
}

export interface ProbeOptions {
  /** Seconds after which silence is silence; 2 by default, a SYN is sent again after 1 and 3. */
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
  options: ProbeOptions = {},
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
  options: ProbeOptions & { readonly clock: Clock; readonly deadlineMs?: number },
): Promise<readonly ClusterObservation[]> {
  const { clock, deadlineMs = 30_000 } = options;
  let last: readonly ClusterObservation[] = [];
  const ask = async (): Promise<Poll<void>> => {
    const flows = wanted.map(({ flow }) => flow);
    last = await probeFlows(cluster, flows, options);
    const differs = last.filter((seen, i) => !wanted[i]?.outcomes.includes(seen.outcome));
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
  { timeoutSeconds = 2 }: ProbeOptions,
): Promise<ClusterObservation> {
  const unsupported = (detail: string): ClusterObservation => ({
    flow,
    outcome: 'unsupported',
    detail,
  });
  if (flow.protocol === 'ICMP') return unsupported('agnhost, the probe in the pods, has no ICMP');
  const source = await sourceOf(cluster, flow.from);
  if (source.kind === 'missing') return unsupported(source.reason);
  const destination = await destinationOf(cluster, flow);
  if (destination.kind === 'missing') return unsupported(destination.reason);
  const ended = await connect(cluster, source.value, {
    destination: destination.value,
    protocol: flow.protocol,
    timeoutSeconds,
  });
  return { flow, ...outcomeOf(ended) };
}

/**
 * What goes out by UDP, so that whoever listens answers: agnhost's netexec echoes it, and a DNS
 * server takes its first twelve bytes for a header (RFC 1035, 4.1.1) of an opcode it does not know.
 * What is shorter than a header, as agnhost's own `hostname` is, a DNS server passes over in silence.
 */
const UDP_DATA = 'echo anybody there?';

/** One attempt from a pod, by the probe that every workload of the labs carries. */
export function connect(
  cluster: Cluster,
  source: PodRef,
  to: {
    readonly destination: string;
    readonly protocol: 'TCP' | 'UDP' | 'SCTP';
    readonly timeoutSeconds: number;
  },
): Promise<Ended> {
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
export function outcomeOf({ exitCode, stderr }: Ended): {
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
  const said = detail === '' ? `the probe ended with ${exitCode} and said nothing` : detail;
  return { outcome: 'unsupported', detail: said };
}

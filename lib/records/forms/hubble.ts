import type { PortProtocol, RecordEnd, RecordedPackets } from '../observation';
import {
  isObject,
  type JsonObject,
  NO_PORTS,
  objectOf,
  portIn,
  type RecordSink,
  secondsIn,
  textOf,
  type ValueForm,
} from './form';

/** Flows of Cilium Hubble as JSON: `hubble observe -o json` and the exporter's files (flow.proto: Flow). */
export const hubble: ValueForm = {
  what: 'Hubble flow',
  matches: (value) => {
    const flow = flowOf(value);
    return 'verdict' in flow && ('IP' in flow || 'l4' in flow || 'source' in flow);
  },
  read: (value, sink) => {
    const flow = flowOf(value);
    const action = actionOf(flow, sink);
    return action === undefined ? undefined : readFlow(flow, action, sink);
  },
};

/** Hubble's own word for flows that its ring buffer lost (flow.proto: LostEvent). */
export const hubbleLost: ValueForm = {
  what: 'Hubble notice of lost events',
  matches: (value) => 'lost_events' in value || 'lostEvents' in value,
  read: (_value, sink) => {
    sink.remark({
      kind: 'lost-records',
      problem: 'Hubble lost events: flows of that time are not in the file',
      fix: 'record longer before you enforce, or raise hubble.eventBufferCapacity',
    });
    return undefined;
  },
};

/** What Hubble says of nodes and agents beside flows. */
export const hubbleEvents: ValueForm = {
  what: 'Hubble event without a flow',
  matches: (value) =>
    ['node_status', 'nodeStatus', 'agent_event', 'debug_event'].some((key) => key in value),
  read: () => undefined,
};

const flowOf = (value: JsonObject): JsonObject => (isObject(value.flow) ? value.flow : value);

/** Drops for other reasons than policy say nothing about what is allowed (flow.proto: DropReason). */
const POLICY_DROPS = /^(POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED)$/;
const POLICY_DROP_NUMBERS: ReadonlySet<unknown> = new Set([133, 181, 189]);

function actionOf(flow: JsonObject, sink: RecordSink): 'allow' | 'deny' | undefined {
  const verdict = textOf(flow.verdict);
  if (/^(FORWARDED|REDIRECTED|AUDIT|TRACED|TRANSLATED)$/.test(verdict)) return 'allow';
  const reason = textOf(flow.drop_reason_desc);
  const isKnown = reason !== '' || flow.drop_reason !== undefined;
  const isPolicy = POLICY_DROPS.test(reason) || POLICY_DROP_NUMBERS.has(flow.drop_reason);
  if (verdict === 'DROPPED' && (isPolicy || !isKnown)) return 'deny';
  sink.remark({
    kind: 'other-drop',
    problem: 'packets that Hubble saw dropped for other reasons than policy give no rule',
    fix: 'see the field drop_reason_desc of those flows',
  });
  return undefined;
}

function readFlow(
  flow: JsonObject,
  action: 'allow' | 'deny',
  sink: RecordSink,
): string | undefined {
  const l4 = objectOf(flow.l4);
  const protocol = (['TCP', 'UDP', 'SCTP'] as const).find((name) => isObject(l4[name]));
  if (protocol === undefined) {
    sink.remark(NO_PORTS);
    return undefined;
  }
  const ports = objectOf(l4[protocol]);
  const sourcePort = portIn(ports.source_port ?? ports.sourcePort) ?? 0;
  const port = portIn(ports.destination_port ?? ports.destinationPort);
  if (port === undefined || port === 0) return 'the flow has no destination port';
  const [source, destination] = [endOf(flow, 'source'), endOf(flow, 'destination')];
  if (source === undefined || destination === undefined) return 'the flow has no addresses';
  if (isOwnHost(flow)) {
    sink.remark(OWN_NODE);
    return undefined;
  }
  const time = secondsIn(flow.time);
  const observation: RecordedPackets = {
    source,
    destination,
    protocol,
    sourcePort,
    port,
    caller: callerOf(flow, protocol, ports),
    action,
    isPolicyVerdict: true,
    start: time,
    end: time,
  };
  sink.observe(observation);
  return undefined;
}

const OWN_NODE = {
  kind: 'own-node',
  problem: 'calls from a node to its own pods (reserved:host) give no rule',
  fix: 'nothing to do: Kubernetes always allows them, and kubelet probes are such calls',
} as const;

/** `is_reply` where Hubble knows it; else a SYN; else the whole file has to tell. */
function callerOf(
  flow: JsonObject,
  protocol: PortProtocol,
  ports: JsonObject,
): RecordedPackets['caller'] {
  const isReply = flow.is_reply ?? flow.isReply;
  if (isReply === true) return 'destination';
  if (isReply === false) return 'source';
  const flags = objectOf(ports.flags);
  if (protocol !== 'TCP' || flags.SYN !== true) return 'unknown';
  return flags.ACK === true ? 'destination' : 'source';
}

/** A pod by name, with its workload where it is gone; else the address. */
function endOf(flow: JsonObject, side: 'source' | 'destination'): RecordEnd | undefined {
  const end = objectOf(flow[side]);
  const name = textOf(end.pod_name ?? end.podName);
  const namespace = textOf(end.namespace);
  if (name === '' || namespace === '') {
    const address = textOf(objectOf(flow.IP)[side]);
    return address === '' ? undefined : address;
  }
  const [first] = Array.isArray(end.workloads) ? end.workloads : [];
  const { kind, name: owner } = objectOf(first);
  return {
    kind: 'pod',
    namespace,
    name,
    ...(textOf(owner) !== '' && { workload: `${textOf(kind)}/${textOf(owner)}` }),
  };
}

/** `reserved:host` is the node that saw the packet (Cilium: special identities). */
const isOwnHost = (flow: JsonObject): boolean =>
  ['source', 'destination'].some((side) => {
    const { labels } = objectOf(flow[side]);
    return Array.isArray(labels) && labels.includes('reserved:host');
  });

import { type Flow, type FlowEnd, formatEnd } from '../../model/flow';
import type { World } from '../../model/world';
import { arrivals } from '../ends';
import type { PortProtocol, RecordEnd, RecordedPackets } from '../observation';
import {
  isObject,
  type JsonObject,
  NO_PORTS,
  portIn,
  type RecordSink,
  textOf,
  type ValueForm,
} from './form';

/**
 * Answers of `lab predict`, `lab probe`, `lab compare` and `lab flows`, and plain flows: what was observed
 * counts before what was predicted. A Service stands for its ready backends.
 */
export function answers(world: World): ValueForm {
  return {
    what: 'answer of lab',
    matches: (value) =>
      typeof value.from === 'string' &&
      typeof value.to === 'string' &&
      ('protocol' in value || 'verdict' in value),
    read: (value, sink) => readAnswer(world, value, sink),
  };
}

function readAnswer(world: World, value: JsonObject, sink: RecordSink): string | undefined {
  const name = textOf(value.protocol).toUpperCase();
  if (name === 'ICMP') {
    sink.remark(NO_PORTS);
    return undefined;
  }
  const protocol = (['TCP', 'UDP', 'SCTP'] as const).find((one) => one === name);
  if (protocol === undefined) return `'${textOf(value.protocol)}' is not TCP, UDP or SCTP`;
  // A flow that was asked and not answered is one that is wanted.
  const { verdict = 'allowed' } = isObject(value.observed) ? value.observed : value;
  if (!/^(allowed|denied|no-route|unknown)$/.test(textOf(verdict))) {
    return `'${String(verdict)}' is not a verdict: allowed, denied, no-route or unknown`;
  }
  if (verdict === 'unknown') {
    sink.remark(UNKNOWN_VERDICT);
    return undefined;
  }
  const action = verdict === 'allowed' ? 'allow' : 'deny';
  const ends = { source: endOf(textOf(value.from)), protocol, action } as const;
  const to = textOf(value.to);
  if (to.startsWith('svc:')) return throughService(world, { ...ends, to, port: value.port }, sink);
  const port = portIn(value.port) ?? portNamed(world, to, textOf(value.port));
  if (port === undefined || port === 0) {
    return `'${String(value.port)}' is not a port of ${to}`;
  }
  sink.observe(seen({ ...ends, destination: endOf(to), port }));
  return undefined;
}

interface Ends {
  readonly source: RecordEnd;
  readonly protocol: PortProtocol;
  readonly action: 'allow' | 'deny';
}

const seen = (
  one: Ends & { readonly destination: RecordEnd; readonly port: number },
): RecordedPackets => ({
  ...one,
  sourcePort: 0,
  caller: 'source',
  isPolicyVerdict: false,
});

function throughService(
  world: World,
  { to, port, ...ends }: Ends & { readonly to: string; readonly port: unknown },
  sink: RecordSink,
): string | undefined {
  const [namespace = '', name = ''] = to.slice('svc:'.length).split('/');
  if (!world.services.some((one) => one.namespace === namespace && one.name === name)) {
    return `the manifests do not contain '${to}'`;
  }
  const asked = { kind: 'service', namespace, name } as const;
  const all = arrivals(world, {
    from: asked,
    to: asked,
    protocol: ends.protocol,
    port: port as Flow['port'],
  });
  if (all.length === 0) sink.remark(NO_BACKENDS);
  for (const flow of all) {
    sink.observe(seen({ ...ends, destination: recordEnd(flow.to), port: Number(flow.port) }));
  }
  return undefined;
}

const recordEnd = (end: FlowEnd): RecordEnd =>
  end.kind === 'pod' ? { ...end } : endOf(formatEnd(end));

/** `ns/pod`, `node:name`, `ip:address` or the name of an outside host. */
function endOf(text: string): RecordEnd {
  if (text.startsWith('node:')) return { kind: 'named', name: text.slice('node:'.length) };
  if (text.startsWith('ip:')) return text.slice('ip:'.length);
  const [namespace = '', name] = text.split('/');
  return name === undefined ? { kind: 'named', name: text } : { kind: 'pod', namespace, name };
}

function portNamed({ pods }: World, to: string, port: string): number | undefined {
  const [namespace, name] = to.split('/');
  const pod = pods.find((one) => one.namespace === namespace && one.name === name);
  return pod?.ports.find((one) => one.name === port)?.port;
}

const UNKNOWN_VERDICT = {
  kind: 'unknown-verdict',
  problem: "answers whose verdict is 'unknown' give no rule: they are neither allowed nor denied",
  fix: 'probe those flows with lab probe, or say what the manifests leave open',
} as const;

const NO_BACKENDS = {
  kind: 'no-backends',
  problem: 'calls to a Service without ready backends give no rule: no pod can be called',
  fix: 'start its pods, and record again',
} as const;

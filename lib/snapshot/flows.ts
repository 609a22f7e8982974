import { type Flow, type FlowEnd, formatEnd, type Protocol } from '../model/flow';
import type { Reading, SourceFile } from '../model/problem';
import type { World } from '../model/world';
import { type At, complain, inside, isFull, newReport, type Report } from './at';
import { parseEnd, type Unnamed } from './ends';
import { checkPortName } from './names';
import { BAD, refuse, wrongType } from './refusal';
import { mapped, object, type Shape, text } from './shape';
import { MAX_TEXT } from './yaml';

/**
 * The flows of a file: JSON, one object a line; empty lines do not count. An answer of `lab` is the
 * flow it answers, so what was recorded can be asked again.
 */
export function readFlows(file: SourceFile, world: World): Reading<readonly Flow[]> {
  const report = newReport();
  const flows = file.text.length > MAX_TEXT ? [] : readLines(file, world, report);
  if (file.text.length > MAX_TEXT) {
    const at: At = { file: file.path, document: 0, path: '', report };
    complain(at, 'the file is larger than 32 MiB', 'split it: 32 MiB a file is the limit');
  }
  const { problems, warnings, skipped } = report;
  return problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'read', value: flows, warnings, skipped };
}

function readLines(file: SourceFile, world: World, report: Report): readonly Flow[] {
  const shape = flowShape(world);
  const flows: Flow[] = [];
  for (const [document, line] of file.text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const at: At = { file: file.path, document, path: '', report };
    const read = shape(questionIn(parseLine(line, at)), at);
    if (read !== BAD) flows.push(read);
    if (isFull(at)) break;
  }
  return flows;
}

/**
 * A question as a person types it: from `web` to `db:5432` or `db:53/UDP`; the protocol is TCP
 * unless it is said, and ICMP takes no port (`db/ICMP`).
 */
export function parseFlow(from: string, to: string, world: World): Flow | Unnamed {
  const [, name = '', protocol = 'TCP'] = /^(.*?)(?:\/(tcp|udp|sctp|icmp))?$/i.exec(to) ?? [];
  const [, target = name, port] = /^(.+):([^:\]]+)$/.exec(name) ?? [];
  const isScheme = /^(svc|node|ip|pod|eni)$/.test(target);
  const source = parseEnd(from, world);
  const destination = parseEnd(isScheme ? name : target, world);
  if (!('kind' in source)) return source;
  if (!('kind' in destination)) return destination;
  const upper = protocol.toUpperCase() as Protocol;
  const wanted = isScheme ? undefined : toPort(port);
  const wrong = wrongPort({ to: destination, protocol: upper, port: wanted }, world);
  return wrong ?? { from: source, to: destination, protocol: upper, port: wanted };
}

const toPort = (text: string | undefined): number | string | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : text;

function parseLine(line: string, at: At): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be parsed';
    const fix =
      'write one object a line: {"from":"ns/pod","to":"ns/pod","protocol":"TCP","port":80}';
    complain(at, `the line is no JSON: ${reason}`, fix);
    return undefined;
  }
}

/** What answers add to a flow (`lib/report/answer.ts`). */
const ANSWERED: ReadonlySet<string> = new Set([
  ...['verdict', 'by', 'trace', 'observation', 'met', 'reason'],
  ...['agreement', 'predicted', 'observed'],
]);

const questionIn = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'verdict' in value
    ? Object.fromEntries(Object.entries(value).filter(([field]) => !ANSWERED.has(field)))
    : value;

const end =
  (world: World): Shape<FlowEnd> =>
  (value, at) => {
    if (typeof value !== 'string') return wrongType(value, at, 'a text');
    const read = parseEnd(value, world);
    return 'kind' in read ? read : refuse(at, read.problem, read.fix);
  };

const protocolShape: Shape<Protocol> = (value, at) => {
  const upper = typeof value === 'string' ? value.toUpperCase() : '';
  if (value === 'TCP' || value === 'UDP' || value === 'SCTP' || value === 'ICMP') return value;
  const known = /^(TCP|UDP|SCTP|ICMP)$/.test(upper);
  const fix = known ? `write ${upper}` : 'use TCP, UDP, SCTP or ICMP';
  return refuse(at, `'${String(value)}' is no protocol`, fix);
};

const id: Shape<string> = (value, at) =>
  typeof value === 'number' ? String(value) : text()(value, at);

const portShape: Shape<number | string> = (value, at) =>
  typeof value === 'number' || typeof value === 'string'
    ? value
    : wrongType(value, at, 'a port number or name');

function flowShape(world: World): Shape<Flow> {
  const place = end(world);
  const source: Shape<FlowEnd> = mapped(place, (read, at) =>
    read.kind === 'service'
      ? refuse(at, 'a service opens no connections', 'name a pod, a node, an address or internet')
      : read,
  );
  const fields = object({
    required: { from: source, to: place, protocol: protocolShape },
    optional: { id, port: portShape },
  });
  return (value, at) => {
    if (value === undefined) return BAD;
    const flow = fields(value, at);
    if (flow === BAD) return BAD;
    const wrong = wrongPort({ ...flow, port: flow.port }, world);
    if (wrong !== undefined) return refuse(inside(at, 'port'), wrong.problem, wrong.fix);
    return { ...flow, port: flow.port };
  };
}

interface Target {
  readonly to: FlowEnd;
  readonly protocol: Protocol;
  readonly port: number | string | undefined;
}

/** ICMP has no port; everything else has one, by number or by a name the destination knows. */
function wrongPort(target: Target, world: World): Unnamed | undefined {
  const { to, protocol, port } = target;
  if (protocol === 'ICMP') {
    return port === undefined ? undefined : { problem: 'ICMP has no port', fix: 'leave port out' };
  }
  if (port === undefined) return { problem: 'port is missing', fix: `add the ${protocol} port` };
  if (typeof port === 'number') {
    return Number.isInteger(port) && port >= 1 && port <= 65535
      ? undefined
      : { problem: `${port} is out of range`, fix: 'use a whole number from 1 to 65535' };
  }
  const badName = checkPortName(port);
  if (badName !== undefined) return badName;
  const names = portNames(to, world);
  return names.includes(port)
    ? undefined
    : {
        problem: `${formatEnd(to)} has no port named '${port}'`,
        fix: names.length > 0 ? `use ${names.join(' or ')}` : 'write the number of the port',
      };
}

function portNames(to: FlowEnd, world: World): readonly string[] {
  const same = (one: { readonly namespace: string; readonly name: string }): boolean =>
    'namespace' in to && one.namespace === to.namespace && one.name === to.name;
  const holders = to.kind === 'pod' ? world.pods : to.kind === 'service' ? world.services : [];
  return holders.filter(same).flatMap(({ ports }) => ports.flatMap(({ name }) => name ?? []));
}

import { type Flow, type FlowEnd, formatEnd, type Protocol } from '../../model/flow';
import { hasOneCode, type IcmpMessage } from '../../model/icmp';
import { lazyTable } from '../../model/lazy';
import type { Reading, SourceFile } from '../../model/problem';
import type { World } from '../../model/world';
import { type At, complain, inside, isFull, newReport, type Report } from '../schema/at';
import { memoryProblem } from '../schema/memory';
import { checkPortName } from '../schema/names';
import { BAD, refuse, wrongType } from '../schema/refusal';
import { closedObject, integer, mapped, type Shape, text } from '../schema/shape';
import { parseEnd, type Unnamed } from './ends';

/**
 * The flows of a file: JSON, one object a line; empty lines do not count. An answer of `lab` is the
 * flow it answers, so what was recorded can be asked again.
 */
export function readFlows(file: SourceFile, world: World): Reading<readonly Flow[]> {
  const report = newReport();
  const unfit = memoryProblem(file.text.length, 'json');
  const flows = unfit === undefined ? readLines(file, world, report) : [];
  if (unfit !== undefined) {
    const at: At = { file: file.path, document: 0, path: '', report };
    complain(at, unfit.problem, unfit.fix);
  }
  const { problems, warnings, skipped } = report;
  return problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'read', value: flows, warnings, skipped };
}

function readLines(file: SourceFile, world: World, report: Report): readonly Flow[] {
  // Flows of one file name the same ends again and again: each is looked up once.
  const endOf = lazyTable((text: string) => parseEnd(text, world));
  const shape = flowShape(world, endOf);
  const flows: Flow[] = [];
  for (const [document, line] of file.text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const at: At = { file: file.path, document, path: '', report };
    const value = parseLine(line, at);
    const read = plainFlow(value, endOf) ?? shape(questionIn(value), at);
    if (read !== BAD) flows.push(read);
    if (isFull(at)) break;
  }
  return flows;
}

type EndOf = (text: string) => FlowEnd | Unnamed;

/**
 * A flow of four fields that is sound: most lines of a large file. `undefined` where anything is
 * special, which the shape of a flow then reads or reports.
 */
function plainFlow(value: unknown, endOf: EndOf): Flow | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 4)
    return undefined;
  const { from, to, protocol, port } = value as Readonly<Record<string, unknown>>;
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') return undefined;
  if (!isPortNumber(port)) return undefined;
  const [source, target] = [endOf(from), endOf(to)];
  if (!('kind' in source) || !('kind' in target) || source.kind === 'service') return undefined;
  return { from: source, to: target, protocol, port };
}

const isPortNumber = (port: unknown): port is number =>
  typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65535;

/**
 * A question as a person types it: from `web` to `db:5432` or `db:53/UDP`; the protocol is TCP
 * unless it is said, and ICMP takes no port (`db/ICMP`).
 */
export function parseFlow(from: string, to: string, world: World): Flow | Unnamed {
  const [, name = '', written = 'TCP'] =
    /^(.*?)(?:\/(tcp|udp|sctp|icmp(?::\d{1,3}){0,2}))?$/i.exec(to) ?? [];
  const [, target = name, port] = /^(.+):([^:\]]+)$/.exec(name) ?? [];
  const isScheme = /^(svc|node|ip|pod|eni)$/.test(target);
  const source = parseEnd(from, world);
  const destination = parseEnd(isScheme ? name : target, world);
  if (!('kind' in source)) return source;
  if (!('kind' in destination)) return destination;
  const [protocol = '', type, code] = written.split(':');
  const upper = protocol.toUpperCase() as Protocol;
  const message = toMessage(type, code);
  if (message !== undefined && 'problem' in message) return message;
  const wanted = isScheme ? undefined : toPort(port);
  const wrong = wrongPort({ to: destination, protocol: upper, port: wanted }, world);
  if (wrong !== undefined) return wrong;
  const flow = { from: source, to: destination, protocol: upper, port: wanted };
  return message === undefined ? flow : { ...flow, icmp: message };
}

/** An ICMP message of its type and code; only a type with a single code may leave the code out. */
function toMessage(
  type: number | string | undefined,
  code: number | string | undefined,
): IcmpMessage | Unnamed | undefined {
  if (type === undefined) {
    const fix = 'add the type, such as 8 for an echo request';
    return code === undefined ? undefined : { problem: 'an ICMP code needs a type', fix };
  }
  const message = { type: Number(type), code: Number(code ?? 0) };
  if (message.type > 255 || message.code > 255) {
    return { problem: 'an ICMP type or code is out of range', fix: 'use 0 to 255' };
  }
  if (code !== undefined || hasOneCode(message.type)) return message;
  const problem = `ICMP type ${type} has several codes, and none is given`;
  return { problem, fix: 'add the code' };
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
    complain(at, `the line is not valid JSON: ${reason}`, fix);
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
  (endOf: EndOf): Shape<FlowEnd> =>
  (value, at) => {
    if (typeof value !== 'string') return wrongType(value, at, 'a text');
    const read = endOf(value);
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

const octet = integer(0, 255);

const portShape: Shape<number | string> = (value, at) =>
  typeof value === 'number' || typeof value === 'string'
    ? value
    : wrongType(value, at, 'a port number or name');

function flowShape(world: World, endOf: EndOf): Shape<Flow> {
  const place = end(endOf);
  const source: Shape<FlowEnd> = mapped(place, (read, at) =>
    read.kind === 'service'
      ? refuse(at, 'a service opens no connections', 'name a pod, a node, an address or internet')
      : read,
  );
  const fields = closedObject({
    required: { from: source, to: place, protocol: protocolShape },
    optional: { id, port: portShape, icmpType: octet, icmpCode: octet },
  });
  return (value, at) => {
    if (value === undefined) return BAD;
    const flow = fields(value, at);
    if (flow === BAD) return BAD;
    const wrong = wrongPort({ ...flow, port: flow.port }, world);
    if (wrong !== undefined) return refuse(inside(at, 'port'), wrong.problem, wrong.fix);
    const { icmpType, icmpCode, ...plain } = flow;
    const message = toMessage(icmpType, icmpCode);
    const place = inside(at, 'icmpType');
    if (message === undefined) return { ...plain, port: flow.port };
    if ('problem' in message) return refuse(place, message.problem, message.fix);
    if (flow.protocol !== 'ICMP') {
      return refuse(place, `${flow.protocol} has no ICMP type`, 'write protocol ICMP');
    }
    return { ...plain, port: flow.port, icmp: message };
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
    return isPortNumber(port)
      ? undefined
      : { problem: `${port} is out of range`, fix: 'use a whole number from 1 to 65535' };
  }
  const badName = checkPortName(port);
  if (badName !== undefined) return badName;
  const names = portNames(to, world);
  const isUnread = (to.kind === 'pod' || to.kind === 'service') && !isRead(to, world);
  return isUnread || names.includes(port)
    ? undefined
    : {
        problem: `${formatEnd(to)} has no port named '${port}'`,
        fix: names.length > 0 ? `use ${names.join(' or ')}` : 'write the number of the port',
      };
}

/** Whether the object of an end was read: its ports are not known where it was left out. */
const isRead = (to: { readonly namespace: string; readonly name: string }, world: World): boolean =>
  [...world.pods, ...world.services].some(
    ({ namespace, name }) => namespace === to.namespace && name === to.name,
  );

const holdersOf = ({ kind }: FlowEnd, { pods, services }: World) => {
  if (kind === 'pod') return pods;
  return kind === 'service' ? services : [];
};

function portNames(to: FlowEnd, world: World): readonly string[] {
  const same = (one: { readonly namespace: string; readonly name: string }): boolean =>
    'namespace' in to && one.namespace === to.namespace && one.name === to.name;
  return holdersOf(to, world)
    .filter(same)
    .flatMap(({ ports }) => ports.flatMap(({ name }) => name ?? []));
}

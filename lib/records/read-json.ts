import { type Flow, type FlowEnd, formatEnd, type Protocol } from '../model/flow';
import type { World } from '../model/world';
import { arrivals, createEnds, type Ends } from './ends';
import { type Lines, NO_PORTS, type Sighting, type Trouble } from './sighting';

/** A JSON object, its fields not known yet. */
export type Json = Readonly<Record<string, unknown>>;

/** What one line says, or why it says nothing. */
export type LineReader = (value: Json, line: number) => readonly Sighting[] | Left;

interface Left {
  readonly kind: 'broken' | 'left-out';
  readonly trouble: Trouble;
}

/** Reads JSON lines, one record each; every broken one is complained of. */
export function jsonLines(lines: Lines, read: LineReader): readonly Sighting[] {
  return lines.all.flatMap((line, number) => {
    if (line === '') return [];
    const value = parse(line);
    const answer = value === undefined ? NO_OBJECT : read(value, number);
    if (!('kind' in answer)) return answer;
    if (answer.kind === 'broken') lines.complain(number, answer.trouble);
    else lines.leaveOut(number, answer.trouble);
    return [];
  });
}

/** Calico's flow logs; a name that replicas share stands for all of them. */
export const calicoReader =
  (ends: Ends): LineReader =>
  (value) => {
    if ([value.source_name, value.dest_name].some(isPrivate)) return PRIVATE;
    const from = calicoEnds(ends, value.source_namespace, value.source_name);
    const to = calicoEnds(ends, value.dest_namespace, value.dest_name);
    const protocol = text(value.protocol).toUpperCase();
    if (/^(ICMP|ICMPV6)$/.test(protocol)) return left(NO_PORTS);
    const port = Number(value.dest_port);
    const unnamed = [
      ...(from.length === 0 ? [text(value.source_name)] : []),
      ...(to.length === 0 ? [text(value.dest_name)] : []),
    ];
    if (unnamed.length > 0) return nobody(unnamed);
    if (!/^(Allow|Deny)$/.test(text(value.action))) return wrong('action', 'Allow or Deny');
    const action = value.action === 'Allow' ? 'allow' : 'deny';
    return sightings({ from, to, protocol, port, action, when: text(value.start_time) });
  };

/** Answers of ours: what was observed counts before what was predicted; Services are their backends. */
export function answerReader(world: World): LineReader {
  const ends = createEnds(world);
  const services = new Map(
    world.services.map(({ namespace, name }): [string, FlowEnd] => {
      const end: FlowEnd = { kind: 'service', namespace, name };
      return [formatEnd(end), end];
    }),
  );
  return (value, line) => {
    const [from, to] = [text(value.from), text(value.to)];
    const source = ends.named(from);
    const destination = services.get(to) ?? ends.named(to);
    const protocol = text(value.protocol).toUpperCase();
    if (protocol === 'ICMP') return left(NO_PORTS);
    if (source === undefined || destination === undefined) {
      return nobody([...(source ? [] : [from]), ...(destination ? [] : [to])]);
    }
    const verdict = (isJson(value.observed) ? value.observed : value).verdict;
    if (typeof verdict !== 'string')
      return wrong('verdict', 'allowed, denied, no-route or unknown');
    const action = verdict === 'allowed' ? 'allow' : 'deny';
    const asked = { from: source, to: destination, protocol: protocol as Protocol };
    const port = value.port as Flow['port'];
    return both(
      arrivals(world, { ...asked, port }).map((flow) =>
        sightings({
          ...{ from: [flow.from], to: [flow.to], protocol, port: Number(flow.port), action },
          when: `line ${line}`,
        }),
      ),
    );
  };
}

/** Joins what several backends' lines say; the first trouble is the line's. */
const both = (answers: readonly ReturnType<LineReader>[]): ReturnType<LineReader> =>
  answers.find((one): one is Left => 'kind' in one) ??
  answers.flatMap((one) => ('kind' in one ? [] : one));

interface Found {
  readonly from: readonly FlowEnd[];
  readonly to: readonly FlowEnd[];
  readonly protocol: string;
  readonly port: number;
  readonly action: 'allow' | 'deny';
  /** Both ends of a connection write their own line of it, at the same time. */
  readonly when: string;
}

const PORTED = ['TCP', 'UDP', 'SCTP'] as const;

function sightings({ from, to, port, action, when, ...said }: Found): ReturnType<LineReader> {
  const protocol = PORTED.find((name) => name === said.protocol);
  if (protocol === undefined) return wrong('protocol', 'TCP, UDP or SCTP');
  if (!(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    return wrong('port', 'a whole number from 1 to 65535, or a name that the destination knows');
  }
  return from.flatMap((source) =>
    to
      .filter((target) => formatEnd(target) !== formatEnd(source))
      .map((target) => {
        const flow = { from: source, to: target, protocol, port };
        return { flow, action, connection: `${when} ${JSON.stringify(flow)}` };
      }),
  );
}

function calicoEnds(ends: Ends, namespace: unknown, name: unknown): readonly FlowEnd[] {
  const [place, called] = [text(namespace), text(name)];
  if (/^(pub|PUBLIC NETWORK)$/.test(called)) return [{ kind: 'internet' }];
  const isGlobal = /^(|-|Global)$/.test(place);
  const one = ends.named(isGlobal ? called : `${place}/${called}`);
  return one === undefined ? ends.replicas(place, called) : [one];
}

const isPrivate = (name: unknown): boolean => /^(pvt|PRIVATE NETWORK)$/.test(text(name));

const left = (trouble: Trouble): Left => ({ kind: 'left-out', trouble });

const PRIVATE = left({
  problem: 'records that name only PRIVATE NETWORK are left out: nobody can tell who that is',
  fix: 'take these flows from VPC flow logs, which have addresses',
});

const broken = (problem: string, fix: string): Left => ({
  kind: 'broken',
  trouble: { problem, fix },
});

const NO_OBJECT = broken('the line is no JSON object', 'write one record a line');

const wrong = (field: string, fix: string): Left =>
  broken(`the record's ${field} is missing or not understood`, `use ${fix}`);

const nobody = (names: readonly string[]): Left =>
  broken(
    `the manifests know nobody called ${names.map((name) => `'${name}'`).join(' or ')}`,
    'record and recommend with the same manifests, or add the missing ones',
  );

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(line: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

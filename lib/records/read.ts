import { type Ip, parseIp } from '../model/address';
import type { FlowEnd, Protocol } from '../model/flow';
import type { Problem, Reading, SourceFile } from '../model/problem';
import type { World } from '../model/world';
import type { FlowRecord, RecordFormat } from './record';
import { VPC_FIELDS } from './vpc';

/** First port that Linux gives to clients (ip-sysctl: ip_local_port_range). */
const EPHEMERAL = 32768;
const NAMES: Readonly<Record<string, Protocol>> = { '6': 'TCP', '17': 'UDP', '132': 'SCTP' };

/**
 * Reads flow records of any known format: answers of `lab predict`, `probe` or `compare`, Calico's
 * flow logs, or VPC flow logs (with a header line of field names, or in the network stack's order).
 * All problems together; replies, ICMP and what nobody logged (NODATA) are left out.
 */
export function readRecords(file: SourceFile, world: World): Reading<readonly FlowRecord[]> {
  const lines = file.text.split('\n').map((line) => line.trim());
  const problems: Problem[] = [];
  const report: Report = (document, problem, fix) =>
    problems.push({ file: file.path, document, path: '', problem, fix });
  const ends = createEnds(world);
  const behind = createBackends(world, ends);
  const format = formatOf(lines);
  const records =
    format === 'vpc' ? readVpc(lines, ends, report) : readJson(lines, { ends, behind }, report);
  if (problems.length > 0) return { kind: 'problems', problems };
  return { kind: 'read', value: distinct(records), warnings: [], skipped: {} };
}

type Report = (document: number, problem: string, fix: string) => void;
type Ends = (text: string, namespace?: string) => FlowEnd | undefined;

const formatOf = (lines: readonly string[]): RecordFormat => {
  const first = lines.find((line) => line !== '') ?? '';
  if (!first.startsWith('{')) return 'vpc';
  return first.includes('"source_name"') ? 'calico' : 'answers';
};

/** Finds ends by name or address: pods first, then whoever else has the address. */
function createEnds({ pods, outside }: World): Ends {
  const byName = new Map<string, FlowEnd>();
  for (const { namespace, name, addresses } of pods) {
    const end: FlowEnd = { kind: 'pod', namespace, name };
    for (const key of [`${namespace}/${name}`, ...addresses]) byName.set(key, end);
  }
  for (const { name, addresses } of outside) {
    const [address] = addresses;
    const end: FlowEnd | undefined =
      name === 'internet' ? { kind: 'internet' } : address && { kind: 'ip', address };
    if (end !== undefined) for (const key of [name, ...addresses]) byName.set(key, end);
  }
  byName.set('pub', { kind: 'internet' });
  return (text, namespace = '') => {
    const known = byName.get(namespace === '' ? text : `${namespace}/${text}`);
    const address = parseIp(text.replace(/^ip:/, ''));
    return known ?? byName.get(address ?? '') ?? ipEnd(address);
  };
}

const ipEnd = (address: Ip | undefined): FlowEnd | undefined =>
  address === undefined ? undefined : { kind: 'ip', address };

/** What stands behind a Service's port: policies and logs see backends, only people say Services. */
type Behind = (service: string, port: number) => readonly Backend[];

interface Backend {
  readonly to: FlowEnd | undefined;
  readonly port: number;
}

const createBackends =
  ({ services }: World, ends: Ends): Behind =>
  (service, port) =>
    services
      .filter(({ namespace, name }) => `svc:${namespace}/${name}` === service)
      .flatMap(({ ports }) => ports.filter((one) => one.port === port))
      .flatMap(({ backends }) => backends.filter(({ ready }) => ready))
      .map((backend) => ({ to: ends(backend.address), port: backend.port }));

function readVpc(lines: readonly string[], ends: Ends, report: Report): readonly FlowRecord[] {
  const head = lines.findIndex((line) => /\bsrcaddr\b/.test(line));
  const fields: readonly string[] = head === -1 ? VPC_FIELDS : (lines[head] ?? '').split(/\s+/);
  return lines.flatMap((line, number) => {
    if (line === '' || number === head) return [];
    const values = line.split(/\s+/);
    if (values.length !== fields.length) {
      report(number, `${values.length} fields where ${fields.length} are`, FIELDS_FIX);
      return [];
    }
    const get = (field: string): string => values[fields.indexOf(field)] ?? '-';
    return vpcRecord(get, ends);
  });
}

const FIELDS_FIX = `add a header line with the fields, or log ${VPC_FIELDS.join(' ')}`;

/** An answer comes from a service's port to a client's: it belongs to the connection it answers. */
function vpcRecord(get: (field: string) => string, ends: Ends): readonly FlowRecord[] {
  const [source, destination] = ['src', 'dst'].map((side) => {
    const packet = get(`pkt-${side}addr`);
    return ends(packet === '-' ? get(`${side}addr`) : packet);
  });
  const protocol = NAMES[get('protocol')];
  const port = Number(get('dstport'));
  const isReply = port >= EPHEMERAL && Number(get('srcport')) < EPHEMERAL;
  if (source === undefined || destination === undefined || protocol === undefined || isReply) {
    return [];
  }
  const action = get('action') === 'ACCEPT' ? 'allow' : 'deny';
  return [{ flow: { from: source, to: destination, protocol, port }, action }];
}

interface Lookup {
  readonly ends: Ends;
  readonly behind: Behind;
}

function readJson(lines: readonly string[], lookup: Lookup, report: Report): readonly FlowRecord[] {
  return lines.flatMap((line, number) => {
    if (line === '') return [];
    const value = parse(line);
    if (value === undefined) {
      report(number, 'the line is no JSON object', 'write one record a line');
      return [];
    }
    const records =
      'source_name' in value ? calicoRecords(value, lookup) : answerRecords(value, lookup);
    if (records.length === 0) {
      const fix = 'write from, to, protocol, port and verdict, or a flow log of Calico';
      report(number, 'it names no flow between ends that the manifests know', fix);
    }
    return records;
  });
}

type Json = Readonly<Record<string, unknown>>;

const calicoRecords = (value: Json, { ends }: Lookup): readonly FlowRecord[] =>
  recordOf({
    from: ends(text(value.source_name), text(value.source_namespace)),
    to: ends(text(value.dest_name), text(value.dest_namespace)),
    protocol: text(value.protocol).toUpperCase(),
    port: Number(value.dest_port),
    allowed: value.action === 'Allow',
  });

/** An answer of ours: what was observed counts before what was predicted. */
function answerRecords(value: Json, { ends, behind }: Lookup): readonly FlowRecord[] {
  const observed = isJson(value.observed) ? value.observed.verdict : undefined;
  const [to, port] = [text(value.to), Number(value.port)];
  const targets = to.startsWith('svc:') ? behind(to, port) : [{ to: ends(to), port }];
  return targets.flatMap((target) =>
    recordOf({
      ...target,
      from: ends(text(value.from)),
      protocol: text(value.protocol),
      allowed: (observed ?? value.verdict) === 'allowed',
    }),
  );
}

interface Found {
  readonly from: FlowEnd | undefined;
  readonly to: FlowEnd | undefined;
  readonly protocol: string;
  readonly port: number;
  readonly allowed: boolean;
}

function recordOf({ from, to, protocol, port, allowed }: Found): readonly FlowRecord[] {
  const known = Object.values(NAMES).find((name) => name === protocol);
  if (from === undefined || to === undefined || known === undefined) return [];
  if (!(port >= 1 && port <= 65535)) return [];
  return [{ flow: { from, to, protocol: known, port }, action: allowed ? 'allow' : 'deny' }];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function parse(line: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const distinct = (records: readonly FlowRecord[]): readonly FlowRecord[] => [
  ...new Map(records.map((record) => [JSON.stringify(record), record])).values(),
];

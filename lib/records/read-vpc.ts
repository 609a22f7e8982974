import { parseIp } from '../model/address';
import type { FlowEnd, Protocol } from '../model/flow';
import type { Ends } from './ends';
import { type Lines, NO_PORTS, type Sighting, type Trouble } from './sighting';
import { CLIENT_PORTS, PROTOCOL_NUMBERS, VPC_FIELDS } from './vpc';

/** Fields of a flow log for which none were chosen (VPC guide, flow log records: version 2). */
const DEFAULT_FIELDS = [
  ...['version', 'account-id', 'interface-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport'],
  ...['protocol', 'packets', 'bytes', 'start', 'end', 'action', 'log-status'],
];

/** What a VPC's log never holds (VPC guide: it records what passes an interface). */
const SAME_NODE: Trouble = {
  problem: 'a VPC’s flow log holds nothing of calls that stay on one node',
  fix: 'record those with lab flows or Calico’s flow log too, before anything closes',
};

/** Reads VPC flow log lines; every broken one is complained of. */
export function readVpcLines(lines: Lines, ends: Ends): readonly Sighting[] {
  lines.leaveOut(0, SAME_NODE);
  const head = lines.all.findIndex((line) => /\bsrcaddr\b/.test(line));
  const fields = head === -1 ? fieldsOf(lines.all) : (lines.all[head] ?? '').split(/\s+/);
  return lines.all.flatMap((line, number) => {
    if (line === '' || number === head) return [];
    const values = line.split(/\s+/);
    const record = (field: string): string => values[fields.indexOf(field)] ?? '-';
    const trouble =
      values.length === fields.length ? troubleIn(record) : wrongLength(values, fields);
    if (trouble !== undefined) {
      lines.complain(number, trouble);
      return [];
    }
    if (/^(NODATA|SKIPDATA)$/.test(record('log-status'))) return [];
    const protocol = protocolOf(record);
    if (protocol !== undefined) return sightingIn(record, { protocol, ends });
    lines.leaveOut(number, NO_PORTS);
    return [];
  });
}

type Fields = (field: string) => string;

const fieldsOf = (lines: readonly string[]): readonly string[] =>
  lines.some((line) => /^2 \d{12} eni-/.test(line)) ? DEFAULT_FIELDS : VPC_FIELDS;

const wrongLength = (values: readonly string[], fields: readonly string[]): Trouble => ({
  problem: `${values.length} fields where there are ${fields.length}`,
  fix: `add a header line that names the fields, or log ${VPC_FIELDS.join(' ')}`,
});

/** What cannot be understood of a record that has all its fields. */
function troubleIn(record: Fields): Trouble | undefined {
  if (/^(NODATA|SKIPDATA)$/.test(record('log-status'))) return undefined;
  if (!/^(ACCEPT|REJECT)$/.test(record('action'))) {
    return { problem: `'${record('action')}' is no action`, fix: 'use ACCEPT or REJECT' };
  }
  const ports = ['srcport', 'dstport', 'protocol'].filter((field) => !isPort(record(field)));
  const [wrong] = ports;
  if (wrong !== undefined) {
    return { problem: `'${record(wrong)}' is no ${wrong}`, fix: 'write a number from 0 to 65535' };
  }
  const address = [addressIn(record, 'src'), addressIn(record, 'dst')].find(
    (one) => parseIp(one) === undefined,
  );
  return address === undefined
    ? undefined
    : { problem: `'${address}' is no address`, fix: 'write an IPv4 or IPv6 address' };
}

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= 65535;

const protocolOf = (record: Fields): Protocol | undefined =>
  (['TCP', 'UDP', 'SCTP'] as const).find(
    (name) => String(PROTOCOL_NUMBERS[name]) === record('protocol'),
  );

interface Known {
  readonly protocol: Protocol;
  readonly ends: Ends;
}

/** A reply says of the connection it answers whether the answer came through. */
function sightingIn(record: Fields, { protocol, ends }: Known): readonly Sighting[] {
  const source = ends.at(addressIn(record, 'src'));
  const destination = ends.at(addressIn(record, 'dst'));
  if (source === undefined || destination === undefined) return [];
  const reply = isReply(record, { source, destination, ends });
  const [from, to] = reply ? [destination, source] : [source, destination];
  const [client, port] = reply
    ? [record('dstport'), record('srcport')]
    : [record('srcport'), record('dstport')];
  const flow = { from, to, protocol, port: Number(port) };
  const connection = JSON.stringify([from, client, to, port, protocol]);
  return [{ flow, connection, action: record('action') === 'ACCEPT' ? 'allow' : 'deny' }];
}

/** The packet's own address where it was logged, else the interface's. */
function addressIn(record: Fields, side: 'src' | 'dst'): string {
  const packet = record(`pkt-${side}addr`);
  return packet === '-' ? record(`${side}addr`) : packet;
}

interface Pair {
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  readonly ends: Ends;
}

/**
 * Which side called? Flags tell where a SYN was seen (2; with ACK, 18, it answers one); else the side
 * whose port a pod declares was called; else the one with the port that no client gets.
 */
function isReply(record: Fields, { source, destination, ends }: Pair): boolean {
  const flags = Number(record('tcp-flags'));
  if (record('protocol') === '6' && flags & 2) return (flags & 16) !== 0;
  const [client, port] = [Number(record('srcport')), Number(record('dstport'))];
  const [called, calls] = [ends.serves(destination, port), ends.serves(source, client)];
  if (called !== calls) return calls;
  return port >= CLIENT_PORTS.first && client < CLIENT_PORTS.first;
}

import { type Ip, parseIp } from '../../model/address';
import type { Protocol } from '../../model/flow';
import { Failure } from '../../model/problem';
import { readFrame } from './packet';

/** Which packets to show; what is absent matches all. */
export interface PacketFilter {
  readonly protocol?: Exclude<Protocol, 'SCTP'>;
  /** Of either end. */
  readonly port?: number;
  /** Of either end. */
  readonly host?: Ip;
}

/**
 * Reads the few words of tcpdump's filter language that a lab needs, such as
 * `tcp and port 80 and host 10.0.0.1`. Throws `Failure` `bad-filter` for others.
 */
export function parseFilter(text: string): PacketFilter {
  const words = text.split(/\s+/).filter((word) => word !== '' && word !== 'and');
  let filter: PacketFilter = {};
  for (let i = 0; i < words.length; i += 1) {
    const [word = '', next = ''] = [words[i], words[i + 1]];
    const protocol = PROTOCOLS[word];
    const host = word === 'host' ? parseIp(next) : undefined;
    const port = word === 'port' && /^\d{1,5}$/.test(next) ? Number(next) : undefined;
    if (protocol !== undefined) filter = { ...filter, protocol };
    else if (host !== undefined) filter = { ...filter, host };
    else if (port !== undefined && port <= 65535) filter = { ...filter, port };
    else throw new Failure('bad-filter', `'${text}' is no packet filter`, FIX);
    if (protocol === undefined) i += 1;
  }
  return filter;
}

const FIX = 'use tcp, udp, icmp, port <number>, host <address>, joined by "and"';
const PROTOCOLS: Readonly<Record<string, PacketFilter['protocol']>> = {
  tcp: 'TCP',
  udp: 'UDP',
  icmp: 'ICMP',
};

/** Does the filter let this Ethernet frame through? */
export function admits({ protocol, port, host }: PacketFilter, frame: Buffer): boolean {
  const headers = readFrame(frame);
  if (headers.kind !== 'ip') {
    return protocol === undefined && port === undefined && host === undefined;
  }
  const { payload, source, destination } = headers;
  const ports = 'sourcePort' in payload ? [payload.sourcePort, payload.destinationPort] : [];
  return (
    (protocol === undefined || payload.kind === protocol) &&
    (port === undefined || ports.includes(port)) &&
    (host === undefined || source === host || destination === host)
  );
}

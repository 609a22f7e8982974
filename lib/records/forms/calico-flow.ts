import type { PortProtocol, RecordEnd, RecordedPackets } from '../observation';
import { NO_PORTS, portIn, type RecordSink, secondsIn } from './form';

/** A flow log of Calico, whatever wrote it down. */
export interface CalicoRecord {
  readonly source: CalicoEnd;
  readonly destination: CalicoEnd;
  readonly protocol: string;
  readonly port: unknown;
  readonly action: string;
  readonly start: unknown;
  readonly end: unknown;
}

/** One end, as Calico names it (felix collector: endpoint.Metadata). */
export interface CalicoEnd {
  readonly namespace: string;
  readonly name: string;
  /** `wep`, `hep`, `ns` or `net`; empty where the format has no types. */
  readonly type: string;
  /** The address, where this format keeps it. */
  readonly address?: string;
}

/** Reads a flow log: the source always called, as Calico follows connections. */
export function readCalico(record: CalicoRecord, sink: RecordSink): string | undefined {
  const protocol = record.protocol.toUpperCase();
  if (/^(ICMP|ICMPV6|ICMP6|1|58)$/.test(protocol)) {
    sink.remark(NO_PORTS);
    return undefined;
  }
  const known = PROTOCOLS[protocol];
  if (known === undefined) return `'${record.protocol}' is not TCP, UDP or SCTP`;
  const port = portIn(record.port);
  if (port === undefined || port === 0) return `'${String(record.port)}' is not a port`;
  const action = /^allow$/i.test(record.action) ? 'allow' : 'deny';
  if (!/^(allow|deny)$/i.test(record.action)) return `'${record.action}' is not Allow or Deny`;
  const [source, destination] = [endOf(record.source), endOf(record.destination)];
  if (source === undefined || destination === undefined) return 'an end has no name';
  const observation: RecordedPackets = {
    source,
    destination,
    protocol: known,
    sourcePort: 0,
    port,
    caller: 'source',
    action,
    isPolicyVerdict: true,
    start: secondsIn(record.start),
    end: secondsIn(record.end),
  };
  sink.observe(observation);
  return undefined;
}

const PROTOCOLS: Readonly<Record<string, PortProtocol>> = {
  TCP: 'TCP',
  UDP: 'UDP',
  SCTP: 'SCTP',
  '6': 'TCP',
  '17': 'UDP',
  '132': 'SCTP',
};

function endOf({ namespace, name, type, address = '' }: CalicoEnd): RecordEnd | undefined {
  const place = /^(|-|Global)$/.test(namespace) ? '' : namespace;
  if (place === '' && /^(net|Network|)$/.test(type)) {
    if (address !== '' && address !== '-') return address;
    if (/^(pub|PUBLIC NETWORK)$/.test(name)) return { kind: 'network', network: 'public' };
    if (/^(pvt|PRIVATE NETWORK)$/.test(name)) return { kind: 'network', network: 'private' };
  }
  if (name === '' || name === '-') return undefined;
  if (/^(ns|NetworkSet|hep|HostEndpoint)$/.test(type) || place === '') {
    return place === '' ? { kind: 'named', name } : { kind: 'named', name, namespace: place };
  }
  return { kind: 'pod', namespace: place, name };
}

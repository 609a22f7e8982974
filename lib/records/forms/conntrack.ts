import type { PortProtocol } from '../observation';
import { NO_PORTS, type RecordSink } from './form';

/** `src=`, `dst=`, `sport=` and `dport=`, first of the original direction, then of the replies. */
const PAIR = /\b(src|dst|sport|dport)=(\S+)/g;

/** Protocols as conntrack writes them, with their IANA numbers behind. */
const PROTOCOL = /(?:^|\s)(tcp|udp|sctp|icmp|icmpv6|dccp|udplite|gre|unknown)\s+\d+\s/;

/** Is this an entry of `conntrack -L` (or `-E`), with or without `-o extended`? */
export const isConntrack = (line: string): boolean =>
  PROTOCOL.test(line) && line.includes('src=') && line.includes('dst=');

/**
 * Reads an entry of a connection list (conntrack(8)). The kernel knows who called: the original
 * direction. Replies come from the end that a Service's address was translated to.
 */
export function readConntrack(line: string, sink: RecordSink): string | undefined {
  const name = (PROTOCOL.exec(line)?.[1] ?? '').toUpperCase();
  const protocol = (['TCP', 'UDP', 'SCTP'] as const).find((one) => one === name);
  if (protocol === undefined) {
    sink.remark(NO_PORTS);
    return undefined;
  }
  const values = [...line.matchAll(PAIR)];
  const read = (key: string, turn: number): string | undefined =>
    values.filter((match) => match[1] === key)[turn]?.[2];
  const source = read('src', 0);
  const destination = read('src', 1) ?? read('dst', 0);
  const port = Number(read('sport', 1) ?? read('dport', 0));
  if (source === undefined || destination === undefined || !(port >= 1 && port <= 65_535)) {
    return 'the entry has no addresses or ports';
  }
  if (line.includes('[UNREPLIED]')) {
    sink.remark(UNANSWERED);
    return undefined;
  }
  sink.observe(
    entry({ source, destination, protocol, port, sourcePort: Number(read('sport', 0)) }),
  );
  return undefined;
}

interface Entry {
  readonly source: string;
  readonly destination: string;
  readonly protocol: PortProtocol;
  readonly port: number;
  readonly sourcePort: number;
}

const entry = (read: Entry) =>
  ({ ...read, caller: 'source', action: 'allow', isPolicyVerdict: false }) as const;

const UNANSWERED = {
  kind: 'unanswered',
  problem: 'connections that got no answer (UNREPLIED) give no rule: the list does not say why',
  fix: 'record them again when the far end answers, or take them from another log',
} as const;

import type { Protocol } from '../../model/flow';
import { attributes } from '../kernel/attributes';

/** One event of the kernel's packet trace (NFT_MSG_TRACE), decoded. */
export interface TraceEvent {
  /** Names the packet, within its namespace. */
  readonly id: number;
  /** Family and table, such as `inet policy-12`. */
  readonly table: string;
  readonly chain: string;
  readonly kind: 'rule' | 'policy' | 'return';
  /** Handle of the rule; 0 for a policy. */
  readonly handle: number;
  readonly verdict: 'accept' | 'drop' | 'continue';
  /** Present in a packet's first event only. */
  readonly packet?: PacketHead;
}

/** What the headers of a traced packet say. */
export interface PacketHead {
  readonly protocol: Protocol;
  /** For ICMP, both are the echo identifier. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Hops it may still make: every router on the way takes one off. */
  readonly ttl: number;
}

/** The events of one datagram from a trace socket; what is no trace event is left out. */
export function decodeTrace(bytes: Buffer): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  for (let at = 0; at + 20 <= bytes.length; ) {
    const size = bytes.readUInt32LE(at);
    if (bytes.readUInt16LE(at + 4) === TRACE_MESSAGE) {
      events.push(decodeEvent(bytes.subarray(at + 16, at + size)));
    }
    at += (size + 3) & ~3;
    if (size < 20) break;
  }
  return events;
}

// NFNL_SUBSYS_NFTABLES and NFT_MSG_TRACE (linux/netfilter/nf_tables.h).
const TRACE_MESSAGE = (10 << 8) | 17;
const ATTRIBUTE = {
  TABLE: 1,
  CHAIN: 2,
  HANDLE: 3,
  TYPE: 4,
  VERDICT: 5,
  ID: 6,
  NETWORK: 8,
  TRANSPORT: 9,
  POLICY: 16,
} as const;
const FAMILIES: Readonly<Record<number, string>> = {
  1: 'inet',
  2: 'ip',
  3: 'arp',
  5: 'netdev',
  7: 'bridge',
  10: 'ip6',
};
const KINDS: Readonly<Record<number, TraceEvent['kind']>> = { 1: 'policy', 2: 'return', 3: 'rule' };

/** The body of a message: `struct nfgenmsg` (4 bytes), then attributes. */
function decodeEvent(body: Buffer): TraceEvent {
  const found = attributes(body, 4);
  const text = (type: number) => found.get(type)?.toString('latin1').replace(/\0$/, '') ?? '';
  const number = (type: number) => found.get(type)?.readUInt32BE(0);
  const verdict = found.get(ATTRIBUTE.VERDICT);
  const code = verdict === undefined ? undefined : attributes(verdict, 0).get(1)?.readInt32BE(0);
  const packet = packetHead(found.get(ATTRIBUTE.NETWORK), found.get(ATTRIBUTE.TRANSPORT));
  return {
    id: number(ATTRIBUTE.ID) ?? 0,
    table: `${FAMILIES[body.readUInt8(0)] ?? '?'} ${text(ATTRIBUTE.TABLE)}`,
    chain: text(ATTRIBUTE.CHAIN),
    kind: KINDS[number(ATTRIBUTE.TYPE) ?? 3] ?? 'rule',
    handle: Number(found.get(ATTRIBUTE.HANDLE)?.readBigUInt64BE(0) ?? 0n),
    verdict: verdictOf(code ?? number(ATTRIBUTE.POLICY)),
    ...(packet === undefined ? {} : { packet }),
  };
}

/** NF_DROP is 0, NF_ACCEPT 1; jumps, gotos and returns are negative. */
const VERDICTS: Readonly<Record<number, TraceEvent['verdict']>> = { 0: 'drop', 1: 'accept' };

const verdictOf = (code: number | undefined): TraceEvent['verdict'] =>
  (code === undefined ? undefined : VERDICTS[code]) ?? 'continue';

const PROTOCOLS: Readonly<Record<number, Protocol>> = {
  1: 'ICMP',
  6: 'TCP',
  17: 'UDP',
  58: 'ICMP',
  132: 'SCTP',
};

function packetHead(network?: Buffer, transport?: Buffer): PacketHead | undefined {
  if (network === undefined || transport === undefined || transport.length < 4) return undefined;
  const four = network.readUInt8(0) >> 4 === 4;
  const protocol = PROTOCOLS[network.readUInt8(four ? 9 : 6)];
  if (protocol === undefined) return undefined;
  const ttl = network.readUInt8(four ? 8 : 7);
  if (protocol === 'ICMP') return icmpHead(transport, ttl);
  const [sourcePort, destinationPort] = [transport.readUInt16BE(0), transport.readUInt16BE(2)];
  return { protocol, sourcePort, destinationPort, ttl };
}

/** An echo's identifier stands for the asker's port: an answer carries it as its destination. */
function icmpHead(transport: Buffer, ttl: number): PacketHead | undefined {
  if (transport.length < 6) return undefined;
  const type = transport.readUInt8(0);
  const identifier = transport.readUInt16BE(4);
  const asks = type === 8 || type === 128;
  const [sourcePort, destinationPort] = asks ? [identifier, 0] : [0, identifier];
  return { protocol: 'ICMP', sourcePort, destinationPort, ttl };
}

import { decode } from 'dns-packet';
import type { Captured } from './captured';
import { type Headers, type Payload, readFrame } from './packet';

/** One line about a packet, in the manner of tcpdump. */
export function packetLine({ time, device, way, frame }: Captured): string {
  const at = new Date(time).toISOString().slice(11, 23);
  const arrow = way === 'out' ? 'Out' : 'In ';
  return `${at} ${device} ${arrow} ${describe(readFrame(Buffer.from(frame, 'base64')))}`;
}

function describe(headers: Headers): string {
  switch (headers.kind) {
    case 'arp':
      return headers.asks
        ? `ARP, who has ${headers.target}? tell ${headers.sender}`
        : `ARP, ${headers.sender} answers`;
    case 'other':
      return `ethertype 0x${headers.etherType.toString(16)}, length ${headers.length}`;
    case 'ip': {
      const { source, destination, payload } = headers;
      const family = source.includes(':') ? 'IP6' : 'IP';
      const [from, to] =
        'sourcePort' in payload
          ? [`${source}.${payload.sourcePort}`, `${destination}.${payload.destinationPort}`]
          : [source, destination];
      return `${family} ${from} > ${to}: ${describePayload(payload)}`;
    }
  }
}

function describePayload(payload: Payload): string {
  switch (payload.kind) {
    case 'TCP':
      return `TCP [${payload.flags}], length ${payload.data.length}`;
    case 'UDP':
      return describeUdp(payload);
    case 'ICMP':
      return `ICMP${payload.six ? '6' : ''} ${icmpName(payload)}`;
    case 'other':
      return `protocol ${payload.protocol}, length ${payload.data.length}`;
  }
}

function describeUdp(payload: Extract<Payload, { readonly kind: 'UDP' }>): string {
  const { sourcePort, destinationPort, data } = payload;
  if (destinationPort === 4789 || destinationPort === 8472) {
    // RFC 7348: eight bytes, the network identifier in the fifth to the seventh.
    const vni = data.length < 8 ? 0 : data.readUIntBE(4, 3);
    return `VXLAN ${vni}, ${describe(readFrame(data.subarray(8)))}`;
  }
  const dns = sourcePort === 53 || destinationPort === 53 ? describeDns(data) : undefined;
  return dns ?? `UDP, length ${data.length}`;
}

function describeDns(data: Buffer): string | undefined {
  try {
    const { type, questions = [], answers = [], flags = 0 } = decode(data);
    const asked = questions.map((question) => `${question.type}? ${question.name}`).join(', ');
    if (type === 'query') return `DNS ${asked}`;
    const code = flags & 15;
    const said = answers.map((answer) => ('data' in answer ? String(answer.data) : answer.type));
    if (code === 3) return `DNS ${asked}: NXDOMAIN`;
    return `DNS ${asked}: ${code === 0 ? said.join(', ') || 'nothing' : `error ${code}`}`;
  } catch {
    return undefined;
  }
}

function icmpName(icmp: Extract<Payload, { readonly kind: 'ICMP' }>): string {
  const known = (icmp.six ? ICMP6 : ICMP4)[icmp.type];
  return known === undefined ? `type ${icmp.type}, code ${icmp.code}` : known(icmp.code);
}

const UNREACHABLE: Readonly<Record<number, string>> = {
  0: 'network unreachable',
  1: 'host unreachable',
  3: 'port unreachable',
  4: 'too big, must not fragment',
  13: 'administratively prohibited',
};

const ICMP4: Readonly<Record<number, (code: number) => string>> = {
  0: () => 'echo reply',
  3: (code) => UNREACHABLE[code] ?? `unreachable, code ${code}`,
  8: () => 'echo request',
  11: () => 'time exceeded',
};

const ICMP6: Readonly<Record<number, (code: number) => string>> = {
  1: (code) => (code === 4 ? 'port unreachable' : `unreachable, code ${code}`),
  2: () => 'too big',
  3: () => 'time exceeded',
  128: () => 'echo request',
  129: () => 'echo reply',
  135: () => 'neighbour solicitation',
  136: () => 'neighbour advertisement',
};

import { type Ip, ipFromBits } from '../../model/address';

/** The headers of a packet on a cable, as far as a learner follows them. */
export type Headers =
  | {
      readonly kind: 'ip';
      readonly source: Ip;
      readonly destination: Ip;
      readonly ttl: number;
      readonly payload: Payload;
    }
  | { readonly kind: 'arp'; readonly asks: boolean; readonly sender: Ip; readonly target: Ip }
  | { readonly kind: 'other'; readonly etherType: number; readonly length: number };

export type Payload =
  | {
      readonly kind: 'TCP';
      readonly sourcePort: number;
      readonly destinationPort: number;
      /** Letters as tcpdump writes them: S, F, P, R, and a dot for ACK. */
      readonly flags: string;
      readonly data: Buffer;
    }
  | {
      readonly kind: 'UDP';
      readonly sourcePort: number;
      readonly destinationPort: number;
      readonly data: Buffer;
    }
  | { readonly kind: 'ICMP'; readonly type: number; readonly code: number; readonly six: boolean }
  | { readonly kind: 'other'; readonly protocol: number; readonly data: Buffer };

/** Reads an Ethernet frame; what is cut short reads as `other`. */
export function readFrame(frame: Buffer): Headers {
  const etherType = frame.length < 14 ? 0 : frame.readUInt16BE(12);
  const rest = frame.subarray(14);
  const other: Headers = { kind: 'other', etherType, length: frame.length };
  if (etherType === 0x0800 && rest.length >= 20) return readIp4(rest);
  if (etherType === 0x86dd && rest.length >= 40) return readIp6(rest);
  if (etherType === 0x0806 && rest.length >= 28) {
    const [sender, target] = [address(rest.subarray(14, 18)), address(rest.subarray(24, 28))];
    return { kind: 'arp', asks: rest.readUInt16BE(6) === 1, sender, target };
  }
  return other;
}

const address = (bytes: Buffer): Ip =>
  ipFromBits(BigInt(`0x${bytes.toString('hex')}`), bytes.length === 4 ? 4 : 6);

function readIp4(packet: Buffer): Headers {
  const start = (packet.readUInt8(0) & 15) * 4;
  const end = Math.max(start, Math.min(packet.length, packet.readUInt16BE(2)));
  return {
    kind: 'ip',
    source: address(packet.subarray(12, 16)),
    destination: address(packet.subarray(16, 20)),
    ttl: packet.readUInt8(8),
    payload: readPayload(packet.readUInt8(9), packet.subarray(start, end)),
  };
}

function readIp6(packet: Buffer): Headers {
  return {
    kind: 'ip',
    source: address(packet.subarray(8, 24)),
    destination: address(packet.subarray(24, 40)),
    ttl: packet.readUInt8(7),
    payload: readPayload(packet.readUInt8(6), packet.subarray(40, 40 + packet.readUInt16BE(4))),
  };
}

function readPayload(protocol: number, bytes: Buffer): Payload {
  if (protocol === 6 && bytes.length >= 20) {
    const data = bytes.subarray((bytes.readUInt8(12) >> 4) * 4);
    return { kind: 'TCP', ...ports(bytes), flags: flagsOf(bytes.readUInt8(13)), data };
  }
  if (protocol === 17 && bytes.length >= 8) {
    return { kind: 'UDP', ...ports(bytes), data: bytes.subarray(8) };
  }
  if ((protocol === 1 || protocol === 58) && bytes.length >= 4) {
    const [type, code] = [bytes.readUInt8(0), bytes.readUInt8(1)];
    return { kind: 'ICMP', type, code, six: protocol === 58 };
  }
  return { kind: 'other', protocol, data: bytes };
}

const ports = (bytes: Buffer) => ({
  sourcePort: bytes.readUInt16BE(0),
  destinationPort: bytes.readUInt16BE(2),
});

const flagsOf = (bits: number): string =>
  ['F', 'S', 'R', 'P', '.', 'U'].filter((_, i) => (bits & (1 << i)) !== 0).join('');

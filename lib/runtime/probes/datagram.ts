import { randomInt } from 'node:crypto';
import { AF, E, errno, IPPROTO, recv, SOCK, send } from '../kernel/libc';
import { kernelFamily } from '../kernel/sockaddr';
import {
  type AttemptProgress,
  abandon,
  type Driver,
  firstLine,
  type Opened,
  openSocket,
  outcomeOf,
} from './attempt';

/** UDP: a datagram out, and its echo or an ICMP error back. */
export const udpDriver: Driver = {
  open: (probe) => dispatch(openSocket(probe, SOCK.DGRAM, IPPROTO.UDP), probe.destination, PAYLOAD),
  hear: (fd, _events, before) =>
    hear(fd, before, (size) => ({
      kind: 'done',
      outcome: 'connected',
      answer: firstLine(input, size),
    })),
};

/**
 * ICMP echo over a raw socket, which needs no sysctl (a ping socket needs `ping_group_range`). A
 * raw socket receives every reply of its namespace, so each attempt has an identifier of its own. The
 * first one is random: the kernel keeps the translation of an identifier that it has seen (conntrack,
 * 30 s), and an earlier run must not decide where the packets of this one go.
 */
export function icmpDriver(): Driver {
  const identifiers = new Map<number, number>();
  let last = randomInt(0x1_0000);
  return {
    open(probe) {
      const four = kernelFamily(probe.destination) === AF.INET;
      last = (last + 1) & 0xffff;
      const { localPort: identifier = last, ...unbound } = probe;
      const protocol = four ? IPPROTO.ICMP : IPPROTO.ICMPV6;
      const socket = openSocket({ ...unbound, port: 0 }, SOCK.RAW, protocol);
      if (socket.kind === 'open') identifiers.set(socket.fd, identifier);
      return dispatch(socket, probe.destination, echoRequest(four ? 8 : 128, identifier));
    },
    hear: (fd, _events, before) =>
      hear(fd, before, (size) => {
        // IPv4 hands over the IP header, IPv6 does not (raw(7)).
        const at = input.readUInt8(0) >> 4 === 4 && size > 20 ? (input.readUInt8(0) & 15) * 4 : 0;
        const type = input.readUInt8(at);
        const ours = input.readUInt16BE(at + 4) === identifiers.get(fd);
        const reply = (type === 0 || type === 129) && ours;
        return reply ? { kind: 'done', outcome: 'connected' } : undefined;
      }),
  };
}

const PAYLOAD = Buffer.from('probe\n');
const input = Buffer.allocUnsafeSlow(2048);

function dispatch(
  opened: Opened,
  destination: Parameters<typeof kernelFamily>[0],
  data: Buffer,
): Opened {
  if (opened.kind === 'done') return opened;
  const sent = send(opened.fd, data, data.length, 0) >= 0;
  // A full queue is silence: the second try sends again. So is a local filter's drop, unless it was
  // a rejection: then an ICMP error follows, as a stream socket would hear it too.
  const silent = !sent && (errno() === E.ENOBUFS || errno() === E.EPERM);
  return sent || silent ? opened : abandon(opened.fd, `send ${destination}`);
}

function hear(
  fd: number,
  before: AttemptProgress,
  read: (size: number) => AttemptProgress | undefined,
): AttemptProgress {
  for (;;) {
    const size = recv(fd, input, input.length, 0);
    if (size >= 0) {
      const progress = read(size);
      if (progress !== undefined) return progress;
      continue;
    }
    const outcome = outcomeOf(errno());
    return outcome === undefined ? before : { kind: 'done', outcome };
  }
}

function echoRequest(type: number, identifier: number): Buffer {
  const packet = Buffer.alloc(16);
  packet.writeUInt8(type, 0);
  packet.writeUInt16BE(identifier, 4);
  packet.writeUInt16BE(1, 6);
  let sum = 0;
  for (let i = 0; i < packet.length; i += 2) sum += packet.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  // The kernel computes ICMPv6's own, which covers addresses (RFC 4443 section 2.3).
  packet.writeUInt16BE(~sum & 0xffff, 2);
  return packet;
}

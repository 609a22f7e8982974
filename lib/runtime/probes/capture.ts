import {
  AF,
  addressOf,
  bind,
  checked,
  close,
  MSG_DONTWAIT,
  onReadable,
  recvmsg,
  SOCK,
  socket,
} from '../kernel/libc';
import type { Namespaces } from '../kernel/namespaces';
import type { Captured, CaptureWish } from './captured';
import { admits } from './packet-filter';

/**
 * Shows the packets of a namespace's devices as they pass, until there were enough or the time is
 * over, or `gone` says that who asked is gone; answers how many. A packet socket of our own, since tcpdump gives up in a user namespace:
 * it insists on changing its user (setgroups is denied there).
 */
export function capture(
  namespaces: Namespaces,
  wish: CaptureWish,
  show: (packet: Captured) => void,
  gone?: AbortSignal,
): Promise<number> {
  const { netns, device, count, seconds, filter } = wish;
  const index = device === undefined ? 0 : namespaces.index(netns, device);
  const fd = namespaces.enter(netns, () => openPacketSocket(index));
  const names = new Map(
    namespaces.devices(netns).map((name) => [namespaces.index(netns, name), name]),
  );
  let seen = 0;
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer);
      gone?.removeEventListener('abort', stop);
      handle.close();
      close(fd);
      resolve(seen);
    };
    const timer = setTimeout(stop, seconds * 1000);
    gone?.addEventListener('abort', stop, { once: true });
    const handle = onReadable(fd, () => {
      for (let packet = receive(fd); packet !== undefined; packet = receive(fd)) {
        const { frame, index, way } = packet;
        const twice = index === LOOPBACK && way === 'out';
        if (twice || !admits(filter, frame)) continue;
        seen += 1;
        const name = names.get(index) ?? `device ${index}`;
        show({ time: Date.now(), device: name, way, frame: frame.toString('base64') });
        if (seen >= count) return stop();
      }
    });
  });
}

const LOOPBACK = 1;
const ETH_P_ALL = 3;
const PACKET_OUTGOING = 4;

function openPacketSocket(index: number): number {
  const protocol = ETH_P_ALL << 8;
  const type = SOCK.RAW | SOCK.NONBLOCK | SOCK.CLOEXEC;
  const fd = checked('socket(packet)', socket(AF.PACKET, type, protocol));
  // `struct sockaddr_ll`.
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF.PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  address.writeInt32LE(index, 4);
  checked('bind(packet)', bind(fd, address, address.length));
  return fd;
}

const name = Buffer.allocUnsafeSlow(20);
const data = Buffer.allocUnsafeSlow(65536);
const vector = Buffer.allocUnsafeSlow(16);
const header = Buffer.allocUnsafeSlow(56);

interface Received {
  readonly frame: Buffer;
  readonly index: number;
  readonly way: 'in' | 'out';
}

function receive(fd: number): Received | undefined {
  vector.writeBigUInt64LE(addressOf(data), 0);
  vector.writeBigUInt64LE(BigInt(data.length), 8);
  header.fill(0);
  header.writeBigUInt64LE(addressOf(name), 0);
  header.writeUInt32LE(name.length, 8);
  header.writeBigUInt64LE(addressOf(vector), 16);
  header.writeBigUInt64LE(1n, 24);
  const size = recvmsg(fd, header, MSG_DONTWAIT);
  if (size < 0) return undefined;
  const way = name.readUInt8(10) === PACKET_OUTGOING ? 'out' : 'in';
  return { frame: data.subarray(0, size), index: name.readInt32LE(4), way };
}

import { addressOf, IPPROTO, MSG_DONTWAIT, recvmsg, setOption } from './libc';

/**
 * Keeps every ICMP error for a socket in its error queue (ip(7), IP_RECVERR). A datagram socket
 * would otherwise never get "host unreachable"; and TCP would not either when the error comes
 * back while connect(2) still runs, as it does between namespaces of one machine.
 */
export function keepErrors(fd: number, family: 4 | 6): void {
  if (family === 4) setOption(fd, 0, IP_RECVERR, 1);
  else setOption(fd, IPPROTO.IPV6, IPV6_RECVERR, 1);
}

/** Takes one error from the queue; 0 where there is none. */
export function takeError(fd: number): number {
  header.fill(0);
  header.writeBigUInt64LE(addressOf(vector), 16);
  header.writeBigUInt64LE(1n, 24);
  header.writeBigUInt64LE(addressOf(control), 32);
  header.writeBigUInt64LE(BigInt(control.length), 40);
  vector.writeBigUInt64LE(addressOf(data), 0);
  vector.writeBigUInt64LE(BigInt(data.length), 8);
  if (recvmsg(fd, header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return 0;
  // One control message: `struct cmsghdr` (16 bytes), then `struct sock_extended_err`.
  const enough = header.readBigUInt64LE(40) >= 20n;
  return enough ? control.readUInt32LE(16) : 0;
}

const IP_RECVERR = 11;
const IPV6_RECVERR = 25;
const MSG_ERRQUEUE = 0x2000;
const data = Buffer.allocUnsafeSlow(512);
const control = Buffer.allocUnsafeSlow(256);
const vector = Buffer.allocUnsafeSlow(16);
const header = Buffer.allocUnsafeSlow(56);

import { addressOf, MSG_DONTWAIT, recvmsg, sendmsg } from './libc';

/**
 * Answers every waiting datagram with its own bytes, from the address it was sent to: a node with
 * several addresses would otherwise answer from another one, and nobody would know the answer.
 */
export function createEchoer(): (fd: number) => void {
  const name = Buffer.allocUnsafeSlow(28);
  const data = Buffer.allocUnsafeSlow(65536);
  const control = Buffer.allocUnsafeSlow(128);
  const vector = Buffer.allocUnsafeSlow(16);
  const header = Buffer.allocUnsafeSlow(56);

  const prepare = (size: number, controlSize: number): void => {
    vector.writeBigUInt64LE(addressOf(data), 0);
    vector.writeBigUInt64LE(BigInt(size), 8);
    header.writeBigUInt64LE(addressOf(vector), 16);
    header.writeBigUInt64LE(1n, 24);
    header.writeBigUInt64LE(addressOf(control), 32);
    header.writeBigUInt64LE(BigInt(controlSize), 40);
    header.writeUInt32LE(0, 48);
  };

  return (fd) => {
    for (;;) {
      header.fill(0);
      header.writeBigUInt64LE(addressOf(name), 0);
      header.writeUInt32LE(name.length, 8);
      prepare(data.length, control.length);
      const size = recvmsg(fd, header, MSG_DONTWAIT);
      if (size < 0) return;
      const controlSize = Number(header.readBigUInt64LE(40));
      // The interface it came in by must not bind the answer's way out.
      if (controlSize >= PKTINFO_END) control.writeUInt32LE(0, PKTINFO_INDEX);
      prepare(size, controlSize);
      sendmsg(fd, header, MSG_DONTWAIT);
    }
  };
}

// `struct cmsghdr` (16 bytes), then `struct in6_pktinfo`: an address and an interface number.
const PKTINFO_INDEX = 16 + 16;
const PKTINFO_END = PKTINFO_INDEX + 4;

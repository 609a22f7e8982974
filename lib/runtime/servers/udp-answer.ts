import { addressOf, MSG_DONTWAIT, recvmsg, sendmsg } from '../kernel/libc';

/**
 * Answers every waiting datagram, from the address it was sent to: a node with several addresses
 * would otherwise answer from another one, and the client would not accept the reply. The bytes handed to
 * `answer` are valid until it returns.
 */
export function answerDatagrams(
  answer: (message: Buffer) => Uint8Array | undefined,
): (fd: number) => void {
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
      releaseInterface(control, controlSize);
      const reply = answer(data.subarray(0, size));
      if (reply === undefined) continue;
      data.set(reply);
      prepare(reply.length, controlSize);
      sendmsg(fd, header, MSG_DONTWAIT);
    }
  };
}

/**
 * The interface it came in by must not bind the answer's way out. A `struct cmsghdr` (16 bytes) is
 * followed by `in_pktinfo`, which starts with the interface's number, or by `in6_pktinfo`, which
 * has it after the address.
 */
function releaseInterface(control: Buffer, size: number): void {
  if (size < CMSG_HEADER + 4) return;
  const at = control.readUInt32LE(CMSG_LEVEL) === 0 ? CMSG_HEADER : CMSG_HEADER + 16;
  if (size >= at + 4) control.writeUInt32LE(0, at);
}

const CMSG_HEADER = 16;
const CMSG_LEVEL = 8;

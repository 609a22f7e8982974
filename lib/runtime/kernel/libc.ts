import { constants } from 'node:os';
import koffi from 'koffi';

/**
 * The system calls that Node does not offer, called in this very process. The holder loads
 * this file; a client only where it must know who listens on a socket.
 *
 * `load(null)` finds the symbols of whatever libc Node itself is linked with (glibc or musl).
 */
const libc = koffi.load(null);

export const AF = { INET: 2, INET6: 10, NETLINK: 16, PACKET: 17, BRIDGE: 7 } as const;
export const SOCK = { STREAM: 1, DGRAM: 2, RAW: 3, NONBLOCK: 0o4000, CLOEXEC: 0o2000000 } as const;
export const IPPROTO = { ICMP: 1, TCP: 6, UDP: 17, IPV6: 41, ICMPV6: 58, SCTP: 132 } as const;
/** clone(2) flags, for setns and unshare. */
export const CLONE = { NEWNET: 0x40000000, NEWNS: 0x00020000 } as const;
export const EPOLL = { IN: 1, OUT: 4, ERR: 8, HUP: 16, ET: 1 << 31, ADD: 1 } as const;
export const MSG_NOSIGNAL = 0x4000;
export const MSG_MORE = 0x8000;
export const MSG_DONTWAIT = 0x40;

type Bytes = Uint8Array | null;

export const socket: (family: number, type: number, protocol: number) => number = libc.func(
  'int socket(int, int, int)',
);
export const bind: (fd: number, address: Bytes, length: number) => number = libc.func(
  'int bind(int, void *, uint)',
);
export const listen: (fd: number, backlog: number) => number = libc.func('int listen(int, int)');
export const connect: (fd: number, address: Bytes, length: number) => number = libc.func(
  'int connect(int, void *, uint)',
);
export const accept4: (fd: number, address: Bytes, length: Bytes, flags: number) => number =
  libc.func('int accept4(int, void *, void *, int)');
export const send: (fd: number, data: Bytes, length: number, flags: number) => number = libc.func(
  'long send(int, void *, size_t, int)',
);
export const recv: (fd: number, data: Bytes, length: number, flags: number) => number = libc.func(
  'long recv(int, void *, size_t, int)',
);
export const sendmsg: (fd: number, message: Bytes, flags: number) => number = libc.func(
  'long sendmsg(int, void *, int)',
);
export const recvmsg: (fd: number, message: Bytes, flags: number) => number = libc.func(
  'long recvmsg(int, void *, int)',
);
export const close: (fd: number) => number = libc.func('int close(int)');
export const setsockopt: (
  fd: number,
  level: number,
  option: number,
  value: Bytes,
  length: number,
) => number = libc.func('int setsockopt(int, int, int, void *, uint)');
export const getsockopt: (
  fd: number,
  level: number,
  option: number,
  value: Bytes,
  length: Bytes,
) => number = libc.func('int getsockopt(int, int, int, void *, void *)');
export const setns: (fd: number, type: number) => number = libc.func('int setns(int, int)');
export const unshare: (flags: number) => number = libc.func('int unshare(int)');
export const mount: (
  source: string,
  target: string,
  type: string | null,
  flags: number,
  data: string,
) => number = libc.func('int mount(str, str, str, ulong, str)');
export const flock: (fd: number, operation: number) => number = libc.func('int flock(int, int)');
/** flock(2): waits until no other process holds the lock. */
export const LOCK_EX = 2;
export const ifNameToIndex: (name: string) => number = libc.func('uint if_nametoindex(str)');
export const epollCreate: (flags: number) => number = libc.func('int epoll_create1(int)');
export const epollCtl: (epoll: number, op: number, fd: number, event: Bytes) => number = libc.func(
  'int epoll_ctl(int, int, int, void *)',
);
export const epollWait: (epoll: number, events: Bytes, max: number, timeoutMs: number) => number =
  libc.func('int epoll_wait(int, void *, int, int)');

/** The error of the last call that failed; read it at once. */
export const errno = (): number => koffi.errno();

/** Where a buffer lies, for structures that hold pointers. */
export const addressOf = (buffer: Uint8Array): bigint => koffi.address(buffer);

export const E = constants.errno;

/** The name of an error number, such as `ENETUNREACH`. */
export const errnoName = (code: number): string =>
  Object.entries(E).find(([, value]) => value === code)?.[0] ?? `errno ${code}`;

/** A system call or netlink request that the kernel refused. */
export class KernelError extends Error {
  constructor(
    readonly call: string,
    readonly errno: number,
    detail = '',
  ) {
    super(`${call}: ${errnoName(errno)}${detail === '' ? '' : ` (${detail})`}`);
    this.name = 'KernelError';
  }
}

/** The result of a call, or a `KernelError` where it is negative. */
export function checked(call: string, result: number): number {
  if (result < 0) throw new KernelError(call, errno());
  return result;
}

/** Sets a socket option whose value is a C `int`. */
export function setOption(fd: number, level: number, option: number, value: number): number {
  optionValue.writeInt32LE(value);
  return setsockopt(fd, level, option, optionValue, 4);
}

const optionValue = Buffer.alloc(4);

/** Calls `ready` whenever the descriptor can be read, on Node's own event loop. */
export function onReadable(fd: number, ready: () => void): { close(): void } {
  const handle = koffi.node.poll(fd, { readable: true }, ready);
  watched.add(handle);
  return {
    close() {
      watched.delete(handle);
      handle.close();
    },
  };
}

// A handle without a reference is garbage collected, and then stops watching.
const watched = new Set<object>();

/** Resolves when the descriptor can be read, or after `ms`. */
export function readable(fd: number, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      handle.close();
      resolve();
    };
    const timer = setTimeout(done, ms);
    const handle = onReadable(fd, done);
  });
}

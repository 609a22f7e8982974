import type { Listener, Netns } from '../../dataplane/commands/command';
import {
  AF,
  bind,
  checked,
  close,
  E,
  errno,
  IPPROTO,
  KernelError,
  listen,
  SOCK,
  setOption,
  socket,
} from '../kernel/libc';
import type { Namespaces } from '../kernel/namespaces';

/** Where to listen. */
export interface ListenAddress {
  readonly netns: Netns;
  readonly protocol: Listener['protocol'];
  readonly port: number;
}

/**
 * A listening, non-blocking socket for both families inside a namespace. Throws `KernelError`
 * where the port is taken or the kernel lacks the protocol (EPROTONOSUPPORT).
 */
export const openListening = (at: ListenAddress, namespaces: Namespaces): number =>
  namespaces.enter(at.netns, () => listenOn(at));

// The kernel cuts it to net.core.somaxconn, which is 4096 since Linux 5.4.
const BACKLOG = 4096;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const IPV6_V6ONLY = 26;
const IPV6_RECVPKTINFO = 49;
const IP_PKTINFO = 8;

const KIND = {
  TCP: [SOCK.STREAM, IPPROTO.TCP],
  UDP: [SOCK.DGRAM, IPPROTO.UDP],
  SCTP: [SOCK.STREAM, IPPROTO.SCTP],
} as const;

function listenOn({ netns, protocol, port }: ListenAddress): number {
  const label = `listen ${netns} ${protocol} ${port}`;
  const [type, number] = KIND[protocol];
  const open = (family: number): number =>
    socket(family, type | SOCK.NONBLOCK | SOCK.CLOEXEC, number);
  const both = open(AF.INET6);
  // A kernel without IPv6 has IPv4 sockets only.
  const onlyFour = both < 0 && errno() === E.EAFNOSUPPORT;
  const fd = checked(label, onlyFour ? open(AF.INET) : both);
  prepare(fd, protocol, onlyFour ? AF.INET : AF.INET6);
  const address = anyAddress(onlyFour ? AF.INET : AF.INET6, port);
  const refused = bind(fd, address, address.length) < 0;
  if (refused || (protocol !== 'UDP' && listen(fd, BACKLOG) < 0)) {
    const code = errno();
    close(fd);
    throw new KernelError(label, code);
  }
  return fd;
}

function prepare(fd: number, protocol: ListenAddress['protocol'], family: number): void {
  if (protocol !== 'UDP') setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (family === AF.INET) setOption(fd, 0, IP_PKTINFO, 1);
  else {
    setOption(fd, IPPROTO.IPV6, IPV6_V6ONLY, 0);
    setOption(fd, IPPROTO.IPV6, IPV6_RECVPKTINFO, 1);
  }
}

function anyAddress(family: number, port: number): Buffer {
  const address = Buffer.alloc(family === AF.INET6 ? 28 : 16);
  address.writeUInt16LE(family, 0);
  address.writeUInt16BE(port, 2);
  return address;
}

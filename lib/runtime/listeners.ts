import type { Listener, Netns } from '../dataplane/command';
import { type Epoll, openEpoll } from './epoll';
import {
  AF,
  accept4,
  bind,
  checked,
  close,
  E,
  EPOLL,
  errno,
  IPPROTO,
  KernelError,
  listen,
  MSG_NOSIGNAL,
  onReadable,
  SOCK,
  send,
  setOption,
  socket,
} from './libc';
import type { Namespaces } from './namespaces';
import { createEchoer } from './udp-echo';

/** Listeners in every pod, served by this one thread: two descriptors each and no process. */
export interface Listeners {
  open(netns: Netns, listeners: readonly Listener[]): void;
  closeAll(netns: Netns): void;
}

/** Starts serving; what is opened later is served from then on. */
export function createListeners(namespaces: Namespaces): Listeners {
  const epoll: Epoll = openEpoll();
  const open = new Map<number, Open>();
  const byNetns = new Map<Netns, number[]>();
  const echo = createEchoer();
  onReadable(epoll.fd, () =>
    epoll.drain((fd) => {
      const listener = open.get(fd);
      if (listener?.protocol === 'UDP') echo(fd);
      else if (listener !== undefined) greetAll(fd, listener.banner);
    }),
  );
  return {
    open(netns, listeners) {
      const fds = byNetns.get(netns) ?? [];
      byNetns.set(netns, fds);
      namespaces.enter(netns, () => {
        for (const listener of listeners) {
          const fd = listenOn(netns, listener);
          if (fd === undefined) continue;
          open.set(fd, {
            protocol: listener.protocol,
            banner: Buffer.from(`${listener.banner}\n`),
          });
          fds.push(fd);
          epoll.add(fd, EPOLL.IN, fd);
        }
      });
    },
    closeAll(netns) {
      for (const fd of byNetns.get(netns) ?? []) {
        open.delete(fd);
        close(fd);
      }
      byNetns.delete(netns);
    },
  };
}

interface Open {
  readonly protocol: Listener['protocol'];
  readonly banner: Buffer;
}

// The kernel cuts it to net.core.somaxconn, which is 4096 since Linux 5.4.
const BACKLOG = 4096;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const IPV6_V6ONLY = 26;
const IPV6_RECVPKTINFO = 49;

/** A listening socket for both families; `undefined` where the kernel lacks the protocol. */
function listenOn(netns: Netns, { protocol, port }: Listener): number | undefined {
  const [type, number] = KIND[protocol];
  const family = [AF.INET6, AF.INET] as const;
  for (const domain of family) {
    const fd = socket(domain, type | SOCK.NONBLOCK | SOCK.CLOEXEC, number);
    if (fd < 0 && domain === AF.INET6 && errno() === E.EAFNOSUPPORT) continue;
    if (fd < 0 && protocol === 'SCTP') return undefined;
    checked(`listen ${netns} ${protocol} ${port}`, fd);
    setOption(fd, SOL_SOCKET, SO_REUSEADDR, protocol === 'UDP' ? 0 : 1);
    if (domain === AF.INET6) {
      setOption(fd, IPPROTO.IPV6, IPV6_V6ONLY, 0);
      setOption(fd, IPPROTO.IPV6, IPV6_RECVPKTINFO, 1);
    }
    if (bind(fd, anyAddress(domain, port), domain === AF.INET6 ? 28 : 16) < 0) {
      const code = errno();
      close(fd);
      throw new KernelError(`listen ${netns} ${protocol} ${port}`, code);
    }
    if (protocol !== 'UDP') checked('listen', listen(fd, BACKLOG));
    return fd;
  }
  return undefined;
}

const KIND = {
  TCP: [SOCK.STREAM, IPPROTO.TCP],
  UDP: [SOCK.DGRAM, IPPROTO.UDP],
  SCTP: [SOCK.STREAM, IPPROTO.SCTP],
} as const;

function anyAddress(domain: number, port: number): Buffer {
  const address = Buffer.alloc(domain === AF.INET6 ? 28 : 16);
  address.writeUInt16LE(domain, 0);
  address.writeUInt16BE(port, 2);
  return address;
}

/** Accepts whoever waits, says the banner, hangs up. */
function greetAll(fd: number, banner: Buffer): void {
  for (;;) {
    const peer = accept4(fd, null, null, SOCK.NONBLOCK | SOCK.CLOEXEC);
    if (peer < 0) return;
    send(peer, banner, banner.length, MSG_NOSIGNAL);
    close(peer);
  }
}

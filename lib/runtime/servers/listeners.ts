import type { Listener, Netns } from '../../dataplane/commands/command';
import { accept4, close, E, KernelError, MSG_MORE, MSG_NOSIGNAL, SOCK, send } from '../kernel/libc';
import type { Namespaces } from '../kernel/namespaces';
import { hearOut } from './http-answer';
import { openListening } from './listening-socket';
import type { Serving } from './serving';
import { answerDatagrams } from './udp-answer';

/** Listeners of namespaces: one descriptor each, no process. */
export interface Listeners {
  /** From now on these listen in the namespace, and no others; who stays misses nothing. */
  open(netns: Netns, listeners: readonly Listener[]): void;
  /** Forgets a namespace that is going. */
  forget(netns: Netns): void;
}

/** Listeners that greet (TCP, SCTP) or echo (UDP). If the kernel lacks SCTP, SCTP listeners are skipped. */
export function createListeners(namespaces: Namespaces, serving: Serving): Listeners {
  const byNetns = new Map<Netns, Map<string, number>>();
  return {
    open(netns, listeners) {
      const before = byNetns.get(netns) ?? new Map<string, number>();
      const wanted = new Map(listeners.map((one) => [JSON.stringify(one), one]));
      for (const [key, fd] of before) if (!wanted.has(key)) serving.close(netns, fd);
      const now = new Map<string, number>();
      byNetns.set(netns, now);
      for (const [key, listener] of wanted) {
        const fd = before.get(key) ?? openOne({ namespaces, serving }, netns, listener);
        if (fd !== undefined) now.set(key, fd);
      }
    },
    forget: (netns) => byNetns.delete(netns),
  };
}

interface ServerContext {
  readonly namespaces: Namespaces;
  readonly serving: Serving;
}

function openOne(
  { namespaces, serving }: ServerContext,
  netns: Netns,
  { protocol, port, banner, speaks }: Listener,
): number | undefined {
  try {
    const fd = openListening({ netns, protocol, port }, namespaces);
    const greets = speaks === undefined ? greeter(`${banner}\n`) : hearing(`${banner}\n`);
    serving.watch(netns, fd, protocol === 'UDP' ? echo : greets);
    return fd;
  } catch (error) {
    if (protocol === 'SCTP' && isLacking(error)) return undefined;
    throw error;
  }
}

const echo = answerDatagrams((message) => message);

const isLacking = (error: unknown): boolean =>
  error instanceof KernelError && error.errno === E.EPROTONOSUPPORT;

/**
 * Accepts each waiting connection, sends the banner and closes it; both in one packet, since the kernel keeps what
 * more is announced to, until close(2) adds its FIN (send(2), MSG_MORE).
 */
function greeter(banner: string): (fd: number) => void {
  const bytes = Buffer.from(banner);
  return (fd) =>
    acceptAll(fd, (peer) => {
      send(peer, bytes, bytes.length, MSG_NOSIGNAL | MSG_MORE);
      close(peer);
    });
}

const hearing =
  (banner: string) =>
  (fd: number): void =>
    acceptAll(fd, (peer) => hearOut(peer, banner));

function acceptAll(fd: number, take: (peer: number) => void): void {
  for (;;) {
    const peer = accept4(fd, null, null, SOCK.NONBLOCK | SOCK.CLOEXEC);
    if (peer < 0) return;
    take(peer);
  }
}

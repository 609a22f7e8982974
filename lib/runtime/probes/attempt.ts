import type { Probe } from '../../dataplane/probe';
import { familyOf, ip } from '../../model/address';
import type { Outcome } from '../../model/observation';
import { keepErrors, takeError } from '../kernel/error-queue';
import {
  bind,
  close,
  connect,
  E,
  EPOLL,
  errno,
  KernelError,
  recv,
  SOCK,
  setsockopt,
  socket,
} from '../kernel/libc';
import { kernelFamily, sockaddr } from '../kernel/sockaddr';

/** An attempt that is over. */
export interface Done {
  readonly kind: 'done';
  readonly outcome: Outcome;
  readonly answer?: string;
  readonly reason?: string;
}

/** What is known of an attempt so far. `silent`: nothing came back yet. */
export type AttemptProgress = { readonly kind: 'silent' } | { readonly kind: 'connected' } | Done;

/** A socket to wait for, or an attempt that was over at once. */
export type Opened = { readonly kind: 'open'; readonly fd: number } | Done;

/** What to try, and from which port; without one the kernel chooses. */
export interface Try extends Probe {
  /** For ICMP, the echo identifier. */
  readonly localPort?: number;
}

/** How a protocol is tried: one non-blocking socket per attempt. */
export interface Driver {
  /** Opens the socket in the namespace the thread stands in and sends the first packet. */
  open(probe: Try): Opened;
  /** Reads what came. */
  hear(fd: number, events: number, before: AttemptProgress): AttemptProgress;
}

/**
 * What an error of a socket says about the network. EPERM is a local filter's drop (a packet that
 * nftables drops in `output`); EINVAL is how a blackhole route answers connect(2); a prohibit route
 * and ICMP "administratively prohibited" come as EACCES and EHOSTUNREACH.
 */
export function outcomeOf(error: number): Outcome | undefined {
  switch (error) {
    case E.ECONNREFUSED:
      return 'refused';
    case E.EHOSTUNREACH:
    case E.ENETUNREACH:
    case E.ENETDOWN:
    case E.EINVAL:
    case E.EACCES:
    // No interface here has the sender's address: no packet can leave with it.
    case E.EADDRNOTAVAIL:
      return 'unreachable';
    case E.EPERM:
    case E.ETIMEDOUT:
      return 'timed-out';
    default:
      return undefined;
  }
}

/** Opens, binds and connects a non-blocking socket; `refused` closes it again where that fails. */
export function openSocket(probe: Try, type: number, protocol: number): Opened {
  const { source: own = probe.destination } = probe;
  if (familyOf(own) !== familyOf(probe.destination))
    return { kind: 'done', outcome: 'unreachable' };
  const family = kernelFamily(probe.destination);
  const fd = socket(family, type | SOCK.NONBLOCK | SOCK.CLOEXEC, protocol);
  if (fd < 0) return unsupported(probe, errno());
  if (probe.source !== undefined || probe.localPort !== undefined) {
    const any = familyOf(probe.destination) === 4 ? ANY_4 : ANY_6;
    const source = sockaddr(probe.source ?? any, probe.localPort ?? 0);
    if (bind(fd, source, source.length) < 0) return abandon(fd, `bind ${probe.source ?? any}`);
  }
  const address = sockaddr(probe.destination, probe.port);
  keepErrors(fd, familyOf(probe.destination));
  const refused = connect(fd, address, address.length) < 0 && errno() !== E.EINPROGRESS;
  return refused ? abandon(fd, `connect ${probe.destination}`) : { kind: 'open', fd };
}

/** Closes a socket whose last call failed, and says what that failure means. */
export function abandon(fd: number, call: string): Done {
  const error = errno();
  close(fd);
  const outcome = outcomeOf(error);
  if (outcome === undefined) throw new KernelError(call, error);
  return { kind: 'done', outcome };
}

/** TCP and SCTP: connected when the handshake is through; the banner is waited for a little longer. */
export const streamDriver = (protocol: number): Driver => ({
  open(probe) {
    const opened = openSocket(probe, SOCK.STREAM, protocol);
    // An abortive close leaves no TIME_WAIT and empties conntrack at once.
    if (opened.kind === 'open') setsockopt(opened.fd, SOL_SOCKET, SO_LINGER, ABORT, ABORT.length);
    return opened;
  },
  hear(fd, events, before) {
    // Writable alone: the handshake is through, and nothing was said yet.
    if (events === EPOLL.OUT) return before.kind === 'connected' ? before : { kind: 'connected' };
    const size = recv(fd, input, input.length, 0);
    if (size > 0) return { kind: 'done', outcome: 'connected', answer: firstLine(input, size) };
    if (size === 0) return { kind: 'done', outcome: 'connected' };
    const plain = errno();
    const error = plain === E.EAGAIN && (events & EPOLL.ERR) !== 0 ? takeError(fd) : plain;
    if (error === E.EAGAIN) return (events & EPOLL.OUT) !== 0 ? { kind: 'connected' } : before;
    if (before.kind === 'connected') return { kind: 'done', outcome: 'connected' };
    const outcome = outcomeOf(error);
    return outcome === undefined ? before : { kind: 'done', outcome };
  },
});

/** The first line of what was read. */
export const firstLine = (bytes: Buffer, size: number): string =>
  bytes.toString('utf8', 0, size).split('\n', 1)[0] ?? '';

const ANY_4 = ip('0.0.0.0');
const ANY_6 = ip('::');
const SOL_SOCKET = 1;
const SO_LINGER = 13;
const ABORT = Buffer.from(new Int32Array([1, 0]).buffer);
const input = Buffer.allocUnsafeSlow(2048);

/** Only a protocol or family the kernel lacks is an answer; anything else is a bug or a full table. */
function unsupported({ protocol, destination }: Probe, error: number): Done {
  const lacking = [E.EPROTONOSUPPORT, E.EAFNOSUPPORT].some((code) => code === error);
  if (!lacking) throw new KernelError(`socket ${protocol}`, error);
  const what = error === E.EAFNOSUPPORT ? `IPv6 (for ${destination})` : protocol;
  return { kind: 'done', outcome: 'unsupported', reason: `this kernel has no ${what}` };
}

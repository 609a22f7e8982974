import { readdirSync, readFileSync } from 'node:fs';
import type { Observation, Probe } from '../dataplane/probe';
import type { Protocol } from '../model/flow';
import { type Done, type Driver, type Progress, streamDriver } from './attempt';
import { icmpDriver, udpDriver } from './datagram';
import { type Epoll, openEpoll } from './epoll';
import { close, EPOLL, IPPROTO, readable } from './libc';
import type { Namespaces } from './namespaces';

/**
 * Makes many attempts at once. A denied flow is silence, and silence is only known by waiting; so
 * attempts wait together, and all that stay silent share one window.
 *
 * A silent flow is tried twice: first for a third of `timeoutMs`, then, all of them together, for
 * the whole of it. Why: TCP's own retransmission comes after a second (tcp(7)), and on a busy
 * machine the kernel may drop or delay a first packet; a fresh attempt costs less than waiting.
 */
export type Prober = (probes: readonly Probe[], timeoutMs: number) => Promise<Observation[]>;

/** A prober over the sandbox's namespaces. */
export function createProber(namespaces: Namespaces): Prober {
  const epoll = openEpoll();
  return async (probes, timeoutMs) => {
    const all = probes.map((_, i) => i);
    const results = new Map<number, Done>();
    const context = { namespaces, epoll, probes, results };
    await pass(context, byNetns(probes, all), timeoutMs / 3);
    const silent = all.filter((i) => !results.has(i));
    await pass(context, byNetns(probes, silent), timeoutMs);
    return all.map((i) => {
      const { kind: _, ...observed } = results.get(i) ?? TIMED_OUT;
      return { ...observed, trace: [] };
    });
  };
}

const TIMED_OUT: Done = { kind: 'done', outcome: 'timed-out' };

interface Context {
  readonly namespaces: Namespaces;
  readonly epoll: Epoll;
  readonly probes: readonly Probe[];
  readonly results: Map<number, Done>;
}

interface Attempt {
  readonly index: number;
  readonly fd: number;
  readonly driver: Driver;
  readonly deadline: number;
  progress: Progress;
}

// How many are opened before answers are read, and other work of the process gets its turn.
const BATCH = 256;

/** One try for each index. Attempts expire in the order they were opened. */
async function pass(context: Context, order: readonly number[], windowMs: number): Promise<void> {
  const waiting = new Map<number, Attempt>();
  const drivers = createDrivers();
  const most = descriptorBudget();
  let next = 0;
  try {
    while (next < order.length || waiting.size > 0) {
      const room = Math.min(BATCH, most - waiting.size);
      const batch = order.slice(next, next + Math.max(0, room));
      next += batch.length;
      open(context, { batch, drivers, waiting, deadline: performance.now() + windowMs });
      hear(context, waiting);
      await (batch.length > 0 ? turn() : readable(context.epoll.fd, untilFirst(waiting)));
      hear(context, waiting);
      expire(context, waiting);
    }
  } finally {
    for (const { fd } of waiting.values()) close(fd);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Opens a batch, entering each namespace once. */
function open(
  { namespaces, epoll, probes, results }: Context,
  work: {
    readonly batch: readonly number[];
    readonly drivers: Readonly<Record<Protocol, Driver>>;
    readonly waiting: Map<number, Attempt>;
    readonly deadline: number;
  },
): void {
  const { batch, drivers, waiting, deadline } = work;
  for (let start = 0; start < batch.length; ) {
    const netns = probes[batch[start] ?? 0]?.netns ?? '';
    const other = batch.findIndex((index, i) => i > start && probes[index]?.netns !== netns);
    const end = other === -1 ? batch.length : other;
    namespaces.enter(netns, () => {
      for (const index of batch.slice(start, end)) {
        const probe = probes[index];
        if (probe === undefined) continue;
        const driver = drivers[probe.protocol];
        const opened = driver.open(probe);
        if (opened.kind === 'done') results.set(index, opened);
        else {
          const { fd } = opened;
          waiting.set(index, { index, fd, driver, deadline, progress: { kind: 'silent' } });
          epoll.add(fd, EPOLL.IN | EPOLL.OUT | EPOLL.ET, index);
        }
      }
    });
    start = end;
  }
}

function hear({ epoll, results }: Context, waiting: Map<number, Attempt>): void {
  const take = (index: number, events: number): void => {
    const attempt = waiting.get(index);
    if (attempt === undefined) return;
    attempt.progress = attempt.driver.hear(attempt.fd, events, attempt.progress);
    if (attempt.progress.kind !== 'done') return;
    results.set(index, attempt.progress);
    waiting.delete(index);
    close(attempt.fd);
  };
  while (epoll.drain(take) > 0);
}

/** Silence up to its deadline stays without a result; a connection without a banner is one. */
function expire({ results }: Context, waiting: Map<number, Attempt>): void {
  const now = performance.now();
  for (const attempt of waiting.values()) {
    if (attempt.deadline > now) return;
    if (attempt.progress.kind === 'connected') {
      results.set(attempt.index, { kind: 'done', outcome: 'connected' });
    }
    waiting.delete(attempt.index);
    close(attempt.fd);
  }
}

function untilFirst(waiting: ReadonlyMap<number, Attempt>): number {
  for (const { deadline } of waiting.values()) return Math.max(1, deadline - performance.now());
  return 0;
}

const byNetns = (probes: readonly Probe[], indexes: readonly number[]): readonly number[] =>
  indexes.toSorted((a, b) => {
    const [left = '', right = ''] = [probes[a]?.netns, probes[b]?.netns];
    return left === right ? a - b : left < right ? -1 : 1;
  });

const createDrivers = (): Readonly<Record<Protocol, Driver>> => ({
  TCP: streamDriver(IPPROTO.TCP),
  SCTP: streamDriver(IPPROTO.SCTP),
  UDP: udpDriver,
  ICMP: icmpDriver(),
});

/** Half of the descriptors that are left: the other half is for the answering side. */
function descriptorBudget(): number {
  const limit = /Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  const open = readdirSync('/proc/self/fd').length;
  return Math.max(16, Math.min(8192, Math.floor((Number(limit ?? 1024) - open - 64) / 2)));
}

import { readdirSync, readFileSync } from 'node:fs';
import type { Probe, TracedRule } from '../../dataplane/probe';
import type { Protocol } from '../../model/flow';
import type { Epoll } from '../kernel/epoll';
import { close, E, EPOLL, IPPROTO, KernelError, readable } from '../kernel/libc';
import type { Namespaces } from '../kernel/namespaces';
import { type AttemptProgress, type Done, type Driver, type Opened, streamDriver } from './attempt';
import { icmpDriver, udpDriver } from './datagram';
import type { Tracer } from './tracer';

/** What a pass needs, and where it puts what it learned. */
export interface PassContext {
  readonly namespaces: Namespaces;
  readonly epoll: Epoll;
  readonly probes: readonly Probe[];
  readonly results: Map<number, Done>;
  readonly tracer: Tracer | undefined;
  readonly traces: Map<number, readonly TracedRule[]>;
}

interface Attempt {
  readonly index: number;
  readonly fd: number;
  readonly driver: Driver;
  readonly deadline: number;
  progress: AttemptProgress;
}

// How many are opened before answers are read, and other work of the process gets its turn.
const BATCH = 256;
// The kernel's queue of trace events is short, and what does not fit is lost.
const TRACED_BATCH = 16;

/** One try for each index. Attempts expire in the order they were opened. */
export async function pass(
  context: PassContext,
  order: readonly number[],
  windowMs: number,
): Promise<void> {
  const { tracer, epoll } = context;
  const clock = createClock();
  const work: Work = { waiting: new Map(), drivers: createDrivers(), ports: new Map() };
  const most = descriptorBudget();
  const step = tracer === undefined ? BATCH : TRACED_BATCH;
  let next = 0;
  try {
    while (next < order.length || work.waiting.size > 0) {
      const room = Math.max(0, Math.min(step, most - work.waiting.size));
      const batch = order.slice(next, next + room);
      next += batch.length;
      open(context, work, { batch, deadline: clock.now() + windowMs });
      hear(context, work);
      await (batch.length > 0 ? turn() : readable(epoll.fd, TICK_MS));
      hear(context, work);
      expire(context, work, clock.tick());
    }
  } finally {
    for (const { fd } of work.waiting.values()) close(fd);
  }
  collectTraces(context, work);
}

interface Work {
  readonly waiting: Map<number, Attempt>;
  readonly drivers: Readonly<Record<Protocol, Driver>>;
  /** Source port of each attempt, where its packets are traced. */
  readonly ports: Map<number, number>;
}

function collectTraces({ tracer, probes, traces }: PassContext, { ports }: Work): void {
  for (const [index, port] of ports) {
    const probe = probes[index];
    if (tracer === undefined || probe === undefined) continue;
    traces.set(index, tracer.rulesOf(probe, port));
    tracer.forget(probe.protocol, port);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Opens a batch, entering each namespace once. */
function open(
  context: PassContext,
  work: Work,
  { batch, deadline }: { readonly batch: readonly number[]; readonly deadline: number },
): void {
  const { namespaces, epoll, probes, results } = context;
  for (let start = 0; start < batch.length; ) {
    const netns = probes[batch[start] ?? 0]?.netns ?? '';
    const other = batch.findIndex((index, i) => i > start && probes[index]?.netns !== netns);
    const end = other === -1 ? batch.length : other;
    namespaces.enter(netns, () => {
      for (const index of batch.slice(start, end)) {
        const probe = probes[index];
        if (probe === undefined) continue;
        const driver = work.drivers[probe.protocol];
        const opened = openOne(context, work, { index, probe });
        if (opened.kind === 'done') {
          results.set(index, opened);
          continue;
        }
        const progress = { kind: 'silent' } as const;
        work.waiting.set(index, { index, fd: opened.fd, driver, deadline, progress });
        epoll.add(opened.fd, EPOLL.IN | EPOLL.OUT | EPOLL.ET, index);
      }
    });
    start = end;
  }
}

/** A traced attempt has a source port of its own; one that another socket holds is skipped. */
function openOne(
  { tracer }: PassContext,
  { ports, drivers }: Work,
  { index, probe }: { readonly index: number; readonly probe: Probe },
): Opened {
  const driver = drivers[probe.protocol];
  if (tracer === undefined) return driver.open(probe);
  for (let left = 8; ; left -= 1) {
    const localPort = tracer.nextPort();
    ports.set(index, localPort);
    try {
      return driver.open({ ...probe, localPort });
    } catch (error) {
      const taken = error instanceof KernelError && error.errno === E.EADDRINUSE;
      if (!taken || left === 0) throw error;
    }
  }
}

function hear({ epoll, results, tracer }: PassContext, { waiting }: Work): void {
  const take = (index: number, events: number): void => {
    const attempt = waiting.get(index);
    if (attempt === undefined) return;
    attempt.progress = attempt.driver.hear(attempt.fd, events, attempt.progress);
    if (attempt.progress.kind !== 'done') return;
    results.set(index, attempt.progress);
    waiting.delete(index);
    close(attempt.fd);
  };
  tracer?.drain();
  while (epoll.drain(take) > 0);
}

/** Silence up to its deadline stays without a result; a connection without a banner is one. */
function expire({ results }: PassContext, { waiting }: Work, now: number): void {
  for (const attempt of waiting.values()) {
    if (attempt.deadline > now) return;
    if (attempt.progress.kind === 'connected') {
      results.set(attempt.index, { kind: 'done', outcome: 'connected' });
    }
    waiting.delete(attempt.index);
    close(attempt.fd);
  }
}

const TICK_MS = 5;

/**
 * A clock that stands still while this process does not run: on a busy machine the kernel's own
 * threads, which carry packets on, wait as long as we do, and that wait is not a denial. So no
 * tick counts for more than a few of its own lengths, however late it comes.
 */
function createClock(): { now(): number; tick(): number } {
  let time = 0;
  let last = performance.now();
  return {
    now: () => time,
    tick() {
      const real = performance.now();
      time += Math.min(real - last, 2 * TICK_MS);
      last = real;
      return time;
    },
  };
}

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

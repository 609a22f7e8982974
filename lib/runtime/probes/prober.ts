import type { Observation, Probe, TracedRule } from '../../dataplane/probe';
import { openEpoll } from '../kernel/epoll';
import type { Namespaces } from '../kernel/namespaces';
import type { Done } from './attempt';
import { type PassContext, pass } from './pass';
import type { Tracer } from './tracer';

/**
 * Makes many attempts at once. A denied flow is silence, and silence is only known by waiting; so
 * attempts wait together, and all that stay silent share one window.
 *
 * A silent flow is tried twice: first for a third of `timeoutMs`, then, all of them together, for
 * the whole of it. Why: TCP's own retransmission comes after a second (tcp(7)), and on a busy
 * machine the kernel may drop or delay a first packet; a fresh attempt costs less than waiting.
 */
export type Prober = (
  probes: readonly Probe[],
  options: { readonly timeoutMs: number; readonly tracer?: Tracer },
) => Promise<Observation[]>;

/**
 * A prober over the sandbox's namespaces. With a tracer every observation says which rules the
 * packets met; a flow that the kernel was heard dropping is not tried again.
 */
export function createProber(namespaces: Namespaces): Prober {
  const epoll = openEpoll();
  return async (probes, { timeoutMs, tracer }) => {
    const results = new Map<number, Done>();
    const traces = new Map<number, readonly TracedRule[]>();
    const context: PassContext = { namespaces, epoll, probes, results, tracer, traces };
    const dropped = (i: number) => traces.get(i)?.some(({ verdict }) => verdict === 'drop');
    const all = probes.map((_, i) => i);
    const share = tracer === undefined ? all.length : TRACED_AT_ONCE;
    for (let start = 0; start < all.length; start += share) {
      const part = all.slice(start, start + share);
      await pass(context, byNetns(probes, part), timeoutMs / 3);
      const silent = part.filter((i) => !results.has(i) && !dropped(i));
      await pass(context, byNetns(probes, silent), timeoutMs);
    }
    return all.map((i) => {
      const { kind: _, ...observed } = results.get(i) ?? TIMED_OUT;
      return { ...observed, trace: traces.get(i) ?? [] };
    });
  };
}

// Two tries of each must find source ports of their own.
const TRACED_AT_ONCE = 8192;
const TIMED_OUT: Done = { kind: 'done', outcome: 'timed-out' };

const byNetns = (probes: readonly Probe[], indexes: readonly number[]): readonly number[] =>
  indexes.toSorted((a, b) => {
    const [left = '', right = ''] = [probes[a]?.netns, probes[b]?.netns];
    if (left === right) return a - b;
    return left < right ? -1 : 1;
  });

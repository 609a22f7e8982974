import type { Trace } from '../../model/explanation';
import { evidenceFor, verdictOf } from '../hops/hop';
import type { JudgedHop, Segment } from '../hops/types';
import { traceOf } from './trace';
import type { JudgedPath } from './types';

/**
 * Judges the path forward and, where it is open, the path of the replies. `isTraced`: with the trace,
 * which is empty otherwise.
 */
export function judgePath(segments: readonly Segment[], isTraced: boolean): JudgedPath {
  const forward = segments.flatMap((segment) => segment.forward);
  const there = verdictOf(forward);
  const replies = there === 'allowed' ? segments.toReversed().flatMap(({ back }) => back()) : [];
  const verdict = there === 'allowed' ? verdictOf(replies) : there;
  return {
    verdict,
    by: evidenceFor(verdict, [...forward, ...replies]),
    trace: isTraced ? bothWays(forward, replies) : NO_TRACE,
  };
}

function bothWays(forward: readonly JudgedHop[], replies: readonly JudgedHop[]): Trace {
  const [there, back] = [traceOf(forward), traceOf(replies)];
  const unreached = [...there.unreached, ...back.unreached];
  const trace = { forward: there.reached, return: back.reached };
  return unreached.length === 0 ? trace : { ...trace, unreached };
}

/** The trace where nothing was traced. */
export const NO_TRACE: Trace = { forward: [], return: [] };

import type { Evidence } from '../../model/explanation';
import { REPLY_NOTE } from '../../model/pair';
import { answerOf, hop, openHop } from './hop';
import type { FilterAnswer, HopChange, JudgedHop, Segment } from './types';

/**
 * A device whose filters track connections: replies to a connection that they allowed are allowed
 * (conntrack: established).
 */
export function trackedSegment(
  device: string,
  answers: readonly FilterAnswer[],
  change: HopChange = {},
): Segment {
  const reply = answers.length === 0 ? {} : { note: REPLY_NOTE };
  return {
    forward: [hop(device, answers, change)],
    back: () => [openHop(device, reply)],
  };
}

/** A part of the path whose replies are not evaluated: the packet does not get further. */
export const endSegment = (forward: readonly JudgedHop[]): Segment => ({
  forward,
  back: () => [],
});

/** A device that a packet reaches and that may or may not answer. */
export const doubtful = (device: string, evidence: Evidence): Segment =>
  endSegment([hop(device, [answerOf([{ kind: 'unknown', evidence }])])]);

/** A device that a packet reaches and whose replies are lost. */
export const lostReplies = (device: string, evidence: Evidence): Segment => ({
  forward: [],
  back: () => [hop(device, [answerOf([{ kind: 'denied', evidence }])])],
});

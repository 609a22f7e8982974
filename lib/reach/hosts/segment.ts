import { hop } from '../hops/hop';
import { trackedSegment } from '../hops/segment';
import type { HopChange, JudgedHop, Segment } from '../hops/types';
import type { HostAnswer } from './types';

/** A node with what its host endpoints answer to the packet and to the replies. */
export function hostSegment(
  device: string,
  answers: readonly HostAnswer[],
  change: HopChange = {},
): Segment {
  const tracked = trackedSegment(
    device,
    answers.flatMap((one) => one.answers),
    change,
  );
  const back = (): readonly JudgedHop[] => {
    const replies = answers.toReversed().flatMap((one) => one.replies());
    return replies.length === 0 ? tracked.back() : [hop(device, replies)];
  };
  return { ...tracked, back };
}

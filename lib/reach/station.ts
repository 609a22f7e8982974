import type { Decision, Evidence, Hop, Verdict } from '../model/explanation';
import type { HostAnswer } from './host-endpoint';

/** What a filter answers. */
export interface Answer {
  readonly verdict: Verdict;
  readonly decisions: readonly Decision[];
  /** What decided. */
  readonly by: readonly Evidence[];
}

/** A device on the way, with everything its filters said and what followed. */
export interface Station extends Hop {
  readonly answers: readonly Pick<Answer, 'verdict' | 'by'>[];
}

/** What a trace tells of a device beside its decisions. */
export type Told = Pick<Hop, 'note' | 'becomes'>;

/** A stretch of the way there, and the same stretch for the replies. */
export interface Segment {
  readonly forward: readonly Station[];
  /** Asked only where the way there is open. */
  readonly back: () => readonly Station[];
}

/**
 * One device whose filters keep state: who let a connection through lets its replies through
 * (conntrack: established).
 */
export function station(device: string, answers: readonly Answer[], told: Told = {}): Segment {
  const decisions = answers.flatMap((answer) => answer.decisions);
  const reply = answers.length === 0 ? {} : { note: REPLY };
  return {
    forward: [{ device, decisions, answers, ...told }],
    back: () => [{ device, decisions: [], answers: [], ...reply }],
  };
}

/** A device that lets a packet in, and whose replies go astray. */
export const deadEnd = (device: string, evidence: Evidence): Segment => ({
  forward: [],
  back: () => [
    {
      device,
      decisions: [{ kind: 'denied', evidence }],
      answers: [{ verdict: 'denied', by: [evidence] }],
    },
  ],
});

/** What a device that remembers the connection does with its replies. */
export const REPLY = 'a reply to an allowed connection passes without being asked again';

/** A node with what its host endpoints say, of the packet and of the replies. */
export function hostStation(
  device: string,
  answers: readonly HostAnswer[],
  said: Told = {},
): Segment {
  const plain = station(
    device,
    answers.flatMap(({ judgements }) => judgements),
    said,
  );
  const back = (): readonly Station[] => {
    const replies = answers.toReversed().flatMap((answer) => answer.replies());
    return replies.length === 0 ? plain.back() : station(device, replies).forward;
  };
  return { ...plain, back };
}

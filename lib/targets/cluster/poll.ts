import type { Clock } from '../../model/clock';

/** What a poll found: done with a value, or still waiting and for what. */
export type Poll<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'waiting'; readonly for: string };

export interface PollOptions {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** @default 1000 */
  readonly pauseMs?: number;
  readonly onWait?: (reason: string) => void;
}

/** Asks again and again until done; at the deadline the last answer is returned. */
export async function poll<T>(ask: () => Promise<Poll<T>>, options: PollOptions): Promise<Poll<T>> {
  const { clock, deadlineMs, pauseMs = 1_000, onWait } = options;
  const end = clock.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer.kind === 'done' || clock.now() >= end) return answer;
    onWait?.(answer.for);
    await clock.sleep(pauseMs);
  }
}

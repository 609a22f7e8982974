import type { Verdict } from './explanation';

/** What one attempt with real packets showed. */
export type Outcome = 'connected' | 'refused' | 'timed-out' | 'unreachable' | 'unsupported';

/**
 * The verdict that follows: a refusal (RST, port unreachable) means every filter let it through
 * and no process listened; a denied packet has no answer.
 */
export const verdictOf = (outcome: Outcome): Verdict =>
  ({
    connected: 'allowed',
    refused: 'allowed',
    'timed-out': 'denied',
    unreachable: 'no-route',
    unsupported: 'unknown',
  })[outcome] as Verdict;

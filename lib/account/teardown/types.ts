import type { Clock } from '../../model/clock';
import type { Leftover } from '../inventory/leftover';
import type { Foreign } from './owner';

/** The account as the sweep sees it; every call may fail, and may be made again. */
export interface Account {
  /** Everything that may have to do with a lab, and every VPC; more is fine, less is not. */
  look(lab: string): Promise<readonly Leftover[]>;
  /** Drops what the resource holds on to, so that cycles (security groups' rules) come apart. */
  release(item: Leftover): Promise<void>;
  /** Starts its removal; that it is gone already is no error. */
  remove(item: Leftover): Promise<void>;
  /** Whether a failure is one that waiting or other removals cure. */
  isBlocked(error: unknown): boolean;
}

export type SweepEvent =
  | { readonly kind: 'looked'; readonly left: number }
  | { readonly kind: 'look-failed'; readonly reason: string }
  | { readonly kind: 'stage'; readonly name: string; readonly steps: number }
  | { readonly kind: 'removed'; readonly item: Leftover }
  | { readonly kind: 'refused'; readonly item: Leftover; readonly reason: string }
  | { readonly kind: 'waiting'; readonly for: readonly Leftover[] };

export interface SweepOptions {
  readonly lab: string;
  readonly clock: Clock;
  /** When to stop trying and report; an hour by default (EKS takes 10 to 15 minutes of it). */
  readonly deadlineMs?: number;
  /** How long to wait for resources that AWS removes by itself; a minute. */
  readonly settleMs?: number;
  /** How long a stage may hold the next ones back while nothing moves: 20 minutes, for Lambda. */
  readonly patienceMs?: number;
  /** Pause between two looks while something is on its way. */
  readonly pauseMs?: number;
  readonly onEvent?: (event: SweepEvent) => void;
}

/** How a sweep ended. Nothing is left: the account is as it was before the lab. */
export interface SweepResult {
  readonly removed: readonly Leftover[];
  readonly left: readonly Left[];
  readonly foreign: readonly Foreign[];
  /**
   * Why it stopped before the end, such as credentials that expired. `left` is then what the last look
   * found, and some of it may be gone.
   */
  readonly stopped?: string;
}

export interface Left {
  readonly item: Leftover;
  /** The last refusal, where a call of ours was refused. */
  readonly reason: string | undefined;
}

import type { Clock } from '../model/clock';
import { Failure } from '../model/problem';
import { keyOf, type Leftover } from './leftover';
import { type Foreign, type Sorted, sortByOwner } from './owner';
import { stagesOf } from './stages';
import {
  isStuck,
  type Memory,
  newMemory,
  PATIENCE_MS,
  playRound,
  type Round,
  reasonOf,
} from './sweep-round';

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
  /** How long things nobody can remove may still disappear by themselves; a minute. */
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
}

export interface Left {
  readonly item: Leftover;
  /** The last refusal, where a call of ours was refused. */
  readonly reason: string | undefined;
}

/** What a sweep would do now: nothing is removed, and a sweep removes exactly this. */
export async function planSweep(account: Account, lab: string): Promise<Sorted> {
  return sortByOwner(await account.look(lab), lab);
}

/**
 * Removes everything of a lab, in rounds: look, act on the first stage that can move, look again.
 * No round decides by what an earlier one did, so a sweep that is cut off anywhere is resumed by
 * starting it again, and running it on an empty account does nothing. Throws only where the
 * account cannot be looked at: for want of a permission, or not once until the deadline.
 */
export async function sweep(account: Account, options: SweepOptions): Promise<SweepResult> {
  const { clock, pauseMs = 5_000 } = options;
  const memory = newMemory(clock.now());
  const end = clock.now() + (options.deadlineMs ?? DEADLINE_MS);
  let last: Sorted | undefined;
  for (;;) {
    const looked = await tryLook(account, options);
    last = looked ?? last;
    if (clock.now() >= end || (looked !== undefined && isOver(looked.ours, { options, memory }))) {
      return resultOf(last, memory);
    }
    if (looked === undefined || !(await movedOn(account, looked.ours, { options, memory }))) {
      await clock.sleep(pauseMs);
    }
  }
}

const DEADLINE_MS = 60 * 60_000;
/** Services list tagged resources for a while after they are gone. */
const SETTLE_MS = 60_000;

function resultOf(last: Sorted | undefined, { removed, refusals }: Memory): SweepResult {
  if (last === undefined) {
    const problem = 'the account could not be looked at until the deadline';
    throw new Failure('account-unreachable', problem, 'run the same command again');
  }
  const left = last.ours.map((item) => ({ item, reason: refusals.get(keyOf(item)) }));
  return { removed: [...removed.values()], left, foreign: last.foreign };
}

/** Plays a round; true where something went that had not gone before, so looking again pays. */
async function movedOn(
  account: Account,
  ours: readonly Leftover[],
  round: Round,
): Promise<boolean> {
  const { options, memory } = round;
  const before = memory.removed.size;
  const moved = await playRound(account, stagesOf(ours, options.lab), round);
  if (!moved || memory.removed.size === before) return false;
  memory.movedAt = options.clock.now();
  return true;
}

async function tryLook(account: Account, options: SweepOptions): Promise<Sorted | undefined> {
  try {
    const sorted = sortByOwner(await account.look(options.lab), options.lab);
    options.onEvent?.({ kind: 'looked', left: sorted.ours.length });
    return sorted;
  } catch (error) {
    if (!account.isBlocked(error)) throw error;
    options.onEvent?.({ kind: 'look-failed', reason: reasonOf(error) });
    return undefined;
  }
}

/** Empty twice, since EC2 answers from replicas and one look may be stale; or nothing can move. */
function isOver(ours: readonly Leftover[], { options, memory }: Round): boolean {
  const { clock, patienceMs = PATIENCE_MS, settleMs = SETTLE_MS } = options;
  memory.emptyLooks = ours.length === 0 ? memory.emptyLooks + 1 : 0;
  const still = clock.now() - memory.movedAt;
  const isHopeless = ours.every((item) => item.kind === 'other' || isStuck(item, memory));
  return (
    memory.emptyLooks >= 2 ||
    still > 2 * patienceMs ||
    (ours.length > 0 && isHopeless && still >= settleMs)
  );
}

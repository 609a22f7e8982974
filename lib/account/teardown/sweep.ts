import { Failure } from '../../model/problem';
import { keyOf, type Leftover } from '../inventory/leftover';
import { type Sorted, sortByOwner } from './owner';
import {
  isStuck,
  newMemory,
  PATIENCE_MS,
  playRound,
  type Round,
  reasonOf,
  type SweepMemory,
} from './round';
import { stagesOf } from './stages';
import type { Account, SweepOptions, SweepResult } from './types';

/** What a sweep would do now: nothing is removed, and a sweep removes exactly this. */
export async function planSweep(account: Account, lab: string): Promise<Sorted> {
  return sortByOwner(await account.look(lab), lab);
}

/**
 * Removes everything of a lab, in rounds: look, act on the first stage that can move, look again.
 * No round decides by what an earlier one did, so a sweep that is cut off anywhere is resumed by
 * starting it again, and running it on an empty account does nothing. Throws only where the
 * account could not be looked at even once; later it answers with what the last look found.
 */
export async function sweep(account: Account, options: SweepOptions): Promise<SweepResult> {
  const { clock, pauseMs = 5_000 } = options;
  const memory = newMemory(clock.now());
  const end = clock.now() + (options.deadlineMs ?? DEADLINE_MS);
  let last: Sorted | undefined;
  for (;;) {
    const looked = await tryLook(account, options, last !== undefined);
    if (typeof looked === 'string') return { ...resultOf(last, memory), stopped: looked };
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

function resultOf(last: Sorted | undefined, { removed, refusals }: SweepMemory): SweepResult {
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

/** Looks; nothing where it may work later, and the reason where it never will after one that did. */
async function tryLook(
  account: Account,
  options: SweepOptions,
  hasLooked: boolean,
): Promise<Sorted | string | undefined> {
  try {
    const sorted = sortByOwner(await account.look(options.lab), options.lab);
    options.onEvent?.({ kind: 'looked', left: sorted.ours.length });
    return sorted;
  } catch (error) {
    if (!account.isBlocked(error) && hasLooked) return reasonOf(error);
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

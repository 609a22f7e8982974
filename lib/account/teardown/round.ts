import { keyOf, type Leftover } from '../inventory/leftover';
import { inParallel } from '../parallel';
import type { TeardownStage } from './stages';
import type { Account, SweepOptions } from './types';
/** How long a stage holds the next ones back while nothing moves. */
export const PATIENCE_MS = 20 * 60_000;
/** Tries given to a removal that is refused outright, or that AWS gives up on. */
const TRIES = 3;

/** Lasts one call of `sweep`: it informs patience and the report, never whose something is. */
export interface SweepMemory {
  readonly startedAt: number;
  movedAt: number;
  emptyLooks: number;
  readonly removed: Map<string, Leftover>;
  /** How often each removal was accepted. */
  readonly accepted: Map<string, number>;
  readonly refusals: Map<string, string>;
  /** Outright refusals, and removals AWS gave up on. */
  readonly failures: Map<string, number>;
  readonly stageSince: Map<string, number>;
}

/** Nothing tried yet. */
export const newMemory = (now: number): SweepMemory => ({
  startedAt: now,
  movedAt: now,
  emptyLooks: 0,
  removed: new Map(),
  accepted: new Map(),
  refusals: new Map(),
  failures: new Map(),
  stageSince: new Map(),
});

const countFailure = (item: Leftover, { failures }: SweepMemory): void => {
  failures.set(keyOf(item), (failures.get(keyOf(item)) ?? 0) + 1);
};

/** Tried often enough: it is left to a person. */
export const isStuck = (item: Leftover, { failures }: SweepMemory): boolean =>
  (failures.get(keyOf(item)) ?? 0) >= TRIES;

/** What a round is played with. */
export interface Round {
  readonly options: SweepOptions;
  readonly memory: SweepMemory;
}

/** Plays stages until one moves or must be waited for; says whether anything was removed. */
export async function playRound(
  account: Account,
  stages: readonly TeardownStage[],
  round: Round,
): Promise<boolean> {
  const { options, memory } = round;
  const { clock, patienceMs = PATIENCE_MS, onEvent } = options;
  for (const stage of stages) {
    const since = memory.stageSince.get(stage.name) ?? clock.now();
    memory.stageSince.set(stage.name, since);
    const steps = stage.steps.filter((item) => !isStuck(item, memory));
    if (steps.length > 0) onEvent?.({ kind: 'stage', name: stage.name, steps: steps.length });
    if (await playSteps(account, steps, round)) {
      memory.stageSince.set(stage.name, clock.now());
      return true;
    }
    if (stage.waits.length > 0) onEvent?.({ kind: 'waiting', for: stage.waits });
    if (stage.waits.length > 0 && clock.now() - since < patienceMs) return false;
  }
  return false;
}

/** Kind after kind, the resources of one kind side by side. */
async function playSteps(
  account: Account,
  steps: readonly Leftover[],
  { options, memory }: Round,
): Promise<boolean> {
  let moved = false;
  const attempt = async (item: Leftover, call: () => Promise<void>): Promise<boolean> => {
    try {
      await call();
      return true;
    } catch (error) {
      const reason = reasonOf(error);
      memory.refusals.set(keyOf(item), reason);
      if (!account.isBlocked(error)) countFailure(item, memory);
      options.onEvent?.({ kind: 'refused', item, reason });
      return false;
    }
  };
  for (const kind of new Set(steps.map((item) => item.kind))) {
    const items = steps.filter((item) => item.kind === kind);
    await inParallel(items, (item) => attempt(item, () => account.release(item)));
    await inParallel(items, async (item) => {
      if (!(await attempt(item, () => account.remove(item)))) return;
      const accepted = (memory.accepted.get(keyOf(item)) ?? 0) + 1;
      memory.accepted.set(keyOf(item), accepted);
      // What stays although AWS accepts its removal again and again must not hold the others back.
      moved ||= accepted <= TRIES;
      if (item.status.kind === 'failed') countFailure(item, memory);
      memory.removed.set(keyOf(item), item);
      options.onEvent?.({ kind: 'removed', item });
    });
  }
  return moved;
}

/** An error in one line. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

import { keyOf, type Leftover } from '../../../../lib/account/inventory/leftover';
import type { Account } from '../../../../lib/account/teardown/types';
import type { Clock } from '../../../../lib/model/clock';

/** A refusal as AWS words it: something else has to go first. */
class Blocked extends Error {}

/** A thing in the pretend account, with what the real one would know about it. */
export interface Thing extends Leftover {
  /** Keys of things that must go before this one can. */
  readonly needsGone?: readonly string[];
  /** Keys of groups that its rules name. */
  readonly names?: readonly string[];
  /** Looks it stays visible for after its removal began. */
  readonly slow?: number;
  /** Keys of things that disappear with it. */
  readonly takesAlong?: readonly string[];
}

export interface PretendAccount extends Account {
  readonly things: Map<string, Thing>;
  /** Keys in the order their removal was asked for, refused ones included. */
  readonly asked: string[];
  /** Calls made so far. */
  calls(): number;
}

/**
 * An account in memory with AWS' rules about what must go first: the sweep's order and stubbornness
 * are tested against it in a moment. `fault` may throw at any call, before or after it took effect.
 */
export function pretendAccount(
  initial: readonly Thing[],
  fault: (call: number) => 'none' | 'refuse' | 'cut-before' | 'cut-after' = () => 'none',
): PretendAccount {
  const things = new Map(initial.map((thing) => [keyOf(thing), thing]));
  const going = new Map<string, number>();
  const asked: string[] = [];
  let calls = 0;

  const call = async <T>(act: () => T): Promise<T> => {
    const kind = fault(calls++);
    if (kind === 'refuse') throw new Blocked('Throttling');
    if (kind === 'cut-before') throw new Error('cut');
    const answer = act();
    if (kind === 'cut-after') throw new Error('cut');
    return answer;
  };
  const drop = (key: string): void => {
    for (const other of things.get(key)?.takesAlong ?? []) drop(other);
    things.delete(key);
    going.delete(key);
  };
  const tick = (): void => {
    for (const [key, looks] of [...going]) {
      if (looks === 0) drop(key);
      else going.set(key, looks - 1);
    }
  };
  return {
    things,
    asked,
    calls: () => calls,
    isBlocked: (error) => error instanceof Blocked,
    look: () =>
      call(() => {
        tick();
        return [...things].map(([key, thing]) =>
          going.has(key) ? { ...thing, status: { kind: 'going' as const } } : thing,
        );
      }),
    release: (item) =>
      call(() => {
        const thing = things.get(keyOf(item));
        if (thing?.kind === 'security-group') things.set(keyOf(item), { ...thing, names: [] });
      }),
    remove: (item) =>
      call(() => {
        const key = keyOf(item);
        asked.push(key);
        const thing = things.get(key);
        if (thing === undefined) return;
        const named = [...things.values()].some((t) => keyOf(t) !== key && t.names?.includes(key));
        if (named || thing.needsGone?.some((other) => things.has(other))) {
          throw new Blocked('DependencyViolation');
        }
        if (thing.slow === undefined) drop(key);
        else if (!going.has(key)) going.set(key, thing.slow);
      }),
  };
}

/** A clock on which an hour of waiting takes no time. */
export function pretendClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}

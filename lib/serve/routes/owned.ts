import type { LabProgress } from '../../lab/progress';
import { Failure } from '../../model/problem';
import type { DrawnStart } from '../../session/drawn';
import { beginLocal } from '../../session/local/begin';
import { endLocal, killLocal } from '../../session/local/end';
import { labRunning } from '../../session/local/running';
import type { LocalStart } from '../../session/local/start';

/** Labs that this server brought up. */
export interface OwnedLabs {
  /** Brings a lab up; a `down` meanwhile ends the half-made lab and this with `lab-ended`. */
  up(
    drawn: DrawnStart,
    start: Pick<LocalStart, 'expiresAt' | 'onProgress'>,
  ): Promise<LabProgress | undefined>;
  /**
   * Ends a lab, also one that another process brought up, and one that is half made.
   * @throws Failure `nothing-up`
   */
  down(lab: string, how: { readonly force: boolean }): Promise<void>;
  /** Whether the lab that is up since then ends with this server. */
  endsWithServer(lab: string, startedAt: string): boolean;
  /** Ends every lab that this server brought up and that is still the same. */
  endAll(): Promise<void>;
}

/** @param keep labs outlive the server */
export function createOwnedLabs({ keep }: { readonly keep: boolean }): OwnedLabs {
  /** By lab: when the lab that this server brought up was started. */
  const started = new Map<string, string>();
  /** By lab: what ends the half-made one, and resolves when nothing of it is left. */
  const half = new Map<string, () => Promise<void>>();
  return {
    async up(drawn, start) {
      const { id } = drawn.lab;
      const opening = createOpening();
      const work = beginLocal(drawn, { ...start, onOpen: opening.opened, endsWithOpener: !keep });
      half.set(id, async () => {
        opening.cancel();
        await work.catch(() => undefined);
      });
      try {
        const progress = await work;
        const [running] = await labRunning(id);
        if (running !== undefined) started.set(id, running.startedAt);
        return progress;
      } finally {
        half.delete(id);
      }
    },
    async down(lab, { force }) {
      const end = half.get(lab);
      if (end !== undefined) return end();
      if (force) await killLocal(lab);
      else await downOne(lab);
      started.delete(lab);
    },
    endsWithServer: (lab, startedAt) => !keep && started.get(lab) === startedAt,
    async endAll() {
      await Promise.all([...half.values()].map((end) => end()));
      if (keep) return;
      await Promise.all([...started].map(([lab, startedAt]) => endIfSame(lab, startedAt)));
    },
  };
}

/** A lab that is being made: it may be cancelled before and after there is something to end. */
function createOpening() {
  let end: (() => Promise<void>) | undefined;
  let isCancelled = false;
  return {
    opened: (ender: () => Promise<void>): void => {
      end = ender;
      if (isCancelled) void ender();
    },
    cancel: (): void => {
      isCancelled = true;
      void end?.();
    },
  };
}

/** Two pages may end one lab at once: both are right. */
async function downOne(lab: string): Promise<void> {
  const [running] = await labRunning(lab);
  if (running === undefined)
    throw new Failure('nothing-up', `lab ${lab} is not up`, `bring it up: lab up ${lab}`);
  try {
    await endLocal(running);
  } catch (error) {
    if (!(error instanceof Failure) || !['lab-ended', 'not-running'].includes(error.code))
      throw error;
  }
}

async function endIfSame(lab: string, startedAt: string): Promise<void> {
  const [running] = await labRunning(lab).catch(() => []);
  if (running?.startedAt === startedAt) await downOne(lab).catch(() => killLocal(lab));
}

import { signal } from '@preact/signals';
import type { BookSnapshot, Edited, PlacedFinding, PlacedProblem } from './engine/types';
import { askEngine } from './engine-client';

/** What a draft would do, as far as the engine has come. */
export interface DraftState {
  /** The last draft that could be read. */
  readonly edited?: Edited;
  readonly findings: readonly PlacedFinding[];
  /** Why the draft as it is now cannot be read; what is shown is an older one. */
  readonly problems: readonly PlacedProblem[];
  /** The engine is at work on a newer draft. */
  readonly busy: boolean;
  /** Drafts that were judged so far. */
  readonly judged: number;
  readonly error?: string;
}

export interface Prediction {
  readonly state: { readonly value: DraftState };
  /** Judges these files; of drafts that come faster than answers only the newest is judged. */
  readonly draft: (snapshot: BookSnapshot) => void;
}

/** Follows a draft: first what opens and closes, then the findings. */
export function createPrediction(key: string, against: string): Prediction {
  const state = signal<DraftState>({ findings: [], problems: [], busy: true, judged: 0 });
  let next: BookSnapshot | undefined;
  let running = false;
  const update = (change: Partial<DraftState>): void => {
    state.value = { ...state.value, ...change };
  };
  const judge = async (snapshot: BookSnapshot): Promise<void> => {
    const edited = await askEngine('edit', { key, against, snapshot });
    if (edited.kind === 'problems') {
      update({ problems: edited.problems, findings: [], busy: next !== undefined });
      return;
    }
    update({ edited, problems: [], busy: next !== undefined, judged: state.value.judged + 1 });
    if (next !== undefined) return;
    const findings = await askEngine('lint', { key });
    if (next === undefined) update({ findings });
  };
  const pump = async (): Promise<void> => {
    running = true;
    try {
      while (next !== undefined) {
        const snapshot = next;
        next = undefined;
        await judge(snapshot);
      }
    } catch (error) {
      update({ error: error instanceof Error ? error.message : String(error), busy: false });
    }
    running = false;
  };
  return {
    state,
    draft: (snapshot) => {
      next = snapshot;
      update({ busy: true });
      if (!running) void pump();
    },
  };
}

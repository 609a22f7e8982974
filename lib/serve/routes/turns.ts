/** Actions on labs: on one lab one after the other, whichever page asked. */
export interface LabTurns {
  /** Runs the work when all actions on this lab that were asked before have ended. */
  take<T>(lab: string, what: string, work: () => Promise<T>): Promise<T>;
  /** What is under way, by lab. */
  busy(): Readonly<Record<string, string>>;
}

/** @param onChange called when an action begins or ends */
export function createTurns(onChange: () => void): LabTurns {
  const last = new Map<string, Promise<unknown>>();
  const current = new Map<string, string>();
  return {
    async take(lab, what, work) {
      const before = last.get(lab) ?? Promise.resolve();
      const mine = before.then(() => {
        current.set(lab, what);
        onChange();
        return work();
      });
      const settled = mine.then(
        () => undefined,
        () => undefined,
      );
      const done = settled.then(() => {
        if (last.get(lab) === done) last.delete(lab);
        current.delete(lab);
        onChange();
      });
      last.set(lab, done);
      return mine;
    },
    busy: () => Object.fromEntries(current),
  };
}

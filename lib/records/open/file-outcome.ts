/** What a file of records held. */
export interface RecordFile {
  readonly path: string;
  /** Records by the name of their form, those that give no flow included. */
  readonly records: Readonly<Record<string, number>>;
  /** Lines and values that are records of a known form and are broken, or of no known form. */
  readonly skipped: number;
  /** The first of them: its line, and what is wrong. */
  readonly firstSkipped?: { readonly line: number; readonly problem: string };
  /** What the skipped ones are, where that can be seen: `a Kubernetes audit log`. */
  readonly foreign?: string;
}

/** Counts what a file holds, while it is read. */
export interface FileCount {
  readonly record: (what: string) => void;
  readonly skip: (line: number, problem: string, foreign?: string) => void;
  readonly outcome: () => RecordFile;
}

export function createFileCount(path: string): FileCount {
  const records = new Map<string, number>();
  const foreign = new Map<string, number>();
  let skipped = 0;
  let firstSkipped: RecordFile['firstSkipped'];
  return {
    record: (what) => void records.set(what, (records.get(what) ?? 0) + 1),
    skip: (line, problem, what) => {
      skipped += 1;
      firstSkipped ??= { line, problem };
      if (what !== undefined) foreign.set(what, (foreign.get(what) ?? 0) + 1);
    },
    outcome: () => {
      const [most] = [...foreign].sort(([, a], [, b]) => b - a);
      return {
        path,
        records: Object.fromEntries(records),
        skipped,
        ...(firstSkipped !== undefined && { firstSkipped }),
        ...(most !== undefined && { foreign: most[0] }),
      };
    },
  };
}

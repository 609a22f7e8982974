import type { Problem } from '../../model/problem';

/** Receives what is wrong in an input, and what is only worth a remark. */
export interface Report {
  readonly problems: Problem[];
  readonly warnings: Problem[];
  /** Kinds that were met and are not ours, with how many. */
  readonly skipped: Record<string, number>;
}

/** Where a value stands in the input; `path` is relative to its document, such as `spec.ports[0]`. */
export interface At {
  readonly file: string;
  readonly document: number;
  readonly path: string;
  readonly report: Report;
}

export const newReport = (): Report => ({ problems: [], warnings: [], skipped: {} });

/** The place one step further in: a field by name, an item of a list by its index. */
export function inside(at: At, step: string | number): At {
  const { file, document, path, report } = at;
  if (typeof step === 'number') return { file, document, path: `${path}[${step}]`, report };
  const quoted = /^[\w-]+$/.test(step) ? step : `'${step}'`;
  return { file, document, path: path === '' ? quoted : `${path}.${quoted}`, report };
}

/** Reports a problem at this place. */
export function complain(at: At, problem: string, fix: string): void {
  const { file, document, path } = at;
  at.report.problems.push({ file, document, path, problem, fix });
}

/** Remarks on something that is legal and perhaps not meant. */
export function warn(at: At, problem: string, fix: string): void {
  const { file, document, path } = at;
  at.report.warnings.push({ file, document, path, problem, fix });
}

/** More problems than this have one cause, and are not worth reading. */
export const MAX_PROBLEMS = 1000;

/** Whether there are too many problems to go on reading. Says so once. */
export function isFull(at: At): boolean {
  const full = at.report.problems.length >= MAX_PROBLEMS;
  const problem = `there are ${MAX_PROBLEMS} problems: what follows was not read`;
  if (full) complain(at, problem, 'mend these first');
  return full;
}

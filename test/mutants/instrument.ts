import type { Site } from './sites';

/** A site that was drawn, under the number by which it is switched on. */
export interface Mutant extends Site {
  readonly id: number;
  /** From the root of the project. */
  readonly file: string;
}

/**
 * The text of a file with its mutants in it, all switched off: `(globalThis.__mutant?.(7) ? new :
 * old)`. So a file is compiled once for all of them, and a first run says which tests reach which.
 */
export function instrumented(text: string, mutants: readonly Mutant[]): string {
  const bytes = Buffer.from(text);
  const slice = (start: number, end: number): string => bytes.subarray(start, end).toString();
  const render = (start: number, end: number, inner: readonly Mutant[]): string => {
    const [outer] = inner;
    if (outer === undefined) return slice(start, end);
    const others = inner.slice(1);
    const within = others.filter((each) => each.end <= outer.end);
    const behind = others.filter((each) => each.start >= outer.end);
    const old = render(outer.start, outer.end, within);
    const one = `(globalThis.__mutant?.(${outer.id}) ? (${outer.after}) : (${old}))`;
    return slice(start, outer.start) + one + render(outer.end, end, behind);
  };
  const sorted = mutants.toSorted((a, b) => a.start - b.start || b.end - a.end);
  return render(0, bytes.length, sorted);
}

import { createHash } from 'node:crypto';

/** Which wrong solutions a run tries. */
export interface TrialSample {
  /** How many a lab; all where absent. */
  readonly count?: number;
  /** The same seed draws the same ones. */
  readonly seed: string;
}

/** So many of the items at most, drawn by the seed from their names. */
export function drawSample<T>(
  items: readonly T[],
  { count = items.length, seed }: TrialSample,
  nameOf: (item: T) => string,
): readonly T[] {
  const rank = (item: T): string =>
    createHash('sha256')
      .update(`${seed} ${nameOf(item)}`)
      .digest('hex');
  const drawn = new Set(
    items.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, Math.max(0, count)),
  );
  return items.filter((item) => drawn.has(item));
}

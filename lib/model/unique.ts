/** One item per key: the last with that key, in the place of the first. */
export const uniqueBy = <T>(items: readonly T[], keyOf: (item: T) => unknown): readonly T[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];

/** Numbers of items that share a key. */
export interface Numbering {
  /** For each item, the number of its key: from 0, in the order the keys appear. */
  readonly of: readonly number[];
  /** For each number, the place of the first item with that key. */
  readonly first: readonly number[];
}

/** Gives items with equal keys equal numbers. */
export function numberEqual(keys: ArrayLike<string | number>): Numbering {
  const numbers = new Map<string | number, number>();
  const first: number[] = [];
  const of = Array.from(keys, (key, place) => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, first.length);
    return first.push(place) - 1;
  });
  return { of, first };
}

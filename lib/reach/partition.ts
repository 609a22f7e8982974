import { type Bits, forEachBit } from './bits';

/** Classes of members: which class each is in, and one member of each class. */
export interface Classes {
  readonly of: readonly number[];
  readonly first: readonly number[];
}

/**
 * Puts members in one class that all the sets hold or leave out together. Each set splits the
 * classes it cuts; the cost is what the sets hold in sum.
 */
export function partition(size: number, sets: readonly Bits[]): Classes {
  const classOf = new Int32Array(size);
  let next = 1;
  for (const set of sets) {
    const within = new Map<number, number>();
    forEachBit(set, (member) => {
      const old = classOf[member] ?? 0;
      const known = within.get(old);
      if (known === undefined) within.set(old, next);
      classOf[member] = known ?? next++;
    });
  }
  return numbered(classOf);
}

function numbered(classOf: Int32Array): Classes {
  const places = new Map<number, number>();
  const first: number[] = [];
  const of = Array.from(classOf, (id, member) => {
    const known = places.get(id);
    if (known !== undefined) return known;
    places.set(id, first.length);
    return first.push(member) - 1;
  });
  return { of, first };
}

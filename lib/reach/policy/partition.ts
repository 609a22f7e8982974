import { type Numbering, numberEqual } from '../../model/unique';
import { type Bits, forEachBit } from './bits';

/**
 * Puts members in one class that every set contains, or none of them. Each set splits the classes
 * that it contains in part; the cost is the sum of the sets' sizes.
 */
export function partition(size: number, sets: readonly Bits[]): Numbering {
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
  return numberEqual(classOf);
}

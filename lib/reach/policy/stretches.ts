import { type Cidr, rangeOf } from '../../model/address';

/** The number of the stretch that an address lies in. */
export type StretchOf = (bits: bigint) => number;

/**
 * Cuts the addresses at the ends of all these blocks: two addresses of one family in the same
 * stretch lie in the same blocks.
 */
export function createStretches(blocks: readonly Cidr[]): StretchOf {
  const unique = new Map(blocks.map((block) => [`${block.address}/${block.prefix}`, block]));
  const ends = [...unique.values()].flatMap((block) => {
    const [first, last] = rangeOf(block);
    return [first, last + 1n];
  });
  const bounds = [...new Set(ends)].sort((a, b) => (a < b ? -1 : 1));
  return (bits) => {
    let low = 0;
    let high = bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((bounds[middle] ?? 0n) <= bits) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

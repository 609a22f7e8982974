/** So many of a list, drawn without repetition by a seed: the same seed draws the same ones. */
export function drawn<T>(items: readonly T[], count: number, seed: number): readonly T[] {
  const random = mulberry32(seed);
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ item }) => item);
}

/** Tommy Ettinger's generator of 32 bits, in the public domain: small, and good enough to draw lots. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A set of small numbers as bits, 32 to a word: one operation decides 32 flows. Sets that meet in
 * an operation have the same size.
 */
export type Bits = Uint32Array;

export const emptyBits = (size: number): Bits => new Uint32Array(Math.max(1, (size + 31) >>> 5));

export function fullBits(size: number): Bits {
  const bits = emptyBits(size).fill(0xffffffff);
  const used = size - (bits.length - 1) * 32;
  bits[bits.length - 1] = 2 ** used - 1;
  return bits;
}

export const hasBit = (bits: Bits, index: number): boolean =>
  ((word(bits, index >>> 5) >>> (index & 31)) & 1) === 1;

export function setBit(bits: Bits, index: number): void {
  bits[index >>> 5] = word(bits, index >>> 5) | (1 << (index & 31));
}

/** The numbers below `size` that a test accepts. */
export function bitsWhere(size: number, test: (index: number) => boolean): Bits {
  const bits = emptyBits(size);
  for (let index = 0; index < size; index++) if (test(index)) setBit(bits, index);
  return bits;
}

export function isEmpty(bits: Bits): boolean {
  for (let i = 0; i < bits.length; i++) if (bits[i] !== 0) return false;
  return true;
}

/** Do the two have a member in common? */
export function meets(a: Bits, b: Bits): boolean {
  for (let i = 0; i < a.length; i++) if ((word(a, i) & word(b, i)) !== 0) return true;
  return false;
}

/** Is everything of `inner` in `outer` too? */
export function covers(outer: Bits, inner: Bits): boolean {
  for (let i = 0; i < inner.length; i++) if ((word(inner, i) & ~word(outer, i)) !== 0) return false;
  return true;
}

// Loops of their own, not one with a callback: these are most of what a matrix costs.

export function and(a: Bits, b: Bits): Bits {
  const result = new Uint32Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = word(a, i) & word(b, i);
  return result;
}

export function or(a: Bits, b: Bits): Bits {
  const result = new Uint32Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = word(a, i) | word(b, i);
  return result;
}

export function without(a: Bits, b: Bits): Bits {
  const result = new Uint32Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = word(a, i) & ~word(b, i);
  return result;
}

/** `target` becomes its union with `other`, in place: for sums over many sets. */
export function addTo(target: Bits, other: Bits): void {
  for (let i = 0; i < target.length; i++) target[i] = word(target, i) | word(other, i);
}

/** `target` loses what `other` holds, in place. */
export function removeFrom(target: Bits, other: Bits): void {
  for (let i = 0; i < target.length; i++) target[i] = word(target, i) & ~word(other, i);
}

/** Calls `visit` with each number in the set, in rising order. */
export function forEachBit(bits: Bits, visit: (index: number) => void): void {
  for (let i = 0; i < bits.length; i++) {
    for (let rest = word(bits, i); rest !== 0; rest &= rest - 1) {
      visit(i * 32 + 31 - Math.clz32(rest & -rest));
    }
  }
}

const word = (bits: Bits, index: number): number => bits[index] ?? 0;

/** The set of these members. */
export function bitsOf(members: readonly number[], size: number): Bits {
  const bits = emptyBits(size);
  for (const member of members) setBit(bits, member);
  return bits;
}

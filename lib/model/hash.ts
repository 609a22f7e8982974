/** FNV-1a in 32 bits, as 8 hexadecimal digits: enough to tell apart the few long names of one cluster. */
export const hash32 = (text: string): string => hex(lanes(text)[0]);

/**
 * FNV-1a in two 32-bit lanes, as 16 hexadecimal digits: names that follow from content, so that equal
 * content has equal names and a plan is the same every time.
 */
export const hash64 = (text: string): string => lanes(text).map(hex).join('');

function lanes(text: string): readonly [number, number] {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code ^ (a >>> 16), 0x85ebca6b);
  }
  return [a, b];
}

const hex = (lane: number): string => (lane >>> 0).toString(16).padStart(8, '0');

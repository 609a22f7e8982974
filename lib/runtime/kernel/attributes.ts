/** A netlink message's attributes by type, after a header of `start` bytes; nests are left as they are. */
export function attributes(bytes: Buffer, start: number): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = start; at + 4 <= bytes.length; ) {
    const size = bytes.readUInt16LE(at);
    if (size < 4) break;
    found.set(bytes.readUInt16LE(at + 2) & 0x3fff, bytes.subarray(at + 4, at + size));
    at += (size + 3) & ~3;
  }
  return found;
}

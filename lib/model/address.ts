/**
 * IP addresses and blocks of them, parsed strictly: what `10.0.0.256`, `010.0.0.1` or
 * `10.0.0.5/24` (host bits set) might mean is never guessed.
 */

declare const canonical: unique symbol;

/** An IPv4 or IPv6 address in its canonical text (RFC 5952 for IPv6); only `parseIp` makes one. */
export type Ip = string & { readonly [canonical]: 'ip' };

export type IpFamily = 4 | 6;

/** A block of addresses; `address` is its first one, so no host bit is ever set. */
export interface Cidr {
  readonly address: Ip;
  /** Leading bits that are fixed: 0 to 32 for IPv4, 0 to 128 for IPv6. */
  readonly prefix: number;
}

const DECIMAL = /^(0|[1-9]\d{0,2})$/;

/** The address a text names, or `undefined` where it names none. */
export function parseIp(text: string): Ip | undefined {
  const bits = text.includes(':') ? parse6(text) : parse4(text);
  return bits === undefined ? undefined : ipFromBits(bits, text.includes(':') ? 6 : 4);
}

/** The address a text names; throws where it names none: for literals in code, never for input. */
export function ip(text: string): Ip {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(`'${text}' is not an IP address`);
  return parsed;
}

export const familyOf = (address: Ip): IpFamily => (address.includes(':') ? 6 : 4);

/** The address as a number of 32 (IPv4) or 128 (IPv6) bits. */
export function bitsOf(address: Ip): bigint {
  const bits = address.includes(':') ? parse6(address) : parse4(address);
  if (bits === undefined) throw new Error(`'${address}' was never parsed`);
  return bits;
}

/** The address with these bits; the inverse of `bitsOf`. */
export function ipFromBits(bits: bigint, family: IpFamily): Ip {
  return (family === 4 ? format4(bits) : format6(bits)) as Ip;
}

/** The address `offset` places after this one, in the same family. */
export const offsetIp = (address: Ip, offset: number | bigint): Ip =>
  ipFromBits(bitsOf(address) + BigInt(offset), familyOf(address));

const width = (family: IpFamily): number => (family === 4 ? 32 : 128);

/** The block a text like `10.0.0.0/8` names, or why it names none. */
export function parseCidr(text: string): Cidr | { readonly problem: string; readonly fix: string } {
  const [head = '', tail, ...rest] = text.split('/');
  const address = parseIp(head);
  if (address === undefined || tail === undefined || rest.length > 0) {
    return {
      problem: `'${text}' is not a CIDR block`,
      fix: 'write address/prefix, like 10.0.0.0/16',
    };
  }
  const bits = width(familyOf(address));
  const prefix = DECIMAL.test(tail) ? Number(tail) : Number.NaN;
  if (!(prefix <= bits)) {
    return { problem: `'${text}' has no prefix of 0 to ${bits}`, fix: `write ${head}/${bits}` };
  }
  const first = networkOf(address, prefix);
  return first === address
    ? { address, prefix }
    : { problem: `'${text}' has host bits set`, fix: `write ${first}/${prefix}` };
}

/** The block a text names; throws where it names none: for literals in code, never for input. */
export function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if ('problem' in parsed) throw new Error(`${parsed.problem}: ${parsed.fix}`);
  return parsed;
}

export const formatCidr = (block: Cidr): string => `${block.address}/${block.prefix}`;

/** The block that holds this one address. */
export const hostCidr = (address: Ip): Cidr => ({ address, prefix: width(familyOf(address)) });

/** The first `prefix` bits of an address, the rest zero. */
export function networkOf(address: Ip, prefix: number): Ip {
  const family = familyOf(address);
  const rest = BigInt(width(family) - prefix);
  return ipFromBits((bitsOf(address) >> rest) << rest, family);
}

/** First and last address of a block, as numbers. */
export function rangeOf(block: Cidr): readonly [first: bigint, last: bigint] {
  const first = bitsOf(block.address);
  const size = 1n << BigInt(width(familyOf(block.address)) - block.prefix);
  return [first, first + size - 1n];
}

/** Is the address inside the block? An address of the other family never is. */
export function contains(block: Cidr, address: Ip): boolean {
  const family = familyOf(address);
  if (familyOf(block.address) !== family) return false;
  if (family === 6) return networkOf(address, block.prefix) === block.address;
  // Asked for every rule of every filter, so the common family is compared without big numbers.
  const differing = (small4(address) ^ small4(block.address)) >>> 0;
  return differing < 2 ** (32 - block.prefix);
}

/** Is every address of `inner` inside `outer`? A block is within itself. */
export const within = (inner: Cidr, outer: Cidr): boolean =>
  inner.prefix >= outer.prefix && contains(outer, inner.address);

export const overlaps = (a: Cidr, b: Cidr): boolean => within(a, b) || within(b, a);

/** The bits of an IPv4 address that is canonical already. */
function small4(address: Ip): number {
  let bits = 0;
  let part = 0;
  for (let i = 0; i < address.length; i += 1) {
    const code = address.charCodeAt(i);
    if (code === DOT) {
      bits = (bits << 8) | part;
      part = 0;
    } else part = part * 10 + code - ZERO;
  }
  return (bits << 8) | part;
}

const DOT = 46;
const ZERO = 48;

function parse4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((p) => DECIMAL.test(p) && Number(p) < 256))
    return undefined;
  return BigInt(parts.reduce((sum, part) => sum * 256 + Number(part), 0));
}

const format4 = (bits: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join('.');

/** RFC 4291 section 2.2: eight groups, one `::`, the last two groups perhaps as IPv4. */
function parse6(text: string): bigint | undefined {
  const tail4 = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const last = tail4?.[2] === undefined ? undefined : parse4(tail4[2]);
  if (tail4 !== null && last === undefined) return undefined;
  const plain =
    last === undefined
      ? text
      : `${tail4?.[1]}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}`;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`. */
function format6(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  const runs = groups.map((_, start) => {
    const end = groups.findIndex((group, i) => i >= start && group !== '0');
    return { start, length: (end === -1 ? 8 : end) - start };
  });
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best));
  if (longest.length < 2) return groups.join(':');
  const head = groups.slice(0, longest.start).join(':');
  return `${head}::${groups.slice(longest.start + longest.length).join(':')}`;
}

/** The families that the addresses are of. */
export const familiesIn = (addresses: readonly Ip[]): readonly IpFamily[] => [
  ...new Set(addresses.map(familyOf)),
];

/** Blocks that are not routed on the internet (RFC 1918, RFC 6598, RFC 3927). */
export const PRIVATE_BLOCKS: readonly Cidr[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
].map(cidr);

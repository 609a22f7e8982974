import {
  bitsOf,
  type Cidr,
  contains,
  familyOf,
  formatCidr,
  type Ip,
  type IpFamily,
  ipFromBits,
  rangeOf,
} from '../../model/address';

/** Addresses of one family, inclusive at both ends. */
type Span = readonly [first: bigint, last: bigint];

/**
 * A set of addresses of one family, as disjoint spans in ascending order. Neighbours stay apart, so
 * that pods are listed one by one as people know them, and a hash can hold them.
 */
export interface Ranges {
  readonly family: IpFamily;
  readonly spans: readonly Span[];
}

const lastOf = (family: IpFamily): bigint => (1n << (family === 4 ? 32n : 128n)) - 1n;

/** Every address of the family. */
export const everything = (family: IpFamily): Ranges => ({ family, spans: [[0n, lastOf(family)]] });

/** Those of the blocks that are of this family. */
export const ofCidrs = (family: IpFamily, cidrs: readonly Cidr[]): Ranges => ({
  family,
  spans: merged(cidrs.filter((c) => familyOf(c.address) === family).map(rangeOf)),
});

/** Those of the addresses that are of this family. */
export const ofAddresses = (family: IpFamily, addresses: readonly Ip[]): Ranges => ({
  family,
  spans: merged(
    addresses.filter((a) => familyOf(a) === family).map((a) => [bitsOf(a), bitsOf(a)] as const),
  ),
});

/** Addresses in any of the sets. */
export const union = (family: IpFamily, sets: readonly Ranges[]): Ranges => ({
  family,
  spans: merged(sets.flatMap((set) => set.spans)),
});

/** Addresses of the family outside the set. */
export function complement({ family, spans }: Ranges): Ranges {
  const starts = [0n, ...spans.map(([, last]) => last + 1n)];
  const ends = [...spans.map(([first]) => first - 1n), lastOf(family)];
  const gaps = starts.map((start, i): Span => [start, ends[i] ?? 0n]);
  return { family, spans: gaps.filter(([first, last]) => first <= last) };
}

/** Addresses in both sets. */
export function intersection(a: Ranges, b: Ranges): Ranges {
  const spans: Span[] = [];
  let [i, j] = [0, 0];
  for (let [x, y] = [a.spans[i], b.spans[j]]; x && y; [x, y] = [a.spans[i], b.spans[j]]) {
    const first = inOrder(x[0], y[0])[1];
    const last = inOrder(x[1], y[1])[0];
    if (first <= last) spans.push([first, last]);
    if (x[1] < y[1]) i++;
    else j++;
  }
  return { family: a.family, spans };
}

export const isEmpty = (set: Ranges): boolean => set.spans.length === 0;

export const isEverything = ({ family, spans }: Ranges): boolean =>
  isEmpty(complement({ family, spans }));

/** The spans as nft writes them: an address, a block where the span is one, or `first-last`. */
export const spanTexts = ({ family, spans }: Ranges): readonly string[] =>
  spans.map((span) => spanText(family, span));

/** Is every span one single address, so a hash can hold them? */
export const isDiscrete = ({ spans }: Ranges): boolean =>
  spans.every(([first, last]) => first === last);

const inOrder = (a: bigint, b: bigint): Span => (a < b ? [a, b] : [b, a]);

function spanText(family: IpFamily, [first, last]: Span): string {
  const address = ipFromBits(first, family);
  if (first === last) return address;
  const hostBits = (last - first).toString(2).length;
  const block = { address, prefix: (family === 4 ? 32 : 128) - hostBits };
  const isBlock =
    last - first + 1n === 1n << BigInt(hostBits) && first % (1n << BigInt(hostBits)) === 0n;
  return isBlock && contains(block, address)
    ? formatCidr(block)
    : `${address}-${ipFromBits(last, family)}`;
}

function merged(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort(([a], [b]) => Number(a > b) - Number(a < b));
  const result: [bigint, bigint][] = [];
  for (const [first, last] of sorted) {
    const previous = result.at(-1);
    if (previous !== undefined && first <= previous[1]) {
      if (last > previous[1]) previous[1] = last;
    } else {
      result.push([first, last]);
    }
  }
  return result;
}

import {
  bitsOf,
  type Cidr,
  cidr,
  familyOf,
  type Ip,
  type IpFamily,
  ipFromBits,
  rangeOf,
} from '../../model/address';
import type { World } from '../../model/world';
import { type BlockSet, blocksToldApart } from './told-apart';

/** Addresses from the first to the last, both included. */
export type AddressRange = readonly [first: bigint, last: bigint];

/** Public addresses that nothing in the world tells apart, in ascending ranges. */
export interface PublicStretch {
  readonly family: IpFamily;
  readonly ranges: readonly AddressRange[];
}

/** What the internet does not route (IANA special-purpose address registries). */
const NOT_PUBLIC: readonly Cidr[] = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/3'],
].map(cidr);

/** All of IPv6 that is allocated for unicast (RFC 4291): 2000::/3. */
const UNIVERSE: Readonly<Record<IpFamily, AddressRange>> = {
  4: rangeOf(cidr('0.0.0.0/0')) as AddressRange,
  6: rangeOf(cidr('2000::/3')) as AddressRange,
};

/** The public addresses of a family as stretches: each is in the same blocks from end to end. */
export function publicStretches(world: World, family: IpFamily): readonly PublicStretch[] {
  const ofFamily = (set: BlockSet): readonly AddressRange[] =>
    set.filter(({ address }) => familyOf(address) === family).map((one) => rangeOf(one));
  const sets = blocksToldApart(world)
    .map(ofFamily)
    .filter((set) => set.length > 0);
  const held = ofFamily(heldBlocks(world));
  const [start, end] = UNIVERSE[family];
  const cuts = [...sets.flat(), ...held].flatMap(([first, last]) => [first, last + 1n]);
  const bounds = [...new Set([start, ...cuts, end + 1n])]
    .filter((bound) => start <= bound && bound <= end + 1n)
    .sort((a, b) => (a < b ? -1 : 1));
  const bySignature = new Map<string, AddressRange[]>();
  bounds.slice(0, -1).forEach((first, i) => {
    const isIn = (range: AddressRange): boolean => range[0] <= first && first <= range[1];
    if (held.some(isIn)) return;
    const signature = sets.flatMap((set, place) => (set.some(isIn) ? [place] : [])).join();
    const range: AddressRange = [first, (bounds[i + 1] ?? end + 1n) - 1n];
    bySignature.set(signature, [...(bySignature.get(signature) ?? []), range]);
  });
  return [...bySignature.values()].map((ranges) => ({ family, ranges: joined(ranges) }));
}

/** Addresses that are not the internet: private ones, and those that the world's own parts hold. */
function heldBlocks({ vpcs, serviceCidr, nodes, pods, services }: World): BlockSet {
  const holders = [...nodes, ...pods].flatMap(({ addresses }) => addresses);
  const known = services.flatMap(({ clusterIps, externalIps = [], balancerVips = [] }) => [
    ...clusterIps,
    ...externalIps,
    ...balancerVips,
  ]);
  const interfaces = vpcs.flatMap((vpc) =>
    vpc.interfaces.flatMap(({ publicIp }) => publicIp ?? []),
  );
  const single = [...holders, ...known, ...interfaces].map(
    (address): Cidr => ({ address, prefix: familyOf(address) === 4 ? 32 : 128 }),
  );
  return [...NOT_PUBLIC, ...vpcs.flatMap(({ cidrs }) => cidrs), serviceCidr, ...single];
}

/** Neighbours as one. */
function joined(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const result: [bigint, bigint][] = [];
  for (const [first, last] of ranges) {
    const before = result.at(-1);
    if (before !== undefined && before[1] + 1n === first) before[1] = last;
    else result.push([first, last]);
  }
  return result;
}

/** Whether an address lies in a stretch. */
export const inStretch = ({ family, ranges }: PublicStretch, address: Ip): boolean => {
  const bits = bitsOf(address);
  return (
    familyOf(address) === family && ranges.some(([first, last]) => first <= bits && bits <= last)
  );
};

/** An address of a stretch: the second, where there is one, since the first often names a network. */
export function representative({ family, ranges }: PublicStretch): Ip {
  const [[first, last] = [0n, 0n]] = ranges;
  return ipFromBits(first < last ? first + 1n : first, family);
}

/** A range as the fewest blocks that make it, such as `8.8.8.0/24`. */
export function blocksOf([first, last]: AddressRange, family: IpFamily): readonly string[] {
  const width = family === 4 ? 32n : 128n;
  const blocks: string[] = [];
  let next = first;
  while (next <= last) {
    let free = 0n;
    while (
      free < width &&
      (next & ((1n << (free + 1n)) - 1n)) === 0n &&
      next + (1n << (free + 1n)) - 1n <= last
    ) {
      free += 1n;
    }
    blocks.push(`${ipFromBits(next, family)}/${width - free}`);
    next += 1n << free;
  }
  return blocks;
}

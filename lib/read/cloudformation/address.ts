import {
  type Cidr,
  contains,
  familyOf,
  type Ip,
  type IpFamily,
  ip,
  ipFromBits,
  offsetIp,
  rangeOf,
} from '../../model/address';

/**
 * Gives out addresses of blocks, the same ones every time for the same requests.
 *
 * A subnet's first four addresses and its last are AWS's (network, router, resolver, reserve,
 * broadcast; VPC user guide, "Subnet CIDR blocks"), so giving starts at the fifth.
 */
export interface Allocator {
  /** Marks an address as in use. */
  readonly take: (address: Ip) => void;
  /** Marks a whole block as in use. */
  readonly reserve: (block: Cidr) => void;
  /** The lowest free address of a block, or `undefined` where it is full. */
  readonly next: (block: Cidr) => Ip | undefined;
  /** The highest free address of a block, or `undefined` where it is full. */
  readonly last: (block: Cidr) => Ip | undefined;
  /** The lowest wholly free block of `prefix` bits inside a block, or `undefined`. */
  readonly nextBlock: (block: Cidr, prefix: number) => Cidr | undefined;
}

const FIRST_USABLE = 4n;

export function createAllocator(): Allocator {
  const taken = new Set<Ip>();
  /** Blocks given as a whole: single addresses inside are not for others. */
  const given: Cidr[] = [];
  const cursors = new Map<string, bigint>();

  const next = (block: Cidr): Ip | undefined => {
    const [first, last] = rangeOf(block);
    const key = `${block.address}/${block.prefix}`;
    for (let at = cursors.get(key) ?? first + FIRST_USABLE; at < last; at += 1n) {
      const address = ipFromBits(at, familyOf(block.address));
      const owner = given.find((own) => contains(own, address));
      if (owner !== undefined) at = rangeOf(owner)[1];
      if (owner !== undefined || taken.has(address)) continue;
      taken.add(address);
      cursors.set(key, at + 1n);
      return address;
    }
    return undefined;
  };

  const last = (block: Cidr): Ip | undefined => {
    const [first, broadcast] = rangeOf(block);
    for (let at = broadcast - 1n; at >= first + FIRST_USABLE; at -= 1n) {
      const address = ipFromBits(at, familyOf(block.address));
      if (taken.has(address) || given.some((own) => contains(own, address))) continue;
      taken.add(address);
      return address;
    }
    return undefined;
  };

  const nextBlock = (block: Cidr, prefix: number): Cidr | undefined => {
    const family: IpFamily = familyOf(block.address);
    const [first, last] = rangeOf(block);
    const size = 1n << BigInt((family === 4 ? 32 : 128) - prefix);
    // The first /28 holds the reserved addresses, the last one the broadcast address.
    for (let at = first + size; at + size <= last; at += size) {
      const candidate = { address: ipFromBits(at, family), prefix };
      if (given.some((own) => contains(own, candidate.address))) continue;
      if ([...taken].some((address) => contains(candidate, address))) continue;
      given.push(candidate);
      return candidate;
    }
    return undefined;
  };

  return {
    take: (address) => void taken.add(address),
    reserve: (block) => void given.push(block),
    next,
    last,
    nextBlock,
  };
}

/** Elastic IPs without an address in the templates get addresses of TEST-NET-2 (RFC 5737), in the order of the templates. */
export const nominalAddress = (index: number): Ip => offsetIp(ip('198.51.100.1'), index);

/** The next address of a family in a subnet; `undefined` where it has none left, or no such block. */
export function addressIn(
  { cidrs }: { readonly name: string; readonly cidrs: readonly Cidr[] },
  family: IpFamily,
  { next }: Pick<Allocator, 'next'>,
): Ip | undefined {
  const block = cidrs.find(({ address }) => familyOf(address) === family);
  return block && next(block);
}

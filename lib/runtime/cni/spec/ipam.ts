import {
  bitsOf,
  type Cidr,
  cidr,
  contains,
  familyOf,
  formatCidr,
  type Ip,
  ipFromBits,
  overlaps,
  rangeOf,
  within,
} from '../../../model/address';
import type { Attachment } from './call';

/** Which node owns which block, and who holds which address: all that is kept on disk. */
export interface Leases {
  /** Block to the node that claimed it. */
  readonly blocks: Readonly<Record<string, string>>;
  /** Address to its holder. */
  readonly holders: Readonly<Record<string, Attachment>>;
  /** Pool and node to the address that was given last. */
  readonly last: Readonly<Record<string, Ip>>;
}

export const NO_LEASES: Leases = { blocks: {}, holders: {}, last: {} };

/** From where addresses come for one node. */
export interface Source {
  readonly pool: Cidr;
  /** Size of the blocks a node claims. */
  readonly blockPrefix: number;
  readonly node: string;
  /** Parts of the pool that are not given. */
  readonly exclude: readonly Cidr[];
  /** Addresses that the host itself has, or has a route to: they are not given. */
  readonly inUse: ReadonlySet<Ip>;
}

/** An address that was leased, and the leases with it. */
export interface Leased {
  readonly address: Ip;
  readonly leases: Leases;
}

/** The addresses that an attachment holds. */
export const heldBy = (leases: Leases, { containerId, ifname }: Attachment): readonly Ip[] =>
  Object.entries(leases.holders)
    .filter(([, holder]) => holder.containerId === containerId && holder.ifname === ifname)
    .map(([address]) => address as Ip);

/**
 * Gives an attachment the next free address of its node's blocks within the pool, after the one that
 * was given last, so that an address that was just released rests (host-local goes round as well);
 * claims the node another block where they are full; `undefined` where the pool is. The pool's first
 * and last address are never given.
 */
export function lease(leases: Leases, source: Source, attachment: Attachment): Leased | undefined {
  const found = nextFree(leases, source);
  return found === undefined ? undefined : give(leases, { ...found, source, attachment });
}

/** A requested address cannot be leased, in words. */
export interface Unleasable {
  readonly kind: 'outside' | 'reserved' | 'taken' | 'other-node';
  readonly why: string;
}

/** Gives an attachment the very address that was requested, or says why not. */
export function leaseRequested(
  leases: Leases,
  source: Source,
  request: { readonly address: Ip; readonly attachment: Attachment },
): Leased | Unleasable {
  const { pool, node } = source;
  const { address, attachment } = request;
  if (!contains(pool, address)) {
    return { kind: 'outside', why: `${address} is outside the pool ${formatCidr(pool)}` };
  }
  if (address in leases.holders) return { kind: 'taken', why: `${address} is taken` };
  if (!isUsable(source, address)) return { kind: 'reserved', why: `${address} is reserved` };
  const owned = Object.keys(leases.blocks).find((block) => contains(cidr(block), address));
  const owner = owned === undefined ? node : leases.blocks[owned];
  if (owner !== node)
    return { kind: 'other-node', why: `${address} is in a block of node ${owner}` };
  const block = owned === undefined ? blockAround(leases, source, address) : cidr(owned);
  return give(leases, { address, block, source, attachment });
}

/** The next address that `lease` would give. */
export function nextFree(
  leases: Leases,
  source: Source,
): { readonly address: Ip; readonly block: Cidr } | undefined {
  const { pool, node } = source;
  // Blocks of a pool that was configured before are left alone: their addresses are not of this one.
  const own = Object.keys(leases.blocks)
    .filter((block) => leases.blocks[block] === node)
    .map((block) => cidr(block))
    .filter((block) => within(block, pool));
  const after = leases.last[lastKey(source)];
  const claimed = freeAmong(leases, { source, blocks: own, after });
  return claimed ?? freeAmong(leases, { source, blocks: unclaimed(leases, source), after });
}

/** The leases without those of every holder that `keep` refuses; an unused block is free again. */
export function release(leases: Leases, keep: (holder: Attachment) => boolean): Leases {
  const holders = Object.fromEntries(
    Object.entries(leases.holders).filter(([, holder]) => keep(holder)),
  );
  const held = Object.keys(holders).map((address) => bitsOf(address as Ip));
  const used = (text: string): boolean => {
    const [first, last] = rangeOf(cidr(text));
    return held.some((bits) => bits >= first && bits <= last);
  };
  const blocks = Object.fromEntries(Object.entries(leases.blocks).filter(([text]) => used(text)));
  return { blocks, holders, last: leases.last };
}

const lastKey = ({ pool, node }: Source): string => `${formatCidr(pool)} ${node}`;

interface Choice {
  readonly address: Ip;
  readonly block: Cidr;
  readonly source: Source;
  readonly attachment: Attachment;
}

const give = (leases: Leases, { address, block, source, attachment }: Choice): Leased => ({
  address,
  leases: {
    blocks: { ...leases.blocks, [formatCidr(block)]: source.node },
    holders: { ...leases.holders, [address]: attachment },
    last: { ...leases.last, [lastKey(source)]: address },
  },
});

interface Search {
  readonly source: Source;
  readonly blocks: Iterable<Cidr>;
  readonly after: Ip | undefined;
}

/** The first free address above the last one given; else the first of all. */
function freeAmong(
  leases: Leases,
  { source, blocks, after }: Search,
): { readonly address: Ip; readonly block: Cidr } | undefined {
  const floor = after === undefined ? -1n : bitsOf(after);
  let wrapped: { readonly address: Ip; readonly block: Cidr } | undefined;
  for (const block of blocks) {
    const [, last] = rangeOf(block);
    const above = last > floor ? freeIn(leases, { source, block, floor }) : undefined;
    if (above !== undefined) return { address: above, block };
    if (wrapped !== undefined) continue;
    const any = freeIn(leases, { source, block, floor: -1n });
    if (any !== undefined) wrapped = { address: any, block };
  }
  return wrapped;
}

function freeIn(
  leases: Leases,
  at: { readonly source: Source; readonly block: Cidr; readonly floor: bigint },
): Ip | undefined {
  const family = familyOf(at.block.address);
  const [first, last] = rangeOf(at.block);
  const begin = at.floor >= first ? at.floor + 1n : first;
  for (let bits = begin; bits <= last; bits += 1n) {
    const address = ipFromBits(bits, family);
    if (!(address in leases.holders) && isUsable(at.source, address)) return address;
  }
  return undefined;
}

function isUsable({ pool, exclude, inUse }: Source, address: Ip): boolean {
  const bits = bitsOf(address);
  const [lowest, highest] = rangeOf(pool);
  if (bits === lowest || bits === highest || inUse.has(address)) return false;
  return !exclude.some((block) => contains(block, address));
}

/** Blocks of the pool that no node owns a part of, lowest first. */
function* unclaimed(leases: Leases, { pool, blockPrefix }: Source): Generator<Cidr> {
  const family = familyOf(pool.address);
  const prefix = Math.max(pool.prefix, blockPrefix);
  const size = 1n << BigInt((family === 4 ? 32 : 128) - prefix);
  const owned = ownedIn(leases, family);
  const [first, last] = rangeOf(pool);
  for (let bits = first; bits <= last; bits += size) {
    const block = { address: ipFromBits(bits, family), prefix };
    if (!owned.some((one) => overlaps(one, block))) yield block;
  }
}

const ownedIn = (leases: Leases, family: 4 | 6): readonly Cidr[] =>
  Object.keys(leases.blocks)
    .map((text) => cidr(text))
    .filter(({ address }) => familyOf(address) === family);

/** The block that an address is claimed with: the configured size, or the address alone where nodes' blocks are near. */
function blockAround(leases: Leases, { pool, blockPrefix }: Source, address: Ip): Cidr {
  const family = familyOf(address);
  const width = family === 4 ? 32 : 128;
  const prefix = Math.max(pool.prefix, blockPrefix);
  const size = 1n << BigInt(width - prefix);
  const block = { address: ipFromBits((bitsOf(address) / size) * size, family), prefix };
  const isFree = !ownedIn(leases, family).some((one) => overlaps(one, block));
  return isFree ? block : { address, prefix: width };
}

import {
  bitsOf,
  type Cidr,
  cidr,
  familyOf,
  formatCidr,
  type Ip,
  ipFromBits,
  rangeOf,
} from '../model/address';
import type { Attachment } from './call';

/** Which node owns which block, and who holds which address: all that is kept on disk. */
export interface Leases {
  /** Block to the node that claimed it. */
  readonly blocks: Readonly<Record<string, string>>;
  /** Address to its holder. */
  readonly holders: Readonly<Record<string, Attachment>>;
}

export const NO_LEASES: Leases = { blocks: {}, holders: {} };

/** From where addresses come for one node. */
export interface Source {
  readonly pool: Cidr;
  /** Size of the blocks a node claims. */
  readonly blockPrefix: number;
  readonly node: string;
}

/** The addresses that an attachment holds. */
export const heldBy = (leases: Leases, { containerId, ifname }: Attachment): readonly Ip[] =>
  Object.entries(leases.holders)
    .filter(([, holder]) => holder.containerId === containerId && holder.ifname === ifname)
    .map(([address]) => address as Ip);

/**
 * Gives an attachment the first free address of its node's blocks, and claims the node another
 * block of the pool where they are full; `undefined` where the pool is. The pool's first and last
 * address are nobody's.
 */
export function lease(
  leases: Leases,
  source: Source,
  attachment: Attachment,
): { readonly address: Ip; readonly leases: Leases } | undefined {
  const found = firstFree(leases, source);
  if (found === undefined) return undefined;
  return {
    address: found.address,
    leases: {
      blocks: { ...leases.blocks, [formatCidr(found.block)]: source.node },
      holders: { ...leases.holders, [found.address]: attachment },
    },
  };
}

/** The next address that `lease` would give. */
export function firstFree(
  leases: Leases,
  { pool, blockPrefix, node }: Source,
): { readonly address: Ip; readonly block: Cidr } | undefined {
  const own = Object.keys(leases.blocks)
    .filter((block) => leases.blocks[block] === node)
    .map((block) => cidr(block))
    .filter((block) => familyOf(block.address) === familyOf(pool.address));
  const inOwn = own.map((block) => ({ block, address: freeIn(leases, pool, block) }));
  const claimed = inOwn.find(({ address }) => address !== undefined);
  if (claimed?.address !== undefined) return { block: claimed.block, address: claimed.address };
  const block = unclaimed(leases, pool, Math.max(pool.prefix, blockPrefix));
  const address = block === undefined ? undefined : freeIn(leases, pool, block);
  return block === undefined || address === undefined ? undefined : { block, address };
}

/** The leases without those of everybody whom `keep` does not want; a block nobody uses is free again. */
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
  return { blocks, holders };
}

function freeIn(leases: Leases, pool: Cidr, block: Cidr): Ip | undefined {
  const family = familyOf(block.address);
  const [first, last] = rangeOf(block);
  const [lowest, highest] = rangeOf(pool);
  for (let bits = first; bits <= last; bits += 1n) {
    const address = ipFromBits(bits, family);
    const usable = bits !== lowest && bits !== highest && !(address in leases.holders);
    if (usable) return address;
  }
  return undefined;
}

function unclaimed(leases: Leases, pool: Cidr, prefix: number): Cidr | undefined {
  const family = familyOf(pool.address);
  const size = 1n << BigInt((family === 4 ? 32 : 128) - prefix);
  const [first, last] = rangeOf(pool);
  for (let bits = first; bits <= last; bits += size) {
    const block = { address: ipFromBits(bits, family), prefix };
    const holds = freeIn(leases, pool, block) !== undefined;
    if (holds && !(formatCidr(block) in leases.blocks)) return block;
  }
  return undefined;
}

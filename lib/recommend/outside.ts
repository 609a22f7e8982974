import {
  type Cidr,
  familyOf,
  formatCidr,
  hostCidr,
  type Ip,
  networkOf,
  offsetIp,
} from '../model/address';
import { uniqueBy } from '../model/unique';
import { blocksHolding, type NamedBlocks } from './aws-ranges';
import type { Block } from './block';

/** How addresses outside the cluster become blocks. */
export interface OutsideRules {
  /** Network sets and AWS services: an address in one stands for all of it. */
  readonly named: readonly NamedBlocks[];
  /** Addresses fold to blocks of this prefix (IPv4); absent: each stands for itself. */
  readonly fold?: number | undefined;
}

/** Blocks that an address stands for, and why they are more than the address. */
export interface OutsideBlocks {
  readonly blocks: readonly Block[];
  readonly widened?: string;
}

/** The blocks that one address outside the cluster stands for. */
export function blocksOf(address: Ip, { named, fold }: OutsideRules): OutsideBlocks {
  const known = blocksHolding(named, address);
  if (known !== undefined) {
    const cidrs = known.blocks.filter((one) => familyOf(one.address) === familyOf(address));
    return {
      blocks: cidrs.map((one) => ({ cidr: formatCidr(one) })),
      widened: `${address} stands for ${known.name}: all ${cidrs.length} of its blocks are allowed`,
    };
  }
  if (fold === undefined || familyOf(address) === 6) {
    return { blocks: [{ cidr: formatCidr(hostCidr(address)) }] };
  }
  const block: Cidr = { address: networkOf(address, fold), prefix: fold };
  return {
    blocks: [{ cidr: formatCidr(block) }],
    widened: `${address} stands for ${formatCidr(block)} (--fold ${fold})`,
  };
}

/**
 * The fewest blocks with exactly the same addresses: blocks inside others go, and two halves become
 * the block of both.
 */
export function mergeBlocks(blocks: readonly Cidr[]): readonly Cidr[] {
  let all = uniqueBy(blocks, formatCidr);
  for (;;) {
    const keys = new Set(all.map(formatCidr));
    const outer = all.filter((one) => !hasOuter(one, keys));
    const merged = uniqueBy(
      outer.map((one) => {
        const parent = parentOf(one);
        return parent !== undefined && keys.has(formatCidr(siblingOf(one, parent))) ? parent : one;
      }),
      formatCidr,
    );
    if (merged.length === all.length && merged.every((one, i) => one === all[i])) return merged;
    all = merged;
  }
}

/** Is one of the blocks around this one there too? */
function hasOuter(one: Cidr, keys: ReadonlySet<string>): boolean {
  for (let outer = parentOf(one); outer !== undefined; outer = parentOf(outer)) {
    if (keys.has(formatCidr(outer))) return true;
  }
  return false;
}

const parentOf = ({ address, prefix }: Cidr): Cidr | undefined =>
  prefix === 0 ? undefined : { address: networkOf(address, prefix - 1), prefix: prefix - 1 };

/** The other half of a block's parent. */
function siblingOf(one: Cidr, parent: Cidr): Cidr {
  if (one.address !== parent.address) return { address: parent.address, prefix: one.prefix };
  const width = familyOf(one.address) === 4 ? 32 : 128;
  return {
    address: offsetIp(parent.address, 1n << BigInt(width - one.prefix)),
    prefix: one.prefix,
  };
}

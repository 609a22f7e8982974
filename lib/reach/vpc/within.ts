import { type Cidr, contains, type Ip, overlaps } from '../../model/address';
import type { Vpc } from '../../model/vpc';
import type { VpcIndex } from './types';

/** Whether a block holds an address, or why that is not known. */
export type Held = boolean | { readonly unknown: string };

/**
 * Whether a block holds an address, as a VPC sees it. An address that AWS will choose may be any of its
 * subnet's, so a block that holds a part of the subnet may hold it or not.
 */
export function isWithin(
  index: VpcIndex,
  { vpc, block, address }: { readonly vpc: Vpc; readonly block: Cidr; readonly address: Ip },
): Held {
  const holds = contains(block, address);
  const found = index.seenFrom(vpc, address);
  if (found?.interface.chosen !== true) return holds;
  const home = found.subnet.cidrs.find((cidr) => contains(cidr, address));
  if (home === undefined || !overlaps(home, block) || block.prefix <= home.prefix) return holds;
  return {
    unknown: `which address of subnet ${found.subnet.name} AWS gives ${found.interface.id} (PrivateIpAddress would tell)`,
  };
}

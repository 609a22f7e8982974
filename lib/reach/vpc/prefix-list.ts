import { cidr, contains, familyOf, type Ip, PRIVATE_BLOCKS } from '../../model/address';
import type { PrefixList } from '../../model/vpc';

/** Blocks for documentation (RFC 5737, RFC 3849) and benchmarks (RFC 2544): no service has them. */
const NEVER_A_SERVICE = [
  ...PRIVATE_BLOCKS,
  ...['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '198.18.0.0/15'].map(cidr),
];

/** May a list hold an address that none of its known blocks holds? Only examples of AWS' own lists are known. */
export const mayHold = ({ partial }: PrefixList, address: Ip): boolean =>
  partial === true &&
  familyOf(address) === 4 &&
  !NEVER_A_SERVICE.some((block) => contains(block, address));

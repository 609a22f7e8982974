import {
  type Cidr,
  contains,
  familyOf,
  type Ip,
  type IpFamily,
  ipFromBits,
  rangeOf,
} from '../../model/address';
import type { Subnet } from '../../model/vpc';
import type { Allocator } from '../cloudformation/address';

/** What is asked for: an address in a subnet, for an interface whose own may be given. */
export interface Request {
  readonly subnet: Subnet;
  readonly family: IpFamily;
  /** Addresses it came with; those that manifests gave stay. */
  readonly addresses: readonly Ip[];
  /** For problems: `pod shop/web-0`. */
  readonly who: string;
}

/** Hands out addresses of subnets, and notes what cannot be had. */
export interface Issuer {
  readonly single: (request: Request) => readonly Ip[];
  /** From the prefixes of an interface, which grow as needed. */
  readonly delegated: (request: Request, prefixes: Cidr[]) => readonly Ip[];
  readonly problems: readonly string[];
}

/** Length of a delegated IPv4 prefix (amazon-vpc-cni-k8s: prefix delegation). */
const DELEGATED_PREFIX = 28;

/** An issuer over the addresses of one VPC. */
export function createIssuer(allocator: Allocator, given: ReadonlySet<Ip>): Issuer {
  const problems: string[] = [];
  const handedOut = new Set<Ip>();

  const told = ({ addresses, subnet, who }: Request): readonly Ip[] => {
    const own = addresses.filter((address) => given.has(address));
    const strangers = own.filter((a) => !subnet.cidrs.some((block) => contains(block, a)));
    problems.push(
      ...strangers.map((a) => `${who} has ${a}, which is not in subnet ${subnet.name}`),
    );
    return own;
  };
  const full = ({ subnet, family, who }: Request, what: string): readonly Ip[] => {
    const isThere = subnet.cidrs.some((block) => familyOf(block.address) === family);
    problems.push(
      isThere
        ? `subnet ${subnet.name} has no IPv${family} ${what} left for ${who}`
        : `subnet ${subnet.name} has no IPv${family} block, which ${who} needs`,
    );
    return [];
  };

  const single = (request: Request): readonly Ip[] => {
    const own = told(request);
    if (own.length > 0) return own;
    const block = blockOf(request);
    const address = block === undefined ? undefined : allocator.next(block);
    return address === undefined ? full(request, 'address') : [address];
  };

  const delegated = (request: Request, prefixes: Cidr[]): readonly Ip[] => {
    const own = told(request);
    if (own.length > 0) return own;
    const found = prefixes.map((p) => firstFree(p, handedOut)).find((a) => a !== undefined);
    const address = found ?? startPrefix(request, prefixes);
    if (address === undefined) return full(request, 'prefix');
    handedOut.add(address);
    return [address];
  };

  const startPrefix = (request: Request, prefixes: Cidr[]): Ip | undefined => {
    const ground = blockOf(request);
    const block = ground === undefined ? undefined : allocator.nextBlock(ground, DELEGATED_PREFIX);
    if (block !== undefined) prefixes.push(block);
    return block?.address;
  };

  return { single, delegated, problems };
}

const blockOf = ({ subnet, family }: Request): Cidr | undefined =>
  subnet.cidrs.find((block) => familyOf(block.address) === family);

function firstFree(block: Cidr, used: ReadonlySet<Ip>): Ip | undefined {
  const [first, last] = rangeOf(block);
  for (let bits = first; bits <= last; bits += 1n) {
    const address = ipFromBits(bits, familyOf(block.address));
    if (!used.has(address)) return address;
  }
  return undefined;
}

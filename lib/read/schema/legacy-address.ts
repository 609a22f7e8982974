import {
  bitsOf,
  type Cidr,
  formatCidr,
  type Ip,
  ipFromBits,
  parseCidr,
  parseIp,
} from '../../model/address';
import { type At, warn } from './at';
import { refuse } from './refusal';
import type { Shape } from './shape';

/** IPv4 addresses written as IPv6 ones (RFC 4291 section 2.5.5.2), as numbers. */
const MAPPED_FIRST = 0xffff_0000_0000n;
const MAPPED_PREFIX = 96;

/**
 * Spellings that the API server takes in fields that are older than its strict rules
 * (apimachinery util/validation/ip.go: IsValidIPForLegacyField, IsValidCIDRForLegacyField): zeros
 * in front of a number are decimal, `::ffff:10.0.0.1` is an IPv4 address, and a block may have
 * host bits. Each is read, with a remark.
 */
export const legacyIp: Shape<Ip> = (given, at) => {
  const value = given === null ? '' : given;
  if (typeof value !== 'string') return refuse(at, 'expected a text', 'write an IP address');
  const read = looseIp(value);
  if (read === undefined) {
    return refuse(at, `'${value}' is not an IP address`, 'write one like 10.0.0.1');
  }
  if (parseIp(value) !== read) remark(at, value, read);
  return read;
};

/** An address in its canonical form alone, as newer fields ask for it. */
export const canonicalIp: Shape<Ip> = (value, at) => {
  const read = typeof value === 'string' ? parseIp(value) : undefined;
  if (read === undefined || isMapped(read)) {
    return refuse(at, `'${String(value)}' is not an IP address`, 'write one like 2001:db8::1');
  }
  return read === value
    ? read
    : refuse(at, `'${String(value)}' is not in canonical form`, `write ${read}`);
};

/** A block of addresses in any spelling that the API server takes. */
export const legacyCidr: Shape<Cidr> = (given, at) => {
  const value = given === null ? '' : given;
  if (typeof value !== 'string') return refuse(at, 'expected a text', 'write a CIDR block');
  const strict = parseCidr(value);
  if (!('problem' in strict) && !isMapped(strict.address)) return strict;
  const read = looseCidr(value);
  if (read === undefined) {
    const { problem, fix } = 'problem' in strict ? strict : NO_BLOCK;
    return refuse(at, problem, fix);
  }
  remark(at, value, formatCidr(read));
  return read;
};

/** The same where blanks around the block do not count either (Service: loadBalancerSourceRanges). */
export const trimmedCidr: Shape<Cidr> = (value, at) =>
  legacyCidr(typeof value === 'string' ? value.trim() : value, at);

const NO_BLOCK = {
  problem: 'it is not a CIDR block',
  fix: 'write address/prefix, like 10.0.0.0/16',
};

const remark = (at: At, written: string, read: string): void =>
  warn(at, `'${written}' is read as ${read}, as the API server reads it`, `write ${read}`);

/** An address, zeros in front of its decimal numbers left out. */
function looseIp(text: string): Ip | undefined {
  const plain = text.replace(/(^|[.:])0+(?=\d{1,3}(\.|$))/g, (match, before: string) =>
    text.includes('.') ? before : match,
  );
  const read = parseIp(plain);
  return read === undefined || !isMapped(read) ? read : unmapped(read);
}

const isMapped = (address: Ip): boolean =>
  address.includes(':') && bitsOf(address) >> 32n === MAPPED_FIRST >> 32n;

const unmapped = (address: Ip): Ip => ipFromBits(bitsOf(address) & 0xffff_ffffn, 4);

/** Masked as Go's `ParseCIDR` does it: an IPv4 block may be written as a mapped one from /96 on. */
function looseCidr(text: string): Cidr | undefined {
  const [head = '', tail = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d{1,6}$/.test(tail)) return undefined;
  const prefix = Number(tail);
  const address = looseIp(head);
  if (address === undefined) return undefined;
  const mapped = head.includes(':') && !address.includes(':');
  if (!mapped) return masked(bitsOf(address), prefix, address.includes(':') ? 6 : 4);
  return prefix >= MAPPED_PREFIX
    ? masked(bitsOf(address), prefix - MAPPED_PREFIX, 4)
    : masked(MAPPED_FIRST | bitsOf(address), prefix, 6);
}

function masked(bits: bigint, prefix: number, family: 4 | 6): Cidr | undefined {
  const width = family === 4 ? 32 : 128;
  if (prefix > width) return undefined;
  const host = BigInt(width - prefix);
  return { address: ipFromBits((bits >> host) << host, family), prefix };
}

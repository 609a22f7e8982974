import { type Cidr, cidr, contains, type Ip } from './address';
import type { Flow } from './flow';
import type { World } from './world';

/** Addresses that no packet on a network carries, with why (RFC 6890 and the registries it lists). */
const NEVER: readonly { readonly block: Cidr; readonly what: string }[] = [
  { block: cidr('0.0.0.0/8'), what: 'an address of "this host", which no packet is sent to' },
  {
    block: cidr('127.0.0.0/8'),
    what: 'a loopback address: packets with it never leave their host',
  },
  { block: cidr('255.255.255.255/32'), what: 'the broadcast address, which opens no connection' },
  { block: cidr('224.0.0.0/4'), what: 'a multicast address, which opens no connection' },
  { block: cidr('::/128'), what: 'the unspecified address, which no packet is sent to' },
  { block: cidr('::1/128'), what: 'a loopback address: packets with it never leave their host' },
  { block: cidr('ff00::/8'), what: 'a multicast address, which opens no connection' },
];

/** The metadata and DNS services of a VPC answer here and open no connections (AWS: link-local addresses). */
const LINK_LOCAL: readonly Cidr[] = [cidr('169.254.0.0/16')];

/**
 * Why a flow cannot be: one of its ends is an address that no connection has. `undefined` where both
 * may be ends of a connection.
 */
export function impossibleEnd({ from, to }: Flow, world: World): string | undefined {
  for (const end of [from, to]) {
    const reason = end.kind === 'ip' ? neverReason(end.address) : undefined;
    if (reason !== undefined) return reason;
  }
  return from.kind === 'ip' ? sourceReason(from.address, world) : undefined;
}

/** Whether no connection has an end with this address. */
export const isImpossible = (address: Ip): boolean => neverReason(address) !== undefined;

function neverReason(address: Ip): string | undefined {
  const found = NEVER.find(({ block }) => contains(block, address));
  return found === undefined ? undefined : `${address} is ${found.what}`;
}

function sourceReason(address: Ip, { services, serviceBlocks = [] }: World): string | undefined {
  if (LINK_LOCAL.some((block) => contains(block, address))) {
    return `${address} is a link-local address: nothing beyond its link gets a packet from it`;
  }
  const isService =
    services.some(({ clusterIps }) => clusterIps.includes(address)) ||
    serviceBlocks.some((block) => contains(block, address));
  return isService
    ? `${address} is an address of a Service, which opens no connections`
    : undefined;
}

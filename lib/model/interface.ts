import { contains, familyOf, type Ip, PRIVATE_BLOCKS } from './address';
import type { FlowEnd } from './flow';
import type { NetworkInterface, Vpc } from './vpc';

/**
 * The interfaces that a name means: the one of that name (`Database/private-a`), or all of a machine
 * or group of machines that has several (`Database`).
 */
export function interfacesNamed(
  vpcs: readonly Pick<Vpc, 'interfaces'>[],
  name: string,
): readonly NetworkInterface[] {
  const all = vpcs.flatMap(({ interfaces }) => interfaces);
  const own = all.find(({ id, aliases = [] }) => id === name || aliases.includes(name));
  return own === undefined ? all.filter(({ id }) => id.startsWith(`${name}/`)) : [own];
}

/** The first of the interfaces that a name means. */
export function interfaceNamed(
  vpcs: readonly Pick<Vpc, 'interfaces'>[],
  name: string,
): NetworkInterface | undefined {
  return interfacesNamed(vpcs, name)[0];
}

/**
 * Where a caller finds an interface: one on the internet by its public address, if it has one, and by
 * its IPv6 addresses.
 */
export const addressesFor = (
  { addresses, publicIp }: Pick<NetworkInterface, 'addresses' | 'publicIp'>,
  caller: FlowEnd,
  vpcs: readonly Pick<Vpc, 'cidrs'>[] = [],
): readonly Ip[] =>
  publicIp !== undefined && isOnInternet(caller, vpcs)
    ? [publicIp, ...addresses.filter((address) => familyOf(address) === 6)]
    : addresses;

/** Is a caller outside every VPC, with an address that the internet routes? */
function isOnInternet(caller: FlowEnd, vpcs: readonly Pick<Vpc, 'cidrs'>[]): boolean {
  if (caller.kind !== 'ip') return caller.kind === 'internet';
  const { address } = caller;
  const inside = vpcs.some(({ cidrs }) => cidrs.some((block) => contains(block, address)));
  return !inside && !PRIVATE_BLOCKS.some((block) => contains(block, address));
}

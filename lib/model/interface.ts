import type { Ip } from './address';
import type { FlowEnd } from './flow';
import type { NetworkInterface, Vpc } from './vpc';

/**
 * The interface that a name means: its own (`Database/private-a`), or the first one of the machine
 * that has several (`Database`).
 */
export function interfaceNamed(
  vpcs: readonly Pick<Vpc, 'interfaces'>[],
  name: string,
): NetworkInterface | undefined {
  const all = vpcs.flatMap(({ interfaces }) => interfaces);
  return all.find(({ id }) => id === name) ?? all.find(({ id }) => id.startsWith(`${name}/`));
}

/** Where a caller finds an interface: the internet by its public address, if it has one. */
export const addressesFor = (
  { addresses, publicIp }: Pick<NetworkInterface, 'addresses' | 'publicIp'>,
  caller: FlowEnd,
): readonly Ip[] => (caller.kind === 'internet' && publicIp !== undefined ? [publicIp] : addresses);

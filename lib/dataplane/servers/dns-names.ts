import { familyOf, type Ip, parseIp } from '../../model/address';
import type { Vpc } from '../../model/vpc';
import type { World } from '../../model/world';
import type { DnsRecord } from '../commands/command';

/** A name's addresses of both families. */
export const addressRecords = (name: string, addresses: readonly Ip[]): readonly DnsRecord[] =>
  addresses.map((address) => ({
    name,
    type: familyOf(address) === 4 ? 'A' : 'AAAA',
    data: address,
  }));

/** Names of hosts outside, where their name is one. */
export const namesOutside = (world: World): readonly DnsRecord[] =>
  world.outside
    .filter((host) => host.name.includes('.') && parseIp(host.name) === undefined)
    .flatMap((host) => addressRecords(host.name, host.addresses));

/**
 * Names of the VPC's interface endpoints. With private DNS a service's public name leads to the
 * endpoint: `com.amazonaws.eu-west-1.ecr.api` is `api.ecr.eu-west-1.amazonaws.com` (VPC user
 * guide: private DNS names for endpoint services).
 */
export const privateNames = (vpc: Vpc): readonly DnsRecord[] =>
  vpc.endpoints.flatMap((endpoint) => {
    if (endpoint.kind !== 'interface' || !endpoint.privateDns) return [];
    const [, , region, ...service] = endpoint.service.split('.');
    const name = `${service.reverse().join('.')}.${region}.amazonaws.com`;
    const enis = vpc.interfaces.filter(
      ({ owner }) => owner.kind === 'vpc-endpoint' && owner.id === endpoint.id,
    );
    return addressRecords(
      name,
      enis.flatMap(({ addresses }) => addresses),
    );
  });

import {
  bitsOf,
  contains,
  familyOf,
  type Ip,
  ip,
  offsetIp,
  parseIp,
  rangeOf,
} from '../../model/address';
import type { NetworkInterface, Subnet } from '../../model/vpc';
import { type Allocator, addressIn } from './address';
import type { Machine } from './machine';
import { freeAddress } from './nat';
import type { Ground } from './network';
import { defaultGroup } from './own';
import { wrong } from './resource';
import { isUnknown } from './value';

/** Public addresses that EC2 gives: the upper half of TEST-NET-2 (RFC 5737), one a machine. */
const FIRST_PUBLIC = ip('198.51.100.128');

/**
 * The interfaces of a machine in this VPC. Addresses that the template does not give are taken from
 * the end of the subnet, so that those of nodes and pods stay what they are without it.
 */
export function machineInterfaces(
  machine: Machine,
  ground: Ground,
  allocator: Allocator,
): readonly NetworkInterface[] {
  const { name, resource, homes, serves, part, aliases } = machine;
  return homes.flatMap((home, i): NetworkInterface[] => {
    if (!ground.subnets.includes(home)) return [];
    const given = givenAddresses(machine, home);
    const address = given.length > 0 ? undefined : addressFor(machine, home, allocator);
    if (given.length === 0 && address === undefined) return [];
    const own = part === undefined ? name : `${name}/${part}`;
    return [
      {
        id: homes.length === 1 ? own : `${own}/${home.name}`,
        subnet: home.id,
        securityGroups: machine.securityGroups ?? [defaultGroup(ground.id)],
        addresses: [
          ...given,
          ...(address === undefined ? [] : [address]),
          ...sixthAddresses(machine, home, allocator),
        ],
        prefixes: [],
        ...publicOf(machine, { home, ground, offset: machine.index + i }),
        ...(aliases === undefined ? {} : { aliases }),
        ...(given.length === 0 && { chosen: true }),
        owner: { kind: 'resource', type: resource.type },
        serves,
      },
    ];
  });
}

const addressFor = (machine: Machine, home: Subnet, allocator: Allocator): Ip | undefined =>
  freeAddress(home, machine.resource, { next: allocator.last });

/** The addresses that the template gives, checked as EC2 does. */
function givenAddresses({ addresses = [], resource }: Machine, home: Subnet): readonly Ip[] {
  return addresses.flatMap((text) => {
    const address = parseIp(text);
    const problem = address === undefined ? `'${text}' is not an address` : refusal(address, home);
    if (problem !== undefined) {
      const fix = `give a free address of subnet ${home.name}`;
      wrong(resource, 'PrivateIpAddress', { problem, fix });
    }
    return address === undefined ? [] : [address];
  });
}

/** Why an address cannot be in a subnet: its first four and its last are AWS's (VPC user guide, "Subnet sizing"). */
function refusal(address: Ip, { name, cidrs }: Subnet): string | undefined {
  const block = cidrs.find((one) => contains(one, address));
  if (block === undefined) return `${address} is not in subnet ${name}`;
  if (familyOf(address) === 6) return undefined;
  const [first, last] = rangeOf(block);
  const at = bitsOf(address);
  return at < first + 4n || at === last
    ? `${address} is reserved by AWS in subnet ${name}`
    : undefined;
}

function sixthAddresses(
  { addresses6 = [], wants6 }: Machine,
  home: Subnet,
  allocator: Allocator,
): readonly Ip[] {
  const given = addresses6.flatMap((text) => parseIp(text) ?? []);
  if (given.length > 0) return given;
  const wanted = wants6 ?? home.assigns6 === true;
  const address = wanted ? addressIn(home, 6, allocator) : undefined;
  return address === undefined ? [] : [address];
}

/** Its public address, or why it is not known whether it has one. */
function publicOf(
  machine: Machine,
  {
    home,
    ground,
    offset,
  }: { readonly home: Subnet; readonly ground: Ground; readonly offset: number },
): Pick<NetworkInterface, 'publicIp' | 'publicUnknown'> {
  const { elasticIp, elasticUnknown } = machine;
  if (elasticIp !== undefined) return { publicIp: elasticIp };
  const answer = decided(machine.public, home, ground);
  if (answer === true) return { publicIp: offsetIp(FIRST_PUBLIC, offset) };
  const why = answer === false ? elasticUnknown : answer;
  return why === undefined ? {} : { publicUnknown: why };
}

function decided(given: Machine['public'], home: Subnet, ground: Ground): boolean | string {
  if (given === 'as-subnet') return home.publicUnknown ?? home.public;
  if (given === 'as-vpc') {
    const what = 'PubliclyAccessible, which the template does not say';
    return ground.internetGateway === undefined ? false : what;
  }
  return isUnknown(given) ? given.unknown : given;
}

import { type Ip, ip, offsetIp, parseIp } from '../../model/address';
import type { NatGateway, NetworkInterface } from '../../model/vpc';
import { type Allocator, addressIn, nominalAddress } from './address';
import type { Ground } from './network';
import { elasticAddress } from './public';
import { idAt, knownText, type Resource, type Resources, textAt, wrong } from './resource';
import { isUnknown } from './value';

/** NAT gateways of a VPC, each with its addresses. */
export function readNats(
  resources: Resources,
  ground: Ground,
  allocator: Allocator,
): readonly NatGateway[] {
  return resources.ofType('AWS::EC2::NatGateway').flatMap((nat): NatGateway[] => {
    const subnet = idAt(nat.properties, 'SubnetId');
    if (subnet === undefined && nat.properties.VpcId === ground.id) {
      return [regionalNat(resources, nat)];
    }
    const home = ground.subnets.find((s) => s.id === subnet);
    if (home === undefined) return [];
    const given = parseIp(knownText(nat.properties, 'PrivateIpAddress') ?? '');
    const privateIp = given ?? freeAddress(home, nat, allocator);
    if (privateIp === undefined) return [];
    if (given !== undefined) allocator.take(given);
    const place = { id: nat.id, name: nat.name, subnet: home.id, privateIp };
    const kind = textAt(nat.properties, 'ConnectivityType') ?? 'public';
    if (isUnknown(kind)) return [{ ...place, publicUnknown: kind.unknown }];
    return kind === 'private' ? [place] : [{ ...place, publicIp: publicIpOf(resources, nat) }];
  });
}

/**
 * A regional NAT gateway stands in no subnet and AWS chooses its addresses: one of TEST-NET-1
 * (RFC 5737) stands for them, inside and outside.
 */
function regionalNat(resources: Resources, nat: Resource): NatGateway {
  const index = resources.ofType('AWS::EC2::NatGateway').indexOf(nat);
  const address = offsetIp(ip('192.0.2.1'), index);
  return { id: nat.id, name: nat.name, privateIp: address, publicIp: address };
}

/** The address of the Elastic IP it names; one of another stack is numbered after all of ours. */
function publicIpOf(resources: Resources, nat: Resource): Ip {
  const own = elasticAddress(resources, knownText(nat.properties, 'AllocationId') ?? '');
  const [count, other] = ['AWS::EC2::EIP', 'AWS::EC2::NatGateway'].map(resources.ofType);
  return own ?? nominalAddress((count?.length ?? 0) + (other?.indexOf(nat) ?? 0));
}

/** A NAT gateway's interface carries no security group. */
export function natInterface(nat: NatGateway): readonly NetworkInterface[] {
  if (nat.subnet === undefined) return [];
  const own: NetworkInterface = {
    id: `nat/${nat.name}`,
    subnet: nat.subnet,
    securityGroups: [],
    addresses: [nat.privateIp],
    prefixes: [],
    owner: { kind: 'nat-gateway', id: nat.id },
  };
  return [nat.publicIp === undefined ? own : { ...own, publicIp: nat.publicIp }];
}

/** The next IPv4 address of a subnet; a full one is a problem of what wanted to stand there. */
export function freeAddress(
  subnet: Parameters<typeof addressIn>[0],
  resource: Resource,
  allocator: Pick<Allocator, 'next'>,
): Ip | undefined {
  const address = addressIn(subnet, 4, allocator);
  if (address === undefined) {
    const problem = `subnet ${subnet.name} has no address left for it`;
    wrong(resource, '', { problem, fix: 'make the subnet larger' });
  }
  return address;
}

import { type Ip, ip, offsetIp, parseIp } from '../model/address';
import type { NatGateway, NetworkInterface, Subnet, VpcEndpoint } from '../model/vpc';
import { type Allocator, nominalAddress } from './template-address';
import type { Cluster } from './template-cluster';
import type { Machine } from './template-machine';
import type { Ground } from './template-network';
import { elasticAddress } from './template-public';
import {
  knownText,
  listAt,
  type Resource,
  type Resources,
  textsAt,
  wrong,
} from './template-resource';
import { isValueMap } from './template-value';

/** NAT gateways of a VPC, each with its addresses. */
export function readNats(
  resources: Resources,
  ground: Ground,
  allocator: Allocator,
): readonly NatGateway[] {
  return resources.ofType('AWS::EC2::NatGateway').flatMap((nat) => {
    const subnet = knownText(nat.properties, 'SubnetId');
    if (subnet === undefined && nat.properties.VpcId === ground.id) {
      return [regionalNat(resources, nat)];
    }
    const home = ground.subnets.find((s) => s.id === subnet);
    if (home === undefined) return [];
    const given = parseIp(knownText(nat.properties, 'PrivateIpAddress') ?? '');
    const privateIp = given ?? addressIn(home, nat, allocator);
    if (privateIp === undefined) return [];
    if (given !== undefined) allocator.take(given);
    const publicIp = publicIpOf(resources, nat);
    const place = { id: nat.id, name: nat.name, subnet: home.id, privateIp };
    return [publicIp === undefined ? place : { ...place, publicIp }];
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

/** The address of the Elastic IP it names; a private NAT gateway has none. */
function publicIpOf(resources: Resources, nat: Resource): Ip | undefined {
  if (nat.properties.ConnectivityType === 'private') return undefined;
  const own = elasticAddress(resources, knownText(nat.properties, 'AllocationId') ?? '');
  // Elastic IPs of other stacks: numbered after all of ours, so that no two share an address.
  const [count, other] = ['AWS::EC2::EIP', 'AWS::EC2::NatGateway'].map(resources.ofType);
  return own ?? nominalAddress((count?.length ?? 0) + (other?.indexOf(nat) ?? 0));
}

/** The interfaces that AWS's own devices have in a VPC's subnets. */
export function readInterfaces(
  parts: {
    readonly resources: Resources;
    readonly nats: readonly NatGateway[];
    readonly endpoints: readonly VpcEndpoint[];
    readonly clusters: readonly Cluster[];
    readonly machines: readonly Machine[];
  },
  ground: Ground,
  allocator: Allocator,
): readonly NetworkInterface[] {
  const { resources, nats, endpoints, clusters, machines } = parts;
  const all = [
    'AWS::EC2::VPCEndpoint',
    'AWS::EKS::Cluster',
    'Custom::AWSCDK-EKS-Cluster',
    BALANCER,
  ];
  const owners = new Map(all.flatMap((type) => resources.ofType(type)).map((r) => [r.id, r]));
  const place = (
    { id, label }: { readonly id: string; readonly label: string },
    subnets: readonly string[],
    rest: Pick<NetworkInterface, 'owner' | 'securityGroups'>,
  ) =>
    subnets.flatMap((subnet): NetworkInterface[] => {
      const [home, resource] = [ground.subnets.find((s) => s.id === subnet), owners.get(id)];
      if (home === undefined || resource === undefined) return [];
      const address = addressIn(home, resource, allocator);
      if (address === undefined) return [];
      return [{ id: `${label}/${home.name}`, subnet, addresses: [address], prefixes: [], ...rest }];
    });
  return [
    ...nats.flatMap(natInterface),
    ...clusters.flatMap((cluster) =>
      place({ id: cluster.id, label: cluster.name }, cluster.subnets, {
        owner: { kind: 'control-plane' },
        securityGroups: cluster.securityGroups,
      }),
    ),
    ...endpoints.flatMap((endpoint) =>
      endpoint.kind === 'gateway'
        ? []
        : place({ id: endpoint.id, label: endpoint.service }, endpoint.subnets, {
            owner: { kind: 'vpc-endpoint', id: endpoint.id },
            securityGroups: endpoint.securityGroups,
          }),
    ),
    ...resources.ofType(BALANCER).flatMap((balancer) =>
      place({ id: balancer.id, label: balancer.name }, balancerSubnets(balancer), {
        owner: { kind: 'load-balancer', id: balancer.id },
        securityGroups: textsAt(balancer.properties, 'SecurityGroups'),
      }),
    ),
    ...machines.flatMap((machine) => machineInterfaces(machine, ground, allocator)),
  ];
}

/** Public addresses that EC2 gives: the upper half of TEST-NET-2 (RFC 5737), one a machine. */
const FIRST_PUBLIC = ip('198.51.100.128');

/**
 * The interfaces of a machine in this VPC. Addresses that nobody gave are taken from the end of
 * the subnet, so that those of nodes and pods stay what they are without it.
 */
function machineInterfaces(
  machine: Machine,
  ground: Ground,
  allocator: Allocator,
): readonly NetworkInterface[] {
  const { name, resource, homes, privateIp = '', elasticIp, serves } = machine;
  return homes.flatMap((home, i): NetworkInterface[] => {
    if (!ground.subnets.includes(home)) return [];
    const address = parseIp(privateIp) ?? addressIn(home, resource, { next: allocator.last });
    if (address === undefined) return [];
    const given = machine.public === 'as-subnet' ? home.public : machine.public;
    const isPublic = elasticIp !== undefined || given;
    const publicIp = elasticIp ?? offsetIp(FIRST_PUBLIC, machine.index + i);
    return [
      {
        id: homes.length === 1 ? name : `${name}/${home.name}`,
        subnet: home.id,
        securityGroups: machine.securityGroups ?? [`${ground.id}.default-group`],
        addresses: [address],
        prefixes: [],
        ...(isPublic ? { publicIp } : {}),
        owner: { kind: 'resource', type: resource.type },
        serves,
      },
    ];
  });
}

const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

function balancerSubnets(balancer: Resource): readonly string[] {
  const mapped = listAt(balancer.properties, 'SubnetMappings').flatMap((mapping) =>
    isValueMap(mapping) ? (knownText(mapping, 'SubnetId') ?? []) : [],
  );
  return [...textsAt(balancer.properties, 'Subnets'), ...mapped];
}

/** A NAT gateway carries no security group. */
function natInterface(nat: NatGateway): readonly NetworkInterface[] {
  if (nat.subnet === undefined) return [];
  const owner = { kind: 'nat-gateway', id: nat.id } as const;
  const own = {
    id: `nat/${nat.name}`,
    subnet: nat.subnet,
    securityGroups: [],
    prefixes: [],
    owner,
  };
  const addresses = [nat.privateIp];
  return [
    nat.publicIp === undefined
      ? { ...own, addresses }
      : { ...own, addresses, publicIp: nat.publicIp },
  ];
}

/** The next IPv4 address of a subnet; a full one is a problem of what wanted to stand there. */
function addressIn(
  subnet: Subnet,
  resource: Resource,
  allocator: Pick<Allocator, 'next'>,
): Ip | undefined {
  const [block] = subnet.cidrs;
  const address = block === undefined ? undefined : allocator.next(block);
  if (address === undefined) {
    const problem = `subnet ${subnet.name} has no address left for it`;
    wrong(resource, '', { problem, fix: 'make the subnet larger' });
  }
  return address;
}

import {
  type Cidr,
  contains,
  familyOf,
  type Ip,
  type IpFamily,
  ip,
  offsetIp,
} from '../../model/address';
import type { NatGateway, NetworkInterface, Subnet, Vpc } from '../../model/vpc';
import type { NodeEndpoint, NodePlacement, PodEndpoint, World } from '../../model/world';
import type { LinkEnd, Netns } from '../commands/command';
import { netnsOf, nodeNetns, outsideNetns, ownerOf, routerDevice } from '../commands/names';
import { endOf } from '../wiring/cables';

export const vpcNetns = (id: string): Netns => `vpc/${id}`;
export const igwNetns = (vpc: string): Netns => `internet-gateway/${vpc}`;
export const natNetns = (id: string): Netns => `nat-gateway/${id}`;
export const endpointNetns = (id: string): Netns => `endpoint/${id}`;
export const interfaceNetns = (id: string): Netns => `interface/${id}`;
export const amazonNetns = (vpc: string): Netns => `amazon/${vpc}`;

/** A node's place: its VPC and its interfaces, primary first, each with its subnet. */
export interface VpcNode {
  readonly vpc: Vpc;
  readonly placement: NodePlacement;
  readonly interfaces: readonly NodeInterface[];
}

export interface NodeInterface {
  readonly eni: NetworkInterface;
  readonly subnet: Subnet;
  readonly branch: boolean;
  /** Place among the node's interfaces, from 0. */
  readonly index: number;
  /** The cable's end in the node. */
  readonly near: LinkEnd;
  /** Its end at the VPC's router: where its security groups and its subnet's ACL are asked. */
  readonly far: LinkEnd;
}

/** Where a node stands; none where no template says so. */
export function placeOf(world: World, node: NodeEndpoint): VpcNode | undefined {
  const { placement } = node;
  const vpc = world.vpcs.find(({ id }) => id === placement?.vpc);
  if (vpc === undefined || placement === undefined) return undefined;
  const interfaces = placement.interfaces.flatMap((id, index) => {
    const eni = vpc.interfaces.find((one) => one.id === id);
    const subnet = vpc.subnets.find((one) => one.id === eni?.subnet);
    if (eni === undefined || subnet === undefined) return [];
    const branch = eni.owner.kind === 'node' && eni.owner.branch;
    // The VPC CNI's own names: branch interfaces are VLANs of a trunk.
    const device = branch ? `vlan.eth.${index}` : `eth${index}`;
    const near = endOf(nodeNetns(node.name), device);
    return [{ eni, subnet, branch, index, near, far: farEnd(vpc, eni) }];
  });
  return { vpc, placement, interfaces };
}

/** An interface's end at its VPC's router. */
export const farEnd = (vpc: Vpc, { id }: NetworkInterface): LinkEnd =>
  endOf(vpcNetns(vpc.id), routerDevice(interfaceNetns(id)));

/** The interface that holds a pod's address: by address, by prefix, else the node's first. */
export function interfaceOfPod(place: VpcNode, pod: PodEndpoint): NodeInterface | undefined {
  const holds = ({ eni }: NodeInterface): boolean =>
    pod.addresses.some(
      (address) =>
        eni.addresses.includes(address) || eni.prefixes.some((block) => contains(block, address)),
    );
  return place.interfaces.find(holds) ?? place.interfaces[0];
}

/** A subnet's router: its first address after the network's own (VPC user guide: subnet sizing). */
export const gatewayOf = (subnet: Subnet, family: IpFamily): Ip | undefined => {
  const block = subnet.cidrs.find(({ address }) => familyOf(address) === family);
  return block === undefined ? undefined : offsetIp(block.address, 1);
};

/** Where the addresses of regional NAT gateways begin, between them and their internet gateway. */
const FIRST_REGIONAL = ip('169.254.200.1');

/**
 * A NAT gateway's address inside the VPC. A regional one is known by its public address alone; were
 * that its only one here, the internet gateway could not tell what leaves by it from what comes
 * back to the VPC (to a load balancer, say): both would be one connection to the kernel.
 */
export const natAddress = (vpc: Vpc, nat: NatGateway): Ip =>
  nat.subnet !== undefined || nat.publicIp !== nat.privateIp
    ? nat.privateIp
    : offsetIp(FIRST_REGIONAL, vpc.natGateways.indexOf(nat));

/** The VPC resolver at its two addresses, instance metadata and the time (VPC user guide). */
export const amazonAddresses = ({ cidrs }: Vpc): readonly Ip[] => [
  ...cidrs
    .filter(({ address }) => familyOf(address) === 4)
    .slice(0, 1)
    .map(({ address }) => offsetIp(address, 2)),
  ip('169.254.169.253'),
  METADATA,
  ip('169.254.169.123'),
];

/** Instance metadata (IMDS). */
export const METADATA = ip('169.254.169.254');

/** Is the address within a VPC's own blocks? */
export const isInVpc = (vpcs: readonly Vpc[], address: Ip): boolean =>
  vpcs.some(({ cidrs }) => cidrs.some((block: Cidr) => contains(block, address)));

/** The namespace that answers for an address: an endpoint's, an interface's, or an outside host's. */
export const netnsAt = (world: World, address: Ip): Netns =>
  knownAt(world, address) ?? outsideNetns(address);

/** Who has an address already, in the cluster or around it; public addresses included. */
export function knownAt(world: World, address: Ip): Netns | undefined {
  const owner = ownerOf(world, address);
  if (owner !== undefined) return netnsOf(owner);
  return world.vpcs.flatMap((vpc) => namespacesAt(vpc, address))[0];
}

function namespacesAt(vpc: Vpc, address: Ip): readonly Netns[] {
  const nats = vpc.natGateways.filter(
    ({ privateIp, publicIp }) => privateIp === address || publicIp === address,
  );
  const enis = vpc.interfaces.filter(
    ({ addresses, publicIp }) => publicIp === address || addresses.includes(address),
  );
  return [
    ...nats.map(({ id }) => natNetns(id)),
    ...enis.map(({ id, owner }) =>
      owner.kind === 'node' ? nodeNetns(owner.node) : interfaceNetns(id),
    ),
    ...(amazonAddresses(vpc).includes(address) ? [amazonNetns(vpc.id)] : []),
  ];
}

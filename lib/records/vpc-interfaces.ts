import { contains, parseIp } from '../model/address';
import type { FlowEnd } from '../model/flow';
import type { NetworkInterface } from '../model/vpc';
import type { World } from '../model/world';
import { podAt } from './ends';

/** The address that packets from or to an end carry. */
export function addressOf(world: World, end: FlowEnd): string | undefined {
  switch (end.kind) {
    case 'pod':
      return podAt(world, end)?.addresses[0];
    case 'node':
      return world.nodes.find(({ name }) => name === end.name)?.addresses[0];
    case 'ip':
      return end.address;
    case 'internet':
      return world.outside.find(({ name }) => name === 'internet')?.addresses[0];
    case 'service':
      return world.services.find(
        ({ namespace, name }) => namespace === end.namespace && name === end.name,
      )?.clusterIps[0];
  }
}

/** The interface with this id. */
export const interfaceNamed = (world: World, id: string): NetworkInterface | undefined =>
  interfacesOf(world).find((eni) => eni.id === id);

/** The interface that has an address, itself or in a prefix of it. */
export function interfaceHolding(world: World, text: string): NetworkInterface | undefined {
  const address = parseIp(text);
  if (address === undefined) return undefined;
  return interfacesOf(world).find(
    ({ addresses, prefixes }) =>
      addresses.includes(address) || prefixes.some((prefix) => contains(prefix, address)),
  );
}

/**
 * The interface of a subnet that a packet came for: the one with its destination, else the NAT
 * gateway's, which takes what is for others.
 */
export function inSubnet(
  world: World,
  name: string,
  destination: string,
): NetworkInterface | undefined {
  const subnets = world.vpcs.flatMap((vpc) => vpc.subnets);
  const subnet = subnets.find((one) => one.name === name)?.id;
  const holder = interfaceHolding(world, destination);
  if (holder?.subnet === subnet) return holder;
  return interfacesOf(world).find(
    (eni) => eni.subnet === subnet && eni.owner.kind === 'nat-gateway',
  );
}

const interfacesOf = ({ vpcs }: World): readonly NetworkInterface[] =>
  vpcs.flatMap(({ interfaces }) => interfaces);

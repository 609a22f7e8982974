import type { Vpc } from '../../model/vpc';
import type { PathEnd } from './stop';
import type { VpcInterface, VpcPacket } from './types';

/**
 * Why a packet arrives at another interface than the flow names: the address belongs to another one
 * in this VPC, and the named one is in a VPC that is not reached. `undefined` where it is the one.
 */
export function otherReceiver(
  { destination, receiver }: VpcPacket,
  found: VpcInterface,
  vpc: Vpc,
): PathEnd | undefined {
  if (receiver === undefined || found.interface.id === receiver) return undefined;
  const because = `in ${vpc.name} ${destination} is ${found.interface.id}, and nothing leads to the VPC of ${receiver}`;
  return {
    device: `vpc ${vpc.name}`,
    id: `vpc:${vpc.id}`,
    kind: 'no-route',
    object: vpc.name,
    because,
  };
}

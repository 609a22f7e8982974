import { isUnknownId, unknownIdText } from '../../model/unknown-id';
import type { Vpc } from '../../model/vpc';
import type { PathEnd } from './stop';
import type { VpcPoint } from './types';

type Shut = Omit<PathEnd, 'device'>;

/**
 * Why nothing passes an internet gateway that a route of a VPC names; `undefined` where the gateway is
 * attached to the VPC. A gateway is attached to one VPC at most.
 */
export function gatewayShut(vpc: Vpc, gateway: string): Shut | undefined {
  const { internetGateway: own, foreignGateways = [], name } = vpc;
  if (own === gateway) return undefined;
  const id = gateway.replace(/^.*\./, '');
  if (own !== undefined && isUnknownId(own)) {
    const because = `which internet gateway ${name} has depends on ${unknownIdText(own)}`;
    return { kind: 'unknown', because };
  }
  if (foreignGateways.includes(gateway))
    return { kind: 'denied', because: `internet gateway ${id} is attached to another VPC` };
  return { kind: 'unknown', because: `no template attaches internet gateway ${id} to ${name}` };
}

/**
 * What VPC Block Public Access says of packets that leave by an internet gateway: nothing passes in
 * either mode, but NAT gateways may begin connections in mode `ingress` (VPC user guide, "Block public
 * access").
 */
export function outwardBlock({ kind, vpc }: VpcPoint, device: string): Shut | undefined {
  if (vpc.publicAccessBlock === 'ingress' && kind === 'nat') return undefined;
  return inwardBlock(vpc, device);
}

/** What VPC Block Public Access says of packets that begin on the internet. */
export function inwardBlock({ publicAccessBlock: block }: Vpc, device: string): Shut | undefined {
  if (block === undefined) return undefined;
  if (typeof block === 'object')
    return { kind: 'unknown', because: `what passes ${device} depends on ${block.unknown}` };
  const because = `VPC Block Public Access (${block}) stops it at ${device}`;
  return { kind: 'denied', because };
}

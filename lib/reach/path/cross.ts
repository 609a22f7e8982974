import type { Ip } from '../../model/address';
import type { Packet } from '../ends/types';
import type { Segment } from '../hops/types';
import type { VpcFabric } from '../vpc/types';

/** The segments between two nodes, and the source address that comes out of them. */
export interface NodeCrossing {
  readonly segments: readonly Segment[];
  readonly source: Ip;
}

/** Sends a packet from node to node; without a VPC, nodes and the outside are one hop apart. */
export function cross(
  fabric: VpcFabric | undefined,
  { source: sender, target, carrier }: Packet,
): NodeCrossing {
  const { address: source } = sender;
  if (fabric === undefined || target.party.isOnEveryNode) return { segments: [], source };
  const { party, protocol, port, icmp } = target;
  const sending = {
    source,
    destination: party.address,
    protocol,
    port,
    ...(icmp && { icmp }),
    ...(sender.eni === undefined ? {} : { sender: sender.eni }),
    ...(party.eni === undefined ? {} : { receiver: party.eni }),
    ...(sender.node === undefined ? {} : { node: sender.node }),
  };
  const crossing = fabric.cross(carrier === undefined ? sending : { ...sending, carrier });
  return { segments: [crossing.segment], source: crossing.source };
}

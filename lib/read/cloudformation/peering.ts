import { formatCidr, overlaps } from '../../model/address';
import type { Peering } from '../../model/vpc';
import type { Ground } from './network';
import { knownText, type Resources, wrong } from './resource';

/** The peerings a VPC takes part in. */
export function readPeerings(resources: Resources, vpc: string): readonly Peering[] {
  return resources
    .ofType('AWS::EC2::VPCPeeringConnection')
    .map(({ id, properties }) => ({
      id,
      requester: knownText(properties, 'VpcId') ?? '',
      accepter: knownText(properties, 'PeerVpcId') ?? '',
    }))
    .filter((peering) => peering.requester === vpc || peering.accepter === vpc);
}

/**
 * Two VPCs of which any blocks overlap cannot be peered, whatever is routed between them (VPC
 * peering guide, "Overlapping CIDR blocks"): an address would mean two things.
 */
export function refuseOverlaps(resources: Resources, grounds: readonly Ground[]): void {
  for (const peering of resources.ofType('AWS::EC2::VPCPeeringConnection')) {
    const [a, b] = ['VpcId', 'PeerVpcId'].map((key) =>
      grounds.find(({ id }) => id === knownText(peering.properties, key)),
    );
    if (a === undefined || b === undefined) continue;
    const pairs = a.cidrs.flatMap((own) => b.cidrs.map((other) => [own, other] as const));
    for (const [own, other] of pairs.filter(([own, other]) => overlaps(own, other))) {
      const problem = `${formatCidr(own)} of ${a.name} and ${formatCidr(other)} of ${b.name} overlap, so the two cannot be peered: an address would mean two things`;
      wrong(peering, '', { problem, fix: `give ${b.name} a block of its own` });
    }
  }
}

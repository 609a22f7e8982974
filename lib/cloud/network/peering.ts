import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnRoute, CfnVPCPeeringConnection } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/** One of the two VPCs. */
export interface PeerSide {
  readonly vpc: ec2.IVpc;
  /** The VPC's own block: what the other side routes here. */
  readonly block: string;
  /** Subnets whose route tables learn the way to the other side. */
  readonly subnets: readonly ec2.ISubnet[];
}

export interface PeeringProps {
  readonly requester: PeerSide;
  readonly accepter: PeerSide;
}

/**
 * Two VPCs of one account joined. The connection alone carries nothing: both sides need routes
 * (VPC peering guide), and it refuses blocks that overlap.
 */
export class VpcPeering extends Construct {
  constructor(scope: Construct, id: string, { requester, accepter }: PeeringProps) {
    super(scope, id);
    const connection = new CfnVPCPeeringConnection(this, 'Resource', {
      vpcId: requester.vpc.vpcId,
      peerVpcId: accepter.vpc.vpcId,
    });
    for (const [from, to] of [
      [requester, accepter],
      [accepter, requester],
    ] as const) {
      for (const [zone, subnet] of from.subnets.entries()) {
        const side = from === requester ? 'Requester' : 'Accepter';
        new CfnRoute(this, `${side}${zone + 1}`, {
          routeTableId: subnet.routeTable.routeTableId,
          destinationCidrBlock: to.block,
          vpcPeeringConnectionId: connection.attrId,
        });
      }
    }
  }
}

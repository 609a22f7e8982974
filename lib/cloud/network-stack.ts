import { GatewayVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { Fn, Stack, type StackProps, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { LabConfig } from './config';
import { LabVpc } from './lab-vpc';
import type { SubnetGroup } from './layout';
import { SubnetAcl } from './subnet-acl';

export interface NetworkStackProps extends StackProps {
  readonly config: LabConfig;
}

/** The network a lab runs in: the VPC, its routes and doors, and every filter at its edges. */
export class NetworkStack extends Stack {
  public readonly network: LabVpc;

  private readonly zones: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props);
    const { config } = props;
    // By number: the region is known at deployment, and a lookup by name would need credentials.
    this.zones = Array.from({ length: config.zones }, (_, i) => Fn.select(i, Fn.getAzs()));
    this.network = new LabVpc(this, 'Network', { ...config, zones: this.zones });
    const { vpc, subnets, blocks, ipv6Block } = this.network;

    vpc.addGatewayEndpoint('S3', {
      service: GatewayVpcEndpointAwsService.S3,
      subnets: [{ subnets: [...subnets.nodes] }, { subnets: [...subnets.pods] }],
    });
    for (const group of Object.keys(subnets) as readonly SubnetGroup[]) {
      new SubnetAcl(this, `Acl-${group}`, {
        vpc,
        group,
        subnets: subnets[group],
        blocks,
        ipv6Block,
      });
    }
    for (const subnet of subnets.public) Tags.of(subnet).add('kubernetes.io/role/elb', '1');
    for (const subnet of subnets.nodes) Tags.of(subnet).add('kubernetes.io/role/internal-elb', '1');
  }

  override get availabilityZones(): string[] {
    return [...this.zones];
  }
}

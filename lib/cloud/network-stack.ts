import { CfnOutput, Fn, Stack, type StackProps, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type Cidr, formatCidr } from '../model/address';
import { logGroupPrefix } from '../model/lab-tags';
import { behind } from './block-conflicts';
import type { LabConfig } from './config';
import { environmentOf } from './environments';
import { LabNetwork } from './lab-network';
import { Peering, type PeerSide } from './peering';

export interface NetworkStackProps extends StackProps {
  readonly config: LabConfig;
}

/** The network a lab runs in; of a lab with two clusters, both networks and what joins them. */
export class NetworkStack extends Stack {
  public readonly network: LabNetwork;
  public readonly peer: LabNetwork | undefined;

  private readonly zones: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props);
    const { config } = props;
    // By number: the region is known at deployment, and a lookup by name would need credentials.
    this.zones = Array.from({ length: config.zones }, (_, i) => Fn.select(i, Fn.getAzs()));
    const peered = environmentOf(config.lab).peer === 'second-vpc';
    const second = { vpcCidr: behind(config.vpcCidr), podCidr: behind(config.podCidr) };

    this.network = this.createNetwork('Network', config, {
      ...config,
      peerCidr: peered ? second.vpcCidr : undefined,
    });
    this.peer = peered
      ? this.createNetwork('Peer', config, { ...second, peerCidr: config.vpcCidr })
      : undefined;
    this.outputGroups(this.network);
    if (this.peer !== undefined) {
      new Peering(this, 'Peering', {
        requester: sideOf(this.network, config.vpcCidr),
        accepter: sideOf(this.peer, second.vpcCidr),
      });
    }
  }

  override get availabilityZones(): string[] {
    return [...this.zones];
  }

  /** Ids that manifests name: pods' groups (SecurityGroupPolicy) and load balancers' (annotations). */
  private outputGroups({ securityGroups }: LabNetwork): void {
    for (const name of ['load-balancers', 'pods-web', 'pods-db'] as const) {
      if (!securityGroups.has(name)) continue;
      new CfnOutput(this, `Group-${name}`, {
        description: `The security group that manifests of the lab call ${name}`,
        value: securityGroups.get(name).securityGroupId,
      });
    }
  }

  private createNetwork(id: 'Network' | 'Peer', config: LabConfig, blocks: Blocks): LabNetwork {
    const { vpcCidr, podCidr, peerCidr } = blocks;
    const network = new LabNetwork(this, id, {
      config,
      vpcCidr,
      podCidr,
      peerCidr,
      zones: this.zones,
      flowLogGroup: `${logGroupPrefix(config.name)}flow-logs-${id.toLowerCase()}`,
    });
    // Where the AWS Load Balancer Controller puts load balancers, by their scheme.
    const { subnets } = network.lab;
    for (const subnet of subnets.public) Tags.of(subnet).add('kubernetes.io/role/elb', '1');
    for (const subnet of subnets.nodes) Tags.of(subnet).add('kubernetes.io/role/internal-elb', '1');
    return network;
  }
}

type Blocks = Pick<LabConfig, 'vpcCidr' | 'podCidr'> & {
  readonly peerCidr: Cidr | undefined;
};

const sideOf = ({ lab: { vpc, subnets } }: LabNetwork, block: Cidr): PeerSide => ({
  vpc,
  block: formatCidr(block),
  subnets: subnets.nodes,
});

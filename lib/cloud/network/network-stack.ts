import { CfnOutput, Fn, Stack, type StackProps, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type Cidr, formatCidr } from '../../model/address';
import { logGroupPrefix } from '../../model/lab-tags';
import { accept } from '../config/accepted';
import { behind } from '../config/block-conflicts';
import type { LabConfig } from '../config/config';
import { environmentOf } from '../config/environments';
import { LabNetwork } from './lab-network';
import { type PeerSide, VpcPeering } from './peering';

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
    // By number where none is named: a lookup by name would need credentials.
    const first = Array.from({ length: config.zoneCount }, (_, i) => Fn.select(i, Fn.getAzs()));
    this.zones = config.zones.length === 0 ? first : config.zones;
    if (config.zones.length > 0) {
      accept(this, 'CloudFormation-Validate::W3010', 'the zones were named with -c zones');
    }
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
      new VpcPeering(this, 'Peering', {
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
      vpcCidr: formatCidr(vpcCidr),
      podCidr: formatCidr(podCidr),
      peerCidr: peerCidr === undefined ? undefined : formatCidr(peerCidr),
      zones: this.zones,
      nat: config.nat,
      ipv6: config.ipv6,
      interfaceEndpoints: config.privateOnly,
      allowedCidrs: config.allowedCidrs.map(formatCidr),
      environment: environmentOf(config.lab),
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

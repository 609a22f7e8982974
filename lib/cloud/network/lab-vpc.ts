import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  CfnNatGateway,
  CfnVPCCidrBlock,
  CfnVPCGatewayAttachment,
  IpProtocol,
  NatProvider,
  PrivateSubnet,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Fn, Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type Cidr, formatCidr } from '../../model/address';
import type { NatMode } from '../config/config';
import { cidrsOf, type Layout, layOut, type SubnetGroup } from '../config/layout';
import type { TrafficPlace } from './traffic';

export interface LabVpcProps {
  /** The VPC's own block, /16 to /23. */
  readonly vpcCidr: Cidr;
  /** The block for pods, added to the VPC as a secondary one. */
  readonly podCidr: Cidr;
  /** Names of the availability zones to use, in order. */
  readonly zones: readonly string[];
  readonly nat: NatMode;
  /** Adds an IPv6 block that AWS chooses, and a way out for it. */
  readonly ipv6: boolean;
}

/** The VPC of a lab: four groups of subnets in every zone, and the ways out of them. */
export class LabVpc extends Construct {
  public readonly vpc: Vpc;
  public readonly subnets: Readonly<Record<SubnetGroup, readonly ec2.ISubnet[]>>;
  /** IPv4 block of every place a rule may name. */
  public readonly blocks: Readonly<Record<Exclude<TrafficPlace, 'peer'>, string>>;
  public readonly ipv6Block: string | undefined;

  constructor(scope: Construct, id: string, props: LabVpcProps) {
    super(scope, id);
    const layout = layOut(props.vpcCidr, props.podCidr, props.zones.length);
    const natProvider =
      props.nat === 'regional' ? NatProvider.regionalGateway() : NatProvider.gateway();
    this.vpc = this.createVpc(props, layout, natProvider);
    this.orderNatGateways();
    this.ipv6Block = props.ipv6 ? Fn.select(0, this.vpc.vpcIpv6CidrBlocks) : undefined;
    this.subnets = {
      public: this.vpc.selectSubnets({ subnetGroupName: 'public' }).subnets,
      nodes: this.vpc.selectSubnets({ subnetGroupName: 'nodes' }).subnets,
      'control-plane': this.vpc.selectSubnets({ subnetGroupName: 'control-plane' }).subnets,
      pods: this.createPodSubnets(props, layout, natProvider),
    };
    this.blocks = {
      nodes: formatCidr(layout.nodes.block),
      pods: formatCidr(layout.pods.block),
      public: formatCidr(layout.public.block),
      'control-plane': formatCidr(layout['control-plane'].block),
      internet: '0.0.0.0/0',
    };
  }

  private createVpc(props: LabVpcProps, layout: Layout, natGatewayProvider: NatProvider): Vpc {
    return new Vpc(this, 'Vpc', {
      ipAddresses: fixedAddresses(props.vpcCidr, layout),
      ipProtocol: props.ipv6 ? IpProtocol.DUAL_STACK : IpProtocol.IPV4_ONLY,
      availabilityZones: [...props.zones],
      natGatewayProvider,
      natGateways: props.nat === 'per-zone' ? props.zones.length : 1,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC },
        { name: 'nodes', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'control-plane', subnetType: SubnetType.PRIVATE_ISOLATED },
      ],
      // Emptied by DefaultSecurityGroup, without the function that the library would deploy.
      restrictDefaultSecurityGroup: false,
    });
  }

  /**
   * A NAT gateway needs the internet gateway attached, not only made: without the dependency its
   * creation fails where it comes first, and on deletion the attachment goes while the NAT gateway
   * still holds public addresses (CloudFormation user guide, DependsOn: VPC-gateway attachment).
   */
  private orderNatGateways(): void {
    const constructs = this.vpc.node.findAll();
    const attachments = constructs.filter((each) => each instanceof CfnVPCGatewayAttachment);
    for (const construct of constructs) {
      if (construct instanceof CfnNatGateway) construct.node.addDependency(...attachments);
    }
  }

  /** Outside the library's own subnets, because those all lie in the VPC's first block. */
  private createPodSubnets(
    props: LabVpcProps,
    layout: Layout,
    nat: NatProvider,
  ): readonly ec2.ISubnet[] {
    const block = new CfnVPCCidrBlock(this, 'PodBlock', {
      vpcId: this.vpc.vpcId,
      cidrBlock: formatCidr(props.podCidr),
    });
    return cidrsOf(layout.pods).map((cidrBlock, index) => {
      const subnet = new PrivateSubnet(this, `podsSubnet${index + 1}`, {
        vpcId: this.vpc.vpcId,
        availabilityZone: props.zones[index] ?? '',
        cidrBlock,
        mapPublicIpOnLaunch: false,
      });
      subnet.node.addDependency(block);
      nat.configureSubnet(subnet);
      Tags.of(subnet).add('aws-cdk:subnet-name', 'pods');
      return subnet;
    });
  }
}

/** Hands the library our layout instead of letting it fill the VPC from the front. */
function fixedAddresses(vpc: Cidr, layout: Layout): ec2.IIpAddresses {
  return {
    allocateVpcCidr: () => ({ cidrBlock: formatCidr(vpc) }),
    allocateSubnetsCidr: ({ requestedSubnets }) => {
      const used = new Map<string, number>();
      const allocatedSubnets = requestedSubnets.map(({ configuration: { name } }) => {
        const zone = used.get(name) ?? 0;
        used.set(name, zone + 1);
        return { cidr: cidrsOf(layout[name as SubnetGroup])[zone] ?? '' };
      });
      return { allocatedSubnets };
    },
  };
}

import { GatewayVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { Fn } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type Cidr, cidr, formatCidr } from '../../model/address';
import { accept } from '../config/accepted';
import type { NatMode } from '../config/config';
import { DEFAULT_ENVIRONMENT, type Environment } from '../config/environments';
import type { SubnetGroup } from '../config/layout';
import { DefaultSecurityGroup } from './default-security-group';
import { FlowLogs } from './flow-logs';
import { InterfaceEndpoints } from './interface-endpoints';
import { LabSecurityGroups } from './lab-security-groups';
import { LabVpc } from './lab-vpc';
import { securityRules } from './security-rules';
import { SubnetAcl } from './subnet-acl';
import { PEER_TRAFFIC, TRAFFIC, type TrafficRow } from './traffic';

export interface LabNetworkProps {
  /** The VPC's own block, /16 to /23. @default 10.0.0.0/16 */
  readonly vpcCidr?: string;
  /** The block for pods, /16 to /24 of 100.64.0.0/10. @default 100.64.0.0/16 */
  readonly podCidr?: string;
  /** Names of two or three availability zones, in order. @default the region's first two */
  readonly zones?: readonly string[];
  /** How nodes reach the internet. @default 'single', one NAT gateway for all zones */
  readonly nat?: NatMode;
  /** Adds a second family, IPv6. @default false */
  readonly ipv6?: boolean;
  /** Reaches AWS' services by interface endpoints, billed by the hour. @default false */
  readonly interfaceEndpoints?: boolean;
  /** Blocks outside that may call load balancers. @default none */
  readonly allowedCidrs?: readonly string[];
  /** What the cluster in this network needs: its groups follow from it. @default DEFAULT_ENVIRONMENT */
  readonly environment?: Environment;
  /** Block of a peered VPC. @default none */
  readonly peerCidr?: string | undefined;
  /** Name of the log group of the flow logs. @default one that CloudFormation makes */
  readonly flowLogGroup?: string;
}

/**
 * A VPC with subnets for nodes, pods, the control plane and load balancers in every zone, network ACLs
 * and security groups that let through what EKS needs and nothing else, flow logs and an S3 endpoint.
 *
 * @throws RangeError where a block does not parse
 */
export class LabNetwork extends Construct {
  public readonly lab: LabVpc;
  public readonly securityGroups: LabSecurityGroups;
  public readonly environment: Environment;

  private readonly vpcCidr: Cidr;
  private readonly podCidr: Cidr;

  constructor(scope: Construct, id: string, props: LabNetworkProps) {
    super(scope, id);
    const {
      zones = firstZones(),
      nat = 'single',
      ipv6 = false,
      interfaceEndpoints = false,
    } = props;
    this.environment = props.environment ?? DEFAULT_ENVIRONMENT;
    this.vpcCidr = cidr(props.vpcCidr ?? '10.0.0.0/16');
    this.podCidr = cidr(props.podCidr ?? '100.64.0.0/16');
    const { vpcCidr, podCidr } = this;
    this.lab = new LabVpc(this, 'Subnets', { vpcCidr, podCidr, zones, nat, ipv6 });
    const { vpc, subnets } = this.lab;

    accept(
      this,
      'AwsSolutions-VPC3',
      'network ACLs are what the labs teach; they are complete by construction and tested as such',
    );
    this.addAcls(props);
    this.securityGroups = this.createSecurityGroups(props);
    new DefaultSecurityGroup(this, 'DefaultSecurityGroup', { vpc, ipv6 });
    new FlowLogs(this, 'FlowLogs', { vpc, logGroupName: props.flowLogGroup });
    vpc.addGatewayEndpoint('S3', {
      service: GatewayVpcEndpointAwsService.S3,
      subnets: [{ subnets: [...subnets.nodes] }, { subnets: [...subnets.pods] }],
    });
    if (interfaceEndpoints) {
      new InterfaceEndpoints(this, 'Endpoints', {
        vpc,
        subnets: subnets.nodes,
        securityGroup: this.securityGroups.get('endpoints'),
      });
    }
  }

  private addAcls({ peerCidr }: LabNetworkProps): void {
    const { vpc, subnets, blocks, ipv6Block } = this.lab;
    const peered = peerCidr !== undefined;
    const traffic: readonly TrafficRow[] = peered ? [...TRAFFIC, ...PEER_TRAFFIC] : TRAFFIC;
    for (const group of Object.keys(subnets) as readonly SubnetGroup[]) {
      new SubnetAcl(this, `Acl-${group}`, {
        vpc,
        group,
        subnets: subnets[group],
        blocks: { ...blocks, peer: peerCidr },
        traffic,
        ipv6Block,
      });
    }
  }

  private createSecurityGroups(props: LabNetworkProps): LabSecurityGroups {
    const { allowedCidrs = [], peerCidr, ipv6 = false, interfaceEndpoints = false } = props;
    return new LabSecurityGroups(this, 'SecurityGroups', {
      vpc: this.lab.vpc,
      rules: securityRules(this.environment, { privateEndpoints: interfaceEndpoints }),
      addresses: {
        vpc: [formatCidr(this.vpcCidr), formatCidr(this.podCidr)],
        allowed: allowedCidrs,
        peer: this.environment.peer === 'second-vpc' && peerCidr !== undefined ? [peerCidr] : [],
        internet: ipv6 ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0'],
      },
    });
  }
}

/** By number, so that no look-up is needed at synthesis. */
const firstZones = (): readonly string[] => [0, 1].map((i) => Fn.select(i, Fn.getAzs()));

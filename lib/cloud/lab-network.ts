import { GatewayVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { type Cidr, formatCidr } from '../model/address';
import { accept } from './accepted';
import type { LabConfig } from './config';
import { DefaultSecurityGroup } from './default-security-group';
import { environmentOf } from './environments';
import { FlowLogs } from './flow-logs';
import { InterfaceEndpoints } from './interface-endpoints';
import { LabSecurityGroups } from './lab-security-groups';
import { LabVpc } from './lab-vpc';
import type { SubnetGroup } from './layout';
import { type SecurityRule, securityRules } from './security-rules';
import { SubnetAcl } from './subnet-acl';
import { PEER_TRAFFIC, TRAFFIC, type Traffic } from './traffic';

export interface LabNetworkProps {
  readonly config: LabConfig;
  readonly vpcCidr: Cidr;
  readonly podCidr: Cidr;
  /** Names of the availability zones, in order. */
  readonly zones: readonly string[];
  /** Block of the peered VPC, where there is one. */
  readonly peerCidr: Cidr | undefined;
  readonly flowLogGroup: string;
}

/** A VPC with its doors and every filter at its edges: the network under one cluster. */
export class LabNetwork extends Construct {
  public readonly lab: LabVpc;
  public readonly securityGroups: LabSecurityGroups;

  constructor(scope: Construct, id: string, props: LabNetworkProps) {
    super(scope, id);
    const { config, vpcCidr, podCidr, zones } = props;
    const { nat, ipv6, privateOnly } = config;
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
    if (privateOnly) {
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
    const traffic: readonly Traffic[] = peered ? [...TRAFFIC, ...PEER_TRAFFIC] : TRAFFIC;
    for (const group of Object.keys(subnets) as readonly SubnetGroup[]) {
      new SubnetAcl(this, `Acl-${group}`, {
        vpc,
        group,
        subnets: subnets[group],
        blocks: { ...blocks, peer: peered ? formatCidr(peerCidr) : undefined },
        traffic,
        ipv6Block,
      });
    }
  }

  private createSecurityGroups(props: LabNetworkProps): LabSecurityGroups {
    const { config, vpcCidr, podCidr, peerCidr } = props;
    const environment = environmentOf(config.lab);
    return new LabSecurityGroups(this, 'SecurityGroups', {
      vpc: this.lab.vpc,
      rules: rulesOf(config),
      addresses: {
        vpc: [formatCidr(vpcCidr), formatCidr(podCidr)],
        allowed: config.allowedCidrs.map(formatCidr),
        peer: environment.peer === 'second-vpc' && peerCidr ? [formatCidr(peerCidr)] : [],
        internet: config.ipv6 ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0'],
      },
    });
  }
}

const rulesOf = ({ lab, privateOnly }: LabConfig): readonly SecurityRule[] =>
  securityRules(environmentOf(lab), { privateEndpoints: privateOnly });

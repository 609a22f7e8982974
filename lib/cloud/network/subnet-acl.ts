import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { SubnetGroup } from '../config/layout';
import { type AclLine, aclLines, aclLines6 } from './acl-lines';
import type { TrafficPlace, TrafficRow } from './traffic';

export interface SubnetAclProps {
  /** VPC that owns the subnets. */
  readonly vpc: ec2.IVpc;
  /** Whose traffic this ACL filters. */
  readonly group: SubnetGroup;
  /** The group's subnets, one a zone. */
  readonly subnets: readonly ec2.ISubnet[];
  /** IPv4 block of every place that the traffic names. */
  readonly blocks: Readonly<Record<TrafficPlace, string | undefined>>;
  /** What must cross the subnets' edges. */
  readonly traffic: readonly TrafficRow[];
  /** The VPC's IPv6 block, where it has one. */
  readonly ipv6Block: string | undefined;
}

/**
 * The network ACL in front of one group of subnets: stateless and complete.
 *
 * AWS allows 20 rules a direction, both families together (VPC quotas). CloudFormation has no
 * field for a rule's reason, so each carries it as metadata.
 */
export class SubnetAcl extends Construct {
  public readonly acl: ec2.NetworkAcl;

  constructor(scope: Construct, id: string, props: SubnetAclProps) {
    super(scope, id);
    const { vpc, group, subnets, blocks, traffic, ipv6Block } = props;
    this.acl = new ec2.NetworkAcl(this, 'Resource', {
      vpc,
      subnetSelection: { subnets: [...subnets] },
    });
    this.addLines(aclLines(group, traffic), {
      first: 100,
      cidrOf: (place) => ec2.AclCidr.ipv4(blockOf(place, blocks)),
      family: 4,
    });
    if (ipv6Block !== undefined) {
      this.addLines(aclLines6(group, traffic), {
        first: 1000,
        cidrOf: (place) => ec2.AclCidr.ipv6(place === 'internet' ? '::/0' : ipv6Block),
        family: 6,
      });
    }
  }

  private addLines(lines: readonly AclLine[], numbering: Numbering): void {
    for (const direction of ['ingress', 'egress'] as const) {
      const own = lines.filter((line) => line.direction === direction);
      for (const [index, line] of own.entries()) {
        this.addLine(line, numbering.first + 10 * index, numbering);
      }
    }
  }

  private addLine(line: AclLine, ruleNumber: number, { cidrOf, family }: Numbering): void {
    const inward = line.direction === 'ingress';
    const entry = this.acl.addEntry(`${inward ? 'In' : 'Out'}${ruleNumber}`, {
      cidr: cidrOf(line.peer),
      traffic: trafficOf(line, family),
      direction: inward ? ec2.TrafficDirection.INGRESS : ec2.TrafficDirection.EGRESS,
      ruleNumber,
    });
    (entry.node.defaultChild as ec2.CfnNetworkAclEntry).addMetadata('because', line.because);
  }
}

/** Numbers leave gaps of ten: a lab adds a rule of its own between any two. */
interface Numbering {
  readonly first: number;
  readonly cidrOf: (place: TrafficPlace) => ec2.AclCidr;
  readonly family: 4 | 6;
}

function blockOf(place: TrafficPlace, blocks: SubnetAclProps['blocks']): string {
  const block = blocks[place];
  if (block === undefined) throw new Error(`a rule names '${place}', which this VPC has not`);
  return block;
}

function trafficOf({ match }: AclLine, family: 4 | 6): ec2.AclTraffic {
  switch (match.kind) {
    case 'any':
      return ec2.AclTraffic.allTraffic();
    case 'tcp': {
      const { first, last } = match.ports;
      return first === last
        ? ec2.AclTraffic.tcpPort(first)
        : ec2.AclTraffic.tcpPortRange(first, last);
    }
    case 'path-mtu':
      return family === 4
        ? ec2.AclTraffic.icmp({ type: 3, code: 4 })
        : ec2.AclTraffic.icmpv6({ type: 2, code: 0 });
  }
}

import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { GroupName, SecurityRule, Side } from './security-rules';

export interface LabSecurityGroupsProps {
  readonly vpc: ec2.IVpc;
  /** Who may open connections to whom; a group without any rule is not made. */
  readonly rules: readonly SecurityRule[];
  /** Addresses behind the sides that are no groups, as CIDR blocks. */
  readonly addresses: Readonly<Record<Exclude<Side, GroupName>, readonly string[]>>;
}

const CARRIED_BY: Readonly<Record<GroupName, string>> = {
  'control-plane': 'Interfaces of the control plane',
  nodes: 'Nodes, and all pods without a group of their own',
  'load-balancers': 'Load balancers that manifests ask for',
  endpoints: 'Interface endpoints of AWS services',
  'pods-web': 'Web pods with a branch interface',
  'pods-db': 'Database pods with a branch interface',
};

const GROUP_NAMES = Object.keys(CARRIED_BY) as readonly GroupName[];

/**
 * The security groups of a lab. Nothing is open by default, not even outwards: every line in the
 * template comes from a rule with a reason.
 */
export class LabSecurityGroups extends Construct {
  private readonly groups: ReadonlyMap<Side, SecurityGroup>;

  constructor(scope: Construct, id: string, props: LabSecurityGroupsProps) {
    super(scope, id);
    const { vpc, rules, addresses } = props;
    const named = GROUP_NAMES.filter((name) =>
      rules.some(({ from, to }) => from === name || to === name),
    );
    this.groups = new Map(
      named.map((name) => [
        name,
        new SecurityGroup(this, name, {
          vpc,
          description: CARRIED_BY[name],
          allowAllOutbound: false,
          allowAllIpv6Outbound: false,
        }),
      ]),
    );
    // EC2 shows groups by id alone unless they have this tag.
    for (const group of this.groups.values()) Tags.of(group).add('Name', group.node.path);
    for (const rule of rules) this.apply(rule, addresses);
  }

  /** The group of this name; throws where no rule of the lab mentions it. */
  public get(name: GroupName): SecurityGroup {
    const group = this.groups.get(name);
    if (group === undefined) throw new Error(`no rule of this lab mentions the group '${name}'`);
    return group;
  }

  public has(name: GroupName): boolean {
    return this.groups.has(name);
  }

  private apply(rule: SecurityRule, addresses: LabSecurityGroupsProps['addresses']): void {
    const port = portOf(rule);
    for (const peer of this.peersOf(rule.to, addresses)) {
      this.groups.get(rule.from)?.addEgressRule(peer, port, rule.because);
    }
    for (const peer of this.peersOf(rule.from, addresses)) {
      this.groups.get(rule.to)?.addIngressRule(peer, port, rule.because);
    }
  }

  private peersOf(
    side: Side,
    addresses: LabSecurityGroupsProps['addresses'],
  ): readonly ec2.IPeer[] {
    const group = this.groups.get(side);
    if (group !== undefined) return [group];
    const blocks = addresses[side as keyof typeof addresses];
    return blocks.map((block) => (block.includes(':') ? Peer.ipv6(block) : Peer.ipv4(block)));
  }
}

function portOf({ protocol, ports: { first, last } }: SecurityRule): ec2.Port {
  switch (protocol) {
    case 'any':
      return Port.allTraffic();
    case 'tcp':
      return first === last ? Port.tcp(first) : Port.tcpRange(first, last);
    case 'udp':
      return first === last ? Port.udp(first) : Port.udpRange(first, last);
  }
}

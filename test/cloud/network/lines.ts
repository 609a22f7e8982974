import { Template } from 'aws-cdk-lib/assertions';
import type { Synthesized } from '../synthesized';

/** A lab's template of one part, for the assertions of CDK. */
export function templateOf(lab: Synthesized, part: string): Template {
  const found = Object.entries(lab.templates).find(([stack]) => stack.endsWith(`-${part}`));
  if (found === undefined) throw new Error(`no stack ends with -${part}`);
  return Template.fromJSON(structuredClone(found[1]) as unknown as Record<string, unknown>);
}

interface AclEntryProperties {
  readonly NetworkAclId: { readonly Ref: string };
  readonly Egress: boolean;
  readonly RuleNumber: number;
  readonly RuleAction: string;
  readonly Protocol: number;
  readonly CidrBlock?: string;
  readonly Ipv6CidrBlock?: unknown;
  readonly PortRange?: { readonly From: number; readonly To: number };
  readonly Icmp?: { readonly Type: number; readonly Code: number };
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  '-1': 'any',
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  58: 'icmpv6',
};

/**
 * Every line of the network ACLs of a lab, in the order in which AWS asks them:
 * `pods in 140 allow tcp 32768-60999 0.0.0.0/0`.
 */
export function aclLinesOf(lab: Synthesized): readonly string[] {
  const template = templateOf(lab, 'network');
  const names = namesIn(template, 'AWS::EC2::NetworkAcl');
  const entries = Object.values(template.findResources('AWS::EC2::NetworkAclEntry')).map(
    ({ Properties }) => Properties as AclEntryProperties,
  );
  return entries
    .toSorted((a, b) => a.RuleNumber - b.RuleNumber)
    .map((entry) =>
      [
        names.get(entry.NetworkAclId.Ref),
        entry.Egress ? 'out' : 'in',
        entry.RuleNumber,
        entry.RuleAction,
        PROTOCOLS[entry.Protocol] ?? entry.Protocol,
        ...portsOf(entry),
        entry.CidrBlock ?? ipv6Text(entry.Ipv6CidrBlock),
      ].join(' '),
    );
}

const portsOf = ({ PortRange: ports, Icmp: icmp }: AclEntryProperties): readonly string[] => [
  ...(ports === undefined ? [] : [rangeText(ports.From, ports.To)]),
  ...(icmp === undefined ? [] : [`${icmp.Type}/${icmp.Code}`]),
];

/** The VPC's own IPv6 block is known at deployment only: here it is `vpc6`. */
const ipv6Text = (block: unknown): string => (typeof block === 'string' ? block : 'vpc6');

const rangeText = (first: number, last: number): string =>
  first === last ? `${first}` : `${first}-${last}`;

interface GroupRuleProperties {
  readonly GroupId?: GroupReference;
  readonly SourceSecurityGroupId?: GroupReference;
  readonly DestinationSecurityGroupId?: GroupReference;
  readonly CidrIp?: string;
  readonly CidrIpv6?: string;
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly Description?: string;
}

interface GroupReference {
  readonly 'Fn::GetAtt': readonly [id: string, attribute: string];
}

/** Every rule of a lab's own security groups: `nodes in tcp 10250 control-plane`, sorted. */
export function groupLinesOf(lab: Synthesized): readonly string[] {
  const template = templateOf(lab, 'network');
  const names = namesIn(template, 'AWS::EC2::SecurityGroup');
  const nameOf = (reference: GroupReference | undefined) =>
    reference && names.get(reference['Fn::GetAtt'][0]);
  const line = (group: string | undefined, direction: 'in' | 'out', rule: GroupRuleProperties) => {
    const peer =
      nameOf(rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId) ??
      rule.CidrIp ??
      rule.CidrIpv6;
    // CDK writes an empty list of egress rules as one that matches no packet.
    if (rule.Description === 'Disallow all traffic') return `${group} ${direction} nothing`;
    const ports = rule.FromPort === undefined ? [] : [rangeText(rule.FromPort, rule.ToPort ?? 0)];
    const protocol = rule.IpProtocol === '-1' ? 'any' : rule.IpProtocol;
    return [group, direction, protocol, ...ports, peer].join(' ');
  };
  const groups = Object.entries(template.findResources('AWS::EC2::SecurityGroup')).flatMap(
    ([id, { Properties }]) => [
      ...((Properties.SecurityGroupIngress ?? []) as readonly GroupRuleProperties[]).map((rule) =>
        line(names.get(id), 'in', rule),
      ),
      ...((Properties.SecurityGroupEgress ?? []) as readonly GroupRuleProperties[]).map((rule) =>
        line(names.get(id), 'out', rule),
      ),
    ],
  );
  const alone = (['Ingress', 'Egress'] as const).flatMap((kind) =>
    Object.values(template.findResources(`AWS::EC2::SecurityGroup${kind}`)).map(
      ({ Properties }) => {
        const rule = Properties as GroupRuleProperties;
        return line(nameOf(rule.GroupId), kind === 'Ingress' ? 'in' : 'out', rule);
      },
    ),
  );
  return [...groups, ...alone].sort();
}

/** What our constructs are called, by logical id: a part of the path in their tag `Name`. */
function namesIn(template: Template, type: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(template.findResources(type)).map(([id, { Properties }]) => {
      const tags = Properties.Tags as readonly { readonly Key: string; readonly Value: string }[];
      const path = tags.find(({ Key }) => Key === 'Name')?.Value ?? id;
      const [, network, ...rest] = path.split('/');
      const [name = ''] = rest.filter((part) => part !== 'SecurityGroups');
      return [id, `${network === 'Peer' ? 'peer/' : ''}${name.replace('Acl-', '')}`];
    }),
  );
}

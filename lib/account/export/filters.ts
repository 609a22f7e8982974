import type { IpPermission, NetworkAcl, NetworkAclEntry, SecurityGroup } from '@aws-sdk/client-ec2';
import type { AccountNetwork } from './look';
import {
  type ExportedResource,
  type ExportedResources,
  type ExportedValue,
  logicalId,
  type NamedResource,
  type Refer,
  resource,
  tagged,
} from './resources';

/** Network ACLs, security groups and the prefix lists they cite, as a template says them. */
export function exportFilters(network: AccountNetwork, refer: Refer): ExportedResources {
  const clusterGroups = new Set(
    network.clusters.map(({ cluster }) => cluster.resourcesVpcConfig?.clusterSecurityGroupId),
  );
  return Object.fromEntries([
    ...network.networkAcls.flatMap((acl) => aclResources(acl, refer)),
    ...network.securityGroups.flatMap((group) =>
      clusterGroups.has(group.GroupId) ? listedRules(group, refer) : [groupOf(group, refer)],
    ),
    ...network.prefixLists.map(({ PrefixListId = '', PrefixListName, AddressFamily, entries }) => [
      logicalId(PrefixListId),
      resource('AWS::EC2::PrefixList', {
        PrefixListName,
        AddressFamily,
        MaxEntries: Math.max(1, entries.length),
        Entries: entries.flatMap(({ Cidr }) => (Cidr === undefined ? [] : [{ Cidr }])),
      }),
    ]),
  ]);
}

/** Rule numbers that people give end below EC2's own last one, which denies. */
const LAST_RULE = 32_766;

function aclResources(acl: NetworkAcl, refer: Refer): readonly NamedResource[] {
  const { NetworkAclId = '', VpcId, Entries = [], Associations = [], Tags } = acl;
  const id = logicalId(NetworkAclId);
  return [
    [id, resource('AWS::EC2::NetworkAcl', { VpcId: refer(VpcId), Tags: tagged(Tags) })],
    ...Entries.filter(({ RuleNumber = 0 }) => RuleNumber <= LAST_RULE).map(
      (entry): NamedResource => {
        const side = entry.Egress === true ? 'Out' : 'In';
        return [`${id}${side}${entry.RuleNumber}`, entryOf(entry, NetworkAclId, refer)];
      },
    ),
    ...Associations.map(
      ({ SubnetId = '' }): NamedResource => [
        `${id}For${logicalId(SubnetId)}`,
        resource('AWS::EC2::SubnetNetworkAclAssociation', {
          NetworkAclId: refer(NetworkAclId),
          SubnetId: refer(SubnetId),
        }),
      ],
    ),
  ];
}

const entryOf = (entry: NetworkAclEntry, acl: string, refer: Refer): ExportedResource =>
  resource('AWS::EC2::NetworkAclEntry', {
    NetworkAclId: refer(acl),
    RuleNumber: entry.RuleNumber,
    Egress: entry.Egress,
    RuleAction: entry.RuleAction,
    Protocol: Number(entry.Protocol ?? -1),
    CidrBlock: entry.CidrBlock,
    Ipv6CidrBlock: entry.Ipv6CidrBlock,
    PortRange:
      entry.PortRange?.From === undefined
        ? undefined
        : { From: entry.PortRange.From, To: entry.PortRange.To ?? entry.PortRange.From },
    Icmp:
      entry.IcmpTypeCode?.Type === undefined
        ? undefined
        : { Type: entry.IcmpTypeCode.Type, Code: entry.IcmpTypeCode.Code ?? -1 },
  });

/** CloudFormation adds "everything may leave" to a group without an egress rule; this one says nothing. */
const NOTHING = { IpProtocol: 'icmp', FromPort: 252, ToPort: 86, CidrIp: '255.255.255.255/32' };

function groupOf(group: SecurityGroup, refer: Refer): NamedResource {
  const { GroupId = '', GroupName, Description, VpcId, Tags } = group;
  const egress = (group.IpPermissionsEgress ?? []).flatMap((one) =>
    rulesOf(one, 'Destination', refer),
  );
  return [
    logicalId(GroupId),
    resource('AWS::EC2::SecurityGroup', {
      VpcId: refer(VpcId),
      GroupName,
      GroupDescription: Description,
      SecurityGroupIngress: (group.IpPermissions ?? []).flatMap((one) =>
        rulesOf(one, 'Source', refer),
      ),
      SecurityGroupEgress: egress.length === 0 ? [NOTHING] : egress,
      Tags: tagged(Tags),
    }),
  ];
}

/** EKS makes the cluster's own group; the rules that were found on it are rules of their own. */
function listedRules(group: SecurityGroup, refer: Refer): readonly NamedResource[] {
  const { GroupId = '' } = group;
  const listed = (Type: string, rules: readonly Rule[]): readonly NamedResource[] =>
    rules.map((rule, i) => [
      `${logicalId(GroupId)}${Type}${i}`,
      resource(`AWS::EC2::SecurityGroup${Type}`, { GroupId: refer(GroupId), ...rule }),
    ]);
  const ingress = (group.IpPermissions ?? []).flatMap((one) => rulesOf(one, 'Source', refer));
  const egress = (group.IpPermissionsEgress ?? []).flatMap((one) =>
    rulesOf(one, 'Destination', refer),
  );
  return [...listed('Ingress', ingress), ...listed('Egress', egress)];
}

type Rule = Readonly<Record<string, ExportedValue>>;

/** EC2 keeps peers of the same ports together; a template has a rule a peer. */
function rulesOf(
  permission: IpPermission,
  end: 'Source' | 'Destination',
  refer: Refer,
): readonly Rule[] {
  const { IpProtocol = '-1', FromPort, ToPort } = permission;
  const peer = (key: string, value: ExportedValue, Description: string | undefined): Rule => ({
    IpProtocol,
    ...(FromPort === undefined ? {} : { FromPort }),
    ...(ToPort === undefined ? {} : { ToPort }),
    [key]: value,
    ...(Description === undefined ? {} : { Description }),
  });
  return [
    ...(permission.IpRanges ?? []).map((one) => peer('CidrIp', one.CidrIp ?? '', one.Description)),
    ...(permission.Ipv6Ranges ?? []).map((one) =>
      peer('CidrIpv6', one.CidrIpv6 ?? '', one.Description),
    ),
    ...(permission.UserIdGroupPairs ?? []).map((one) =>
      peer(`${end}SecurityGroupId`, refer(one.GroupId), one.Description),
    ),
    ...(permission.PrefixListIds ?? []).map((one) =>
      peer(`${end}PrefixListId`, refer(one.PrefixListId), one.Description),
    ),
  ];
}

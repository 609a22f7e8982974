import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AssociateRouteTableCommand,
  AssociateVpcCidrBlockCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DescribeNetworkAclsCommand,
  type EC2Client,
  type IpPermission,
  ModifySubnetAttributeCommand,
  ReplaceNetworkAclAssociationCommand,
  type ResourceType,
  RevokeSecurityGroupEgressCommand,
  type TagSpecification,
} from '@aws-sdk/client-ec2';
import { formatCidr } from '../../../lib/model/address';
import type { AclEntry, Route, SecurityGroupRule, Vpc } from '../../../lib/model/vpc';

/** Ids of the account by ids of the model. */
type Ids = Map<string, string>;

/** Builds a VPC of the model in an account, call by call as a person would, and answers its id. */
export async function buildVpc(ec2: EC2Client, vpc: Vpc): Promise<string> {
  const ids: Ids = new Map();
  const [first, ...others] = vpc.cidrs.map(formatCidr);
  const made = await ec2.send(
    new CreateVpcCommand({ CidrBlock: first, TagSpecifications: named('vpc', vpc.name) }),
  );
  const VpcId = made.Vpc?.VpcId ?? '';
  for (const CidrBlock of others) {
    await ec2.send(new AssociateVpcCidrBlockCommand({ VpcId, CidrBlock }));
  }
  await buildSubnets(ec2, { vpc, VpcId, ids });
  await buildGateways(ec2, { vpc, VpcId, ids });
  await buildRoutes(ec2, { vpc, VpcId, ids });
  await buildAcls(ec2, { vpc, VpcId, ids });
  await buildGroups(ec2, { vpc, VpcId, ids });
  await buildMachines(ec2, { vpc, VpcId, ids });
  return VpcId;
}

interface Site {
  readonly vpc: Vpc;
  readonly VpcId: string;
  readonly ids: Ids;
}

const named = (ResourceType: ResourceType, Value: string): TagSpecification[] => [
  { ResourceType, Tags: [{ Key: 'Name', Value }] },
];

async function buildSubnets(ec2: EC2Client, { vpc, VpcId, ids }: Site): Promise<void> {
  for (const subnet of vpc.subnets) {
    const [block] = subnet.cidrs;
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId,
        CidrBlock: block && formatCidr(block),
        AvailabilityZone: subnet.zone,
        TagSpecifications: named('subnet', subnet.name),
      }),
    );
    const SubnetId = Subnet?.SubnetId ?? '';
    ids.set(subnet.id, SubnetId);
    const MapPublicIpOnLaunch = { Value: subnet.public };
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch }));
  }
}

async function buildGateways(ec2: EC2Client, { vpc, VpcId, ids }: Site): Promise<void> {
  if (vpc.internetGateway !== undefined) {
    const made = await ec2.send(new CreateInternetGatewayCommand({}));
    const InternetGatewayId = made.InternetGateway?.InternetGatewayId ?? '';
    await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
    ids.set(vpc.internetGateway, InternetGatewayId);
  }
  for (const nat of vpc.natGateways) {
    const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
    const made = await ec2.send(
      new CreateNatGatewayCommand({
        SubnetId: ids.get(nat.subnet ?? ''),
        AllocationId,
        TagSpecifications: named('natgateway', nat.name),
      }),
    );
    ids.set(nat.id, made.NatGateway?.NatGatewayId ?? '');
  }
}

async function buildRoutes(ec2: EC2Client, { vpc, VpcId, ids }: Site): Promise<void> {
  for (const table of vpc.routeTables) {
    const users = vpc.subnets.filter(({ routeTable }) => routeTable === table.id);
    if (users.length === 0) continue;
    const made = await ec2.send(
      new CreateRouteTableCommand({ VpcId, TagSpecifications: named('route-table', table.name) }),
    );
    const RouteTableId = made.RouteTable?.RouteTableId ?? '';
    ids.set(table.id, RouteTableId);
    for (const { id } of users) {
      await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: ids.get(id) }));
    }
    for (const route of table.routes) {
      const target = targetOf(route, ids);
      if (!('address' in route.destination) || target === undefined) continue;
      const DestinationCidrBlock = formatCidr(route.destination);
      await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock, ...target }));
    }
  }
  for (const endpoint of vpc.endpoints) {
    if (endpoint.kind !== 'gateway') continue;
    const tables = vpc.routeTables.filter(({ routes }) =>
      routes.some(({ target }) => 'id' in target && target.id === endpoint.id),
    );
    await ec2.send(
      new CreateVpcEndpointCommand({
        VpcId,
        ServiceName: `com.amazonaws.us-east-1.${endpoint.service}`,
        VpcEndpointType: 'Gateway',
        RouteTableIds: tables.flatMap(({ id }) => ids.get(id) ?? []),
      }),
    );
  }
}

function targetOf({ target }: Route, ids: Ids) {
  if (target.kind === 'internet-gateway') return { GatewayId: ids.get(target.id) };
  if (target.kind === 'nat-gateway') return { NatGatewayId: ids.get(target.id) };
  return undefined;
}

async function buildAcls(ec2: EC2Client, { vpc, VpcId, ids }: Site): Promise<void> {
  for (const acl of vpc.networkAcls) {
    const users = vpc.subnets.filter(({ networkAcl }) => networkAcl === acl.id);
    if (users.length === 0) continue;
    const made = await ec2.send(
      new CreateNetworkAclCommand({ VpcId, TagSpecifications: named('network-acl', acl.name) }),
    );
    const NetworkAclId = made.NetworkAcl?.NetworkAclId ?? '';
    const entries = [
      ...acl.ingress.map((entry) => ({ entry, Egress: false })),
      ...acl.egress.map((entry) => ({ entry, Egress: true })),
    ];
    for (const { entry, Egress } of entries) {
      await ec2.send(
        new CreateNetworkAclEntryCommand({ NetworkAclId, Egress, ...entryInput(entry) }),
      );
    }
    const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
    const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({ Filters }));
    for (const { id } of users) {
      const now = NetworkAcls.flatMap(({ Associations = [] }) => Associations).find(
        ({ SubnetId }) => SubnetId === ids.get(id),
      );
      const AssociationId = now?.NetworkAclAssociationId;
      await ec2.send(new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId }));
    }
  }
}

const entryInput = ({ number, action, protocol, cidr, ports, icmp }: AclEntry) => ({
  RuleNumber: number,
  RuleAction: action,
  Protocol: protocol === 'any' ? '-1' : String(protocol),
  CidrBlock: formatCidr(cidr),
  ...(ports === 'any' ? {} : { PortRange: { From: ports.first, To: ports.last } }),
  ...(icmp === undefined ? {} : { IcmpTypeCode: { Type: icmp.type, Code: icmp.code } }),
});

async function buildGroups(ec2: EC2Client, { vpc, VpcId, ids }: Site): Promise<void> {
  const groups = vpc.securityGroups.filter(({ id }) => !id.endsWith('.default-group'));
  for (const { id, name } of groups) {
    const made = await ec2.send(
      new CreateSecurityGroupCommand({ VpcId, GroupName: name, Description: name }),
    );
    ids.set(id, made.GroupId ?? '');
  }
  for (const { id, ingress, egress } of groups) {
    const GroupId = ids.get(id);
    const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: everything }));
    const [inward, outward] = [ingress, egress].map((rules) =>
      rules.flatMap((rule) => permission(rule, ids)),
    );
    for (const one of inward ?? []) {
      const IpPermissions = [one];
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    }
    for (const one of outward ?? []) {
      const IpPermissions = [one];
      await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
    }
  }
}

/** Every port of a protocol, as the EC2 API writes it. */
function wholeRange(protocol: string): Pick<IpPermission, 'FromPort' | 'ToPort'> {
  if (protocol === '-1') return {};
  return protocol === 'icmp' ? { FromPort: -1, ToPort: -1 } : { FromPort: 0, ToPort: 65_535 };
}

function permission(
  { protocol, ports, peer }: SecurityGroupRule,
  ids: Ids,
): readonly IpPermission[] {
  const IpProtocol = protocol === 'any' ? '-1' : (NAMES[protocol] ?? String(protocol));
  const range =
    ports === 'any' ? wholeRange(IpProtocol) : { FromPort: ports.first, ToPort: ports.last };
  const base = { IpProtocol, ...range };
  if (peer.kind === 'cidr') {
    const block = formatCidr(peer.cidr);
    return block.includes(':')
      ? [{ ...base, Ipv6Ranges: [{ CidrIpv6: block }] }]
      : [{ ...base, IpRanges: [{ CidrIp: block }] }];
  }
  if (peer.kind !== 'security-group') return [];
  const GroupId = ids.get(peer.id);
  return GroupId === undefined ? [] : [{ ...base, UserIdGroupPairs: [{ GroupId }] }];
}

const NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp' };

async function buildMachines(ec2: EC2Client, { vpc, VpcId, ids }: Site): Promise<void> {
  for (const endpoint of vpc.endpoints) {
    if (endpoint.kind !== 'interface') continue;
    await ec2.send(
      new CreateVpcEndpointCommand({
        VpcId,
        ServiceName: `com.amazonaws.us-east-1.${endpoint.service}`,
        VpcEndpointType: 'Interface',
        SubnetIds: endpoint.subnets.flatMap((id) => ids.get(id) ?? []),
        SecurityGroupIds: endpoint.securityGroups.flatMap((id) => ids.get(id) ?? []),
        PrivateDnsEnabled: endpoint.privateDns,
      }),
    );
  }
  for (const eni of vpc.interfaces.filter(({ owner }) => owner.kind === 'resource')) {
    const Groups = eni.securityGroups.flatMap((id) => ids.get(id) ?? []);
    const { NetworkInterface } = await ec2.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: ids.get(eni.subnet),
        PrivateIpAddress: eni.addresses[0],
        ...(Groups.length > 0 && { Groups }),
        TagSpecifications: named('network-interface', eni.id),
      }),
    );
    if (eni.publicIp === undefined) continue;
    const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
    const { NetworkInterfaceId } = NetworkInterface ?? {};
    await ec2.send(new AssociateAddressCommand({ AllocationId, NetworkInterfaceId }));
  }
}

import type { Vpc } from '@aws-sdk/client-ec2';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc as CdkVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { templateOf } from '../../../lib/account/export/export';
import type { AccountNetwork } from '../../../lib/account/export/look';
import { readTemplates } from '../../../lib/read/cloudformation/templates';

const VPC: Vpc = {
  VpcId: 'vpc-0a',
  CidrBlock: '10.0.0.0/16',
  CidrBlockAssociationSet: [
    { CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } },
    { CidrBlock: '100.64.0.0/16', CidrBlockState: { State: 'associated' } },
    { CidrBlock: '10.9.0.0/16', CidrBlockState: { State: 'disassociated' } },
  ],
  Ipv6CidrBlockAssociationSet: [
    { Ipv6CidrBlock: '2600:1f13::/56', Ipv6CidrBlockState: { State: 'associated' } },
  ],
  Tags: [
    { Key: 'Name', Value: 'live' },
    { Key: 'aws:cloudformation:stack-name', Value: 'x' },
  ],
};

/** What an emulator does not keep or cannot run: a cluster, a regional NAT gateway, ICMP types. */
const NETWORK: AccountNetwork = {
  vpcs: [VPC],
  subnets: [
    {
      SubnetId: 'subnet-a',
      VpcId: 'vpc-0a',
      CidrBlock: '10.0.1.0/24',
      AvailabilityZone: 'eu-west-1a',
      Tags: [{ Key: 'Name', Value: 'nodes-a' }],
    },
    {
      SubnetId: 'subnet-b',
      VpcId: 'vpc-0a',
      CidrBlock: '10.0.2.0/24',
      AvailabilityZone: 'eu-west-1b',
      Tags: [{ Key: 'Name', Value: 'nodes-b' }],
    },
  ],
  routeTables: [
    {
      RouteTableId: 'rtb-main',
      VpcId: 'vpc-0a',
      Associations: [{ Main: true }],
      Routes: [
        { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' },
        { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' },
        { DestinationPrefixListId: 'pl-s3', GatewayId: 'vpce-s3' },
        { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1' },
      ],
      Tags: [{ Key: 'Name', Value: 'main' }],
    },
    {
      RouteTableId: 'rtb-b',
      VpcId: 'vpc-0a',
      Associations: [{ SubnetId: 'subnet-b' }],
      Routes: [{ DestinationCidrBlock: '192.168.0.0/16', TransitGatewayId: 'tgw-1' }],
    },
  ],
  internetGateways: [],
  egressGateways: [{ EgressOnlyInternetGatewayId: 'eigw-1', Attachments: [{ VpcId: 'vpc-0a' }] }],
  natGateways: [{ NatGatewayId: 'nat-1', VpcId: 'vpc-0a', State: 'available' }],
  networkAcls: [
    {
      NetworkAclId: 'acl-1',
      VpcId: 'vpc-0a',
      Tags: [{ Key: 'Name', Value: 'strict' }],
      Associations: [{ SubnetId: 'subnet-a' }, { SubnetId: 'subnet-b' }],
      Entries: [
        {
          RuleNumber: 90,
          RuleAction: 'deny',
          Protocol: '1',
          Egress: false,
          CidrBlock: '0.0.0.0/0',
          IcmpTypeCode: { Type: 8, Code: -1 },
        },
        {
          RuleNumber: 100,
          RuleAction: 'allow',
          Protocol: '-1',
          Ipv6CidrBlock: '::/0',
          Egress: true,
        },
        { RuleNumber: 32_767, RuleAction: 'deny', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
      ],
    },
  ],
  securityGroups: [
    {
      GroupId: 'sg-cluster',
      GroupName: 'eks-cluster-sg-shop',
      VpcId: 'vpc-0a',
      IpPermissions: [
        { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-cluster' }] },
        {
          IpProtocol: 'tcp',
          FromPort: 443,
          ToPort: 443,
          UserIdGroupPairs: [{ GroupId: 'sg-ops' }],
        },
      ],
    },
    {
      GroupId: 'sg-ops',
      GroupName: 'ops',
      Description: 'ops',
      VpcId: 'vpc-0a',
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 22,
          ToPort: 22,
          PrefixListIds: [{ PrefixListId: 'pl-own' }],
        },
      ],
      IpPermissionsEgress: [],
    },
  ],
  endpoints: [],
  peerings: [],
  prefixLists: [
    {
      PrefixListId: 'pl-own',
      PrefixListName: 'offices',
      AddressFamily: 'IPv4',
      entries: [{ Cidr: '192.0.2.0/24' }],
    },
  ],
  interfaces: [
    eni('eni-node', '10.0.1.10', { Attachment: { InstanceId: 'i-node' } }),
    eni('eni-pods', '10.0.1.20', { Description: 'aws-K8S-i-node' }),
    eni('eni-plane', '10.0.1.30', { Description: 'Amazon EKS shop' }),
    eni('eni-db', '10.0.1.40', { Description: 'RDSNetworkInterface' }),
  ],
  instances: [{ InstanceId: 'i-node', Tags: [{ Key: 'eks:cluster-name', Value: 'shop' }] }],
  addresses: [],
  clusters: [
    {
      cluster: {
        name: 'shop',
        version: '1.35',
        resourcesVpcConfig: {
          vpcId: 'vpc-0a',
          subnetIds: ['subnet-a', 'subnet-b'],
          clusterSecurityGroupId: 'sg-cluster',
        },
        kubernetesNetworkConfig: { serviceIpv4Cidr: '172.20.0.0/16', ipFamily: 'ipv4' },
      },
      nodegroups: [
        {
          nodegroupName: 'workers',
          subnets: ['subnet-a'],
          scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 4 },
          launchTemplate: { id: 'lt-1', version: '3' },
        },
      ],
      cni: {
        addonName: 'vpc-cni',
        configurationValues: '{"env":{"ENABLE_PREFIX_DELEGATION":"true"}}',
      },
      launchTemplates: [
        { LaunchTemplateId: 'lt-1', LaunchTemplateData: { SecurityGroupIds: ['sg-ops'] } },
      ],
    },
  ],
};

function eni(NetworkInterfaceId: string, PrivateIpAddress: string, more: object) {
  const Groups = [{ GroupId: 'sg-ops' }];
  return { NetworkInterfaceId, PrivateIpAddress, SubnetId: 'subnet-a', Groups, ...more };
}

const reading = readTemplates([
  { path: 'live.json', text: JSON.stringify(templateOf(NETWORK, 'x')) },
]);
if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
const { value: cloud, warnings } = reading;
const [vpc] = cloud.vpcs;

test('everything is understood', () => {
  expect(warnings).toEqual([]);
});

test('blocks that are associated, both families', () => {
  expect(vpc?.cidrs.map(({ address, prefix }) => `${address}/${prefix}`)).toEqual([
    '10.0.0.0/16',
    '100.64.0.0/16',
    '2600:1f13::/56',
  ]);
});

test('a subnet that no table names uses the main one, its written routes with it', () => {
  const tables = new Map(vpc?.routeTables.map((table) => [table.id, table]));
  const routesOf = (name: string) =>
    tables
      .get(vpc?.subnets.find((s) => s.name === name)?.routeTable ?? '')
      ?.routes.map(({ target }) => target.kind)
      .filter((kind) => kind !== 'local');
  expect([routesOf('nodes-a'), routesOf('nodes-b')]).toEqual([
    ['nat-gateway', 'egress-only-internet-gateway'],
    ['transit-gateway'],
  ]);
});

test('a NAT gateway without a subnet is regional', () => {
  expect(vpc?.natGateways.map(({ subnet }) => subnet)).toEqual([undefined]);
});

test("an ACL keeps ICMP types and its own rules, and not EC2's last one", () => {
  const acl = vpc?.networkAcls.find(({ name }) => name === 'strict');
  expect(acl?.ingress.map(({ number, icmp }) => [number, icmp])).toEqual([
    [90, { type: 8, code: -1 }],
  ]);
  expect(acl?.egress.map(({ number }) => number)).toEqual([100]);
});

test("a group without egress stays without; the cluster's own keeps what people added", () => {
  const ops = vpc?.securityGroups.find(({ name }) => name === 'ops');
  expect(ops?.ingress[0]?.peer).toEqual({ kind: 'prefix-list', id: 'live.plown' });
  expect(ops?.egress.map(({ protocol }) => protocol)).toEqual([1]);
  const own = vpc?.securityGroups.find(({ name }) => name === 'eks-cluster-sg-shop');
  expect(own?.ingress.map(({ peer }) => peer)).toEqual([
    { kind: 'security-group', id: own?.id },
    { kind: 'security-group', id: ops?.id },
  ]);
});

test('a group without egress has the rule that CDK writes for no traffic at all', () => {
  const stack = new Stack(new App(), 's', { env: { region: 'eu-west-1' } });
  const availabilityZones = ['eu-west-1a'];
  const vpc = CdkVpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones });
  new SecurityGroup(stack, 'Closed', { vpc, allowAllOutbound: false });
  const written = Template.fromStack(stack).findResources('AWS::EC2::SecurityGroup');
  const [closed] = Object.values(written).map(({ Properties }) => Properties.SecurityGroupEgress);
  const exported = Object.values(templateOf(NETWORK, 'x').Resources).find(
    ({ Properties }) => Properties.GroupName === 'ops',
  );
  expect(closed).toMatchObject(exported?.Properties.SecurityGroupEgress as readonly object[]);
});

test("a cluster's nodes, their pods and its control plane are its own; the rest are machines", () => {
  expect(cloud.clusters.map(({ name, cni }) => [name, cni.prefixDelegation])).toEqual([
    ['shop', true],
  ]);
  expect(cloud.nodeGroups).toMatchObject([
    { name: 'workers', size: 2, maxSize: 4, securityGroups: ['live.sgops'] },
  ]);
  const machines = vpc?.interfaces.filter(({ owner }) => owner.kind === 'resource');
  expect(machines?.map(({ id, addresses }) => [id, addresses])).toEqual([
    ['RDSNetworkInterface', ['10.0.1.40']],
  ]);
});

test('a table without associations is not the main one; a main one may be associated too', () => {
  const tables = exportedTables([
    {
      RouteTableId: 'rtb-main',
      VpcId: 'vpc-0a',
      Associations: [{ SubnetId: 'subnet-b', Main: false }, { Main: true }],
    },
    { RouteTableId: 'rtb-idle', VpcId: 'vpc-0a', Associations: [] },
  ]);
  expect(tables).toEqual({ 'nodes-a': 'live.rtbmain', 'nodes-b': 'live.rtbmain' });
});

test('a main table of another VPC is no table of this one', () => {
  const tables = exportedTables([
    { RouteTableId: 'rtb-main', VpcId: 'vpc-0a', Associations: [{ Main: true }] },
    { RouteTableId: 'rtb-other', VpcId: 'vpc-0b', Associations: [{ Main: true }] },
  ]);
  expect(tables).toEqual({ 'nodes-a': 'live.rtbmain', 'nodes-b': 'live.rtbmain' });
});

/** Which table each subnet uses, after these tables were exported and read again. */
function exportedTables(routeTables: AccountNetwork['routeTables']): Record<string, string> {
  const vpcs = [VPC, { ...VPC, VpcId: 'vpc-0b', CidrBlock: '10.7.0.0/16' }];
  const template = templateOf({ ...NETWORK, vpcs, routeTables }, 'x');
  const again = readTemplates([{ path: 'live.json', text: JSON.stringify(template) }]);
  if (again.kind === 'problems') throw new Error(JSON.stringify(again.problems, null, 2));
  const subnets = again.value.vpcs.flatMap((each) => each.subnets);
  return Object.fromEntries(subnets.map(({ name, routeTable }) => [name, routeTable]));
}

import type { Aws } from '../../../lib/account/aws';
import { lookAtNetwork, lookAtVpcs } from '../../../lib/account/inventory/vpc';
import { LAB_TAG } from '../../../lib/model/lab-tags';
import { type Ec2Lists, ec2InMemory } from './ec2-in-memory';

const VpcId = 'vpc-1';
const ours = [{ Key: LAB_TAG, Value: 'shop' }];

/** A VPC as EC2 lists it: with a main table, a default ACL and a default group that it made. */
const LISTS: Ec2Lists = {
  Subnets: [
    { SubnetId: 'subnet-1', VpcId },
    { SubnetId: 'subnet-other', VpcId: 'vpc-2' },
  ],
  RouteTables: [
    { RouteTableId: 'rtb-main', VpcId, Associations: [{ Main: true }] },
    { RouteTableId: 'rtb-own', VpcId, Associations: [{ Main: false, SubnetId: 'subnet-1' }] },
    { RouteTableId: 'rtb-idle', VpcId, Associations: [] },
    {
      RouteTableId: 'rtb-main-with-subnet',
      VpcId,
      Associations: [{ Main: false, SubnetId: 'subnet-2' }, { Main: true }],
    },
  ],
  NetworkAcls: [
    { NetworkAclId: 'acl-default', VpcId, IsDefault: true },
    { NetworkAclId: 'acl-own', VpcId, IsDefault: false },
  ],
  SecurityGroups: [
    { GroupId: 'sg-default', GroupName: 'default', VpcId },
    { GroupId: 'sg-own', GroupName: 'web', VpcId },
    {
      GroupId: 'sg-default-referring',
      GroupName: 'default',
      VpcId,
      IpPermissions: [{ UserIdGroupPairs: [{ GroupId: 'sg-own' }] }],
    },
    {
      GroupId: 'sg-default-itself',
      GroupName: 'default',
      VpcId,
      IpPermissions: [{ UserIdGroupPairs: [{ GroupId: 'sg-default-itself' }] }],
    },
    { GroupId: 'sg-elsewhere', GroupName: 'elb', VpcId: 'vpc-2', Tags: ours },
  ],
  VpnGateways: [
    { VpnGatewayId: 'vgw-1', State: 'available', Tags: ours },
    { VpnGatewayId: 'vgw-gone', State: 'deleted', Tags: ours },
  ],
  VpcPeeringConnections: [
    { VpcPeeringConnectionId: 'pcx-1', Tags: ours, Status: { Code: 'active' } },
    { VpcPeeringConnectionId: 'pcx-going', Tags: ours, Status: { Code: 'deleting' } },
    { VpcPeeringConnectionId: 'pcx-dead', Tags: ours, Status: { Code: 'deleted' } },
  ],
  TransitGatewayVpcAttachments: [
    { TransitGatewayAttachmentId: 'tgw-1', VpcId, State: 'available' },
    { TransitGatewayAttachmentId: 'tgw-dead', VpcId, State: 'failed' },
  ],
};

const account = (lists: Ec2Lists): Aws => ({ ec2: ec2InMemory(lists) }) as Aws;

test('what AWS removes with the VPC is no leftover: main tables, default ACLs and groups', async () => {
  const found = await lookAtNetwork(account(LISTS), { lab: 'shop', vpcs: [VpcId] });
  expect(found.map(({ id }) => id).sort()).toEqual([
    'acl-own',
    'pcx-1',
    'pcx-going',
    'rtb-idle',
    'rtb-own',
    'sg-default-referring',
    'sg-elsewhere',
    'sg-own',
    'subnet-1',
    'tgw-1',
    'vgw-1',
  ]);
  const going = found.filter(({ status }) => status.kind === 'going').map(({ id }) => id);
  expect(going).toEqual(['pcx-going']);
});

test('without a VPC of its own, a lab has what bears its tag', async () => {
  const found = await lookAtNetwork(account(LISTS), { lab: 'shop', vpcs: [] });
  expect(found.map(({ id }) => id).sort()).toEqual(['pcx-1', 'pcx-going', 'sg-elsewhere', 'vgw-1']);
});

test('the default VPC of the account belongs to no lab, whatever its tags say', async () => {
  const Vpcs = [
    { VpcId: 'vpc-default', IsDefault: true, Tags: ours },
    { VpcId, IsDefault: false, Tags: ours },
  ];
  const found = await lookAtVpcs(account({ Vpcs }));
  expect(found.map(({ id, tags }) => [id, tags[LAB_TAG]])).toEqual([
    ['vpc-default', undefined],
    [VpcId, 'shop'],
  ]);
});

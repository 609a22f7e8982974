import {
  DeleteEgressOnlyInternetGatewayCommand,
  DeleteFlowLogsCommand,
  DeleteInternetGatewayCommand,
  DeleteLaunchTemplateCommand,
  DeleteNatGatewayCommand,
  DeleteNetworkAclCommand,
  DeleteNetworkInterfaceCommand,
  DeleteRouteTableCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteTransitGatewayVpcAttachmentCommand,
  DeleteVolumeCommand,
  DeleteVpcCommand,
  DeleteVpcEndpointsCommand,
  DeleteVpcPeeringConnectionCommand,
  DeleteVpnGatewayCommand,
  DescribeSecurityGroupsCommand,
  DetachInternetGatewayCommand,
  DetachVpnGatewayCommand,
  ReleaseAddressCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  TerminateInstancesCommand,
  type UnsuccessfulItem,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../aws';
import { unlessGone } from '../collect';
import type { Leftover, LeftoverKind } from '../inventory/leftover';

type Remover = (aws: Aws, item: Leftover) => Promise<unknown>;
type Ec2Kind = Exclude<
  LeftoverKind,
  | 'stack'
  | 'load-balancer'
  | 'classic-load-balancer'
  | 'target-group'
  | 'node-group'
  | 'fargate-profile'
  | 'cluster'
  | 'log-group'
  | 'other'
>;

/** How EC2 removes each kind. Those that stand in a VPC's way by an attachment lose that first. */
export const EC2_REMOVERS: Readonly<Record<Ec2Kind, Remover>> = {
  instance: ({ ec2 }, { id }) => ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] })),
  'launch-template': ({ ec2 }, { id }) =>
    ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id })),
  'vpc-endpoint': async ({ ec2 }, { id }) => {
    const answer = await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    refuse(answer.Unsuccessful);
  },
  'nat-gateway': ({ ec2 }, { id }) => ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: id })),
  'transit-gateway-attachment': ({ ec2 }, { id }) =>
    ec2.send(new DeleteTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId: id })),
  peering: ({ ec2 }, { id }) =>
    ec2.send(new DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id })),
  'flow-log': async ({ ec2 }, { id }) => {
    const answer = await ec2.send(new DeleteFlowLogsCommand({ FlowLogIds: [id] }));
    refuse(answer.Unsuccessful);
  },
  'network-interface': ({ ec2 }, { id }) =>
    ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id })),
  address: ({ ec2 }, { id }) => ec2.send(new ReleaseAddressCommand({ AllocationId: id })),
  volume: ({ ec2 }, { id }) => ec2.send(new DeleteVolumeCommand({ VolumeId: id })),
  'security-group': async ({ ec2 }, { id, name }) => {
    // A VPC's own default group loses its rules and goes with the VPC.
    if (name !== 'default') await ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }));
  },
  subnet: ({ ec2 }, { id }) => ec2.send(new DeleteSubnetCommand({ SubnetId: id })),
  'route-table': ({ ec2 }, { id }) => ec2.send(new DeleteRouteTableCommand({ RouteTableId: id })),
  'network-acl': ({ ec2 }, { id }) => ec2.send(new DeleteNetworkAclCommand({ NetworkAclId: id })),
  'egress-only-internet-gateway': ({ ec2 }, { id }) =>
    ec2.send(new DeleteEgressOnlyInternetGatewayCommand({ EgressOnlyInternetGatewayId: id })),
  'internet-gateway': async ({ ec2 }, { id, vpcs }) => {
    for (const VpcId of vpcs) {
      const command = new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId });
      await unlessGone(ec2.send(command));
    }
    await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id }));
  },
  'vpn-gateway': async ({ ec2 }, { id, vpcs }) => {
    for (const VpcId of vpcs) {
      await unlessGone(ec2.send(new DetachVpnGatewayCommand({ VpnGatewayId: id, VpcId })));
    }
    await ec2.send(new DeleteVpnGatewayCommand({ VpnGatewayId: id }));
  },
  vpc: ({ ec2 }, { id }) => ec2.send(new DeleteVpcCommand({ VpcId: id })),
};

/**
 * Takes every rule off a security group: two groups that name each other can only be deleted when
 * neither does any more. The rules are read again here; another run may have taken some.
 */
export async function releaseLeftover({ ec2 }: Aws, { kind, id }: Leftover): Promise<void> {
  if (kind !== 'security-group') return;
  const command = new DescribeSecurityGroupsCommand({ GroupIds: [id] });
  const group = (await unlessGone(ec2.send(command)))?.SecurityGroups?.[0];
  const { IpPermissions = [], IpPermissionsEgress = [] } = group ?? {};
  if (IpPermissions.length > 0) {
    const revoke = new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions });
    await unlessGone(ec2.send(revoke));
  }
  if (IpPermissionsEgress.length > 0) {
    const rules = { GroupId: id, IpPermissions: IpPermissionsEgress };
    await unlessGone(ec2.send(new RevokeSecurityGroupEgressCommand(rules)));
  }
}

/** Some calls answer success and say inside what they did not do. */
function refuse(items: readonly UnsuccessfulItem[] | undefined): void {
  const error = items?.[0]?.Error;
  if (error === undefined) return;
  throw Object.assign(new Error(error.Message), { name: error.Code ?? 'Unsuccessful' });
}

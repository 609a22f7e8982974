import type { World } from '../../lib/model/world';
import { readWorld } from '../../lib/read/world';

/**
 * A VPC without a cluster: machines of every kind that a template can make, among them one with an
 * Elastic IP and no way to the internet gateway, and one behind a NAT gateway.
 */
export const MACHINES = `
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.0.0.0/16 } }
  Gateway: { Type: 'AWS::EC2::InternetGateway' }
  Attached: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway } }
  Edge: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a, MapPublicIpOnLaunch: true } }
  Apps: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a } }
  DataA: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.10.0/24, AvailabilityZone: eu-west-1a } }
  DataB: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.11.0/24, AvailabilityZone: eu-west-1b } }
  EdgeTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: !Ref Vpc } }
  EdgeOut: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: !Ref EdgeTable, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway } }
  EdgeIn: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: !Ref Edge, RouteTableId: !Ref EdgeTable } }
  NatAddress: { Type: 'AWS::EC2::EIP' }
  Nat: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: !Ref Edge, AllocationId: !GetAtt NatAddress.AllocationId } }
  AppsTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: !Ref Vpc } }
  AppsOut: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: !Ref AppsTable, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat } }
  AppsIn: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: !Ref Apps, RouteTableId: !Ref AppsTable } }
  Open: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: !Ref Vpc, GroupDescription: open, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }] } }
  Clients: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: !Ref Vpc, GroupDescription: clients } }
  Stores:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: !Ref Vpc
      GroupDescription: stores
      SecurityGroupIngress:
        - { IpProtocol: tcp, FromPort: 5432, ToPort: 6379, SourceSecurityGroupId: !Ref Clients }
        - { IpProtocol: tcp, FromPort: 2049, ToPort: 2049, CidrIp: 10.0.1.0/24 }
  Bastion: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: !Ref Edge, SecurityGroupIds: [!Ref Open] } }
  Worker: { Type: 'AWS::EC2::Instance', Properties: { NetworkInterfaces: [{ SubnetId: !Ref Apps, GroupSet: [!Ref Clients, !Ref Open] }] } }
  Lost: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: !Ref DataA, PrivateIpAddress: 10.0.10.77, SecurityGroupIds: [!Ref Open] } }
  LostAddress: { Type: 'AWS::EC2::EIP', Properties: { InstanceId: !Ref Lost } }
  Spare: { Type: 'AWS::EC2::NetworkInterface', Properties: { SubnetId: !Ref DataB, PrivateIpAddress: 10.0.11.9, GroupSet: [!Ref Stores] } }
  Carrier: { Type: 'AWS::EC2::Instance', Properties: { NetworkInterfaces: [{ NetworkInterfaceId: !Ref Spare, DeviceIndex: '0' }] } }
  Pair: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [!Ref DataA, !Ref DataB] } }
  Database: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: postgres, DBSubnetGroupName: !Ref Pair, VPCSecurityGroups: [!GetAtt Stores.GroupId] } }
  CachePair: { Type: 'AWS::ElastiCache::SubnetGroup', Properties: { SubnetIds: [!Ref DataB] } }
  Cache: { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { Engine: redis, CacheSubnetGroupName: !Ref CachePair, SecurityGroupIds: [!Ref Stores] } }
  Files: { Type: 'AWS::EFS::MountTarget', Properties: { SubnetId: !Ref DataA, SecurityGroups: [!Ref Stores] } }
  Reporter: { Type: 'AWS::Lambda::Function', Properties: { VpcConfig: { SubnetIds: [!Ref Apps, !Ref DataB], SecurityGroupIds: [!Ref Clients] } } }
  Outsider: { Type: 'AWS::Lambda::Function', Properties: {} }
  Tasks: { Type: 'AWS::ECS::Service', Properties: { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Apps], SecurityGroups: [!Ref Clients] } }, LoadBalancers: [{ ContainerPort: 8080 }] } }
  FleetTemplate: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: { SecurityGroupIds: [!Ref Clients] } } }
  Fleet: { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: { MaxSize: '4', MinSize: '1', VPCZoneIdentifier: [!Ref DataB], LaunchTemplate: { LaunchTemplateId: !Ref FleetTemplate, Version: '1' } } }
  Plain: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: !Ref Apps } }
`;

/** The world of those machines, and of whatever else a template adds. */
export function machineWorld(more = ''): World {
  const templates = [{ path: 'machines.yaml', text: `${MACHINES}${more}` }];
  const reading = readWorld({ manifests: [], templates });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.value;
}

import type { Route, RouteTable, Subnet, Vpc } from '@aws-sdk/client-ec2';
import type { AccountNetwork } from './look';
import {
  type ExportedResource,
  type ExportedResources,
  logicalId,
  type NamedResource,
  type Refer,
  resource,
  tagged,
  withFound,
} from './resources';

/** VPCs with their blocks, subnets, gateways and routes, as a template says them. */
export function exportGround(network: AccountNetwork, refer: Refer): ExportedResources {
  return Object.fromEntries([
    ...network.vpcs.flatMap((vpc) => vpcResources(vpc, refer)),
    ...network.subnets.map((subnet) => [logicalId(subnet.SubnetId ?? ''), subnetOf(subnet, refer)]),
    ...network.internetGateways.flatMap(({ InternetGatewayId = '', Attachments = [], Tags }) => [
      [logicalId(InternetGatewayId), resource('AWS::EC2::InternetGateway', { Tags: tagged(Tags) })],
      ...Attachments.map(({ VpcId = '' }) => [
        `${logicalId(InternetGatewayId)}To${logicalId(VpcId)}`,
        resource('AWS::EC2::VPCGatewayAttachment', {
          VpcId: refer(VpcId),
          InternetGatewayId: refer(InternetGatewayId),
        }),
      ]),
    ]),
    ...network.egressGateways.map(({ EgressOnlyInternetGatewayId: id = '', Attachments = [] }) => [
      logicalId(id),
      resource('AWS::EC2::EgressOnlyInternetGateway', { VpcId: refer(Attachments[0]?.VpcId) }),
    ]),
    ...network.peerings.map(({ VpcPeeringConnectionId: id = '', ...peering }) => [
      logicalId(id),
      resource('AWS::EC2::VPCPeeringConnection', {
        VpcId: refer(peering.RequesterVpcInfo?.VpcId),
        PeerVpcId: refer(peering.AccepterVpcInfo?.VpcId),
        Tags: tagged(peering.Tags),
      }),
    ]),
    ...network.natGateways.flatMap((nat) => natResources(nat, refer)),
    ...network.routeTables.flatMap((table) => tableResources(table, network, refer)),
  ]) as ExportedResources;
}

function vpcResources(vpc: Vpc, refer: Refer): readonly NamedResource[] {
  const id = logicalId(vpc.VpcId ?? '');
  const blocks = (vpc.CidrBlockAssociationSet ?? [])
    .filter(
      ({ CidrBlock, CidrBlockState }) =>
        CidrBlock !== vpc.CidrBlock && CidrBlockState?.State === 'associated',
    )
    .map(({ CidrBlock }) => ({ CidrBlock }));
  const blocks6 = (vpc.Ipv6CidrBlockAssociationSet ?? [])
    .filter(({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === 'associated')
    .map(({ Ipv6CidrBlock }) => ({ Ipv6CidrBlock }));
  return [
    [id, resource('AWS::EC2::VPC', { CidrBlock: vpc.CidrBlock, Tags: tagged(vpc.Tags) })],
    ...[...blocks, ...blocks6].map(
      (block, i) =>
        [
          `${id}Block${i}`,
          resource('AWS::EC2::VPCCidrBlock', { VpcId: refer(vpc.VpcId), ...block }),
        ] as const,
    ),
  ];
}

const subnetOf = (subnet: Subnet, refer: Refer): ExportedResource =>
  resource('AWS::EC2::Subnet', {
    VpcId: refer(subnet.VpcId),
    CidrBlock: subnet.CidrBlock,
    Ipv6CidrBlock: subnet.Ipv6CidrBlockAssociationSet?.find(
      ({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === 'associated',
    )?.Ipv6CidrBlock,
    AvailabilityZone: subnet.AvailabilityZone,
    MapPublicIpOnLaunch: subnet.MapPublicIpOnLaunch,
    AssignIpv6AddressOnCreation: subnet.AssignIpv6AddressOnCreation,
    Tags: tagged(subnet.Tags),
  });

/** A NAT gateway and its address; one without a subnet is regional. */
function natResources(
  nat: AccountNetwork['natGateways'][number],
  refer: Refer,
): readonly NamedResource[] {
  const { NatGatewayId = '', SubnetId, VpcId, ConnectivityType, NatGatewayAddresses = [] } = nat;
  const [first] = NatGatewayAddresses;
  const { AllocationId, PublicIp, PrivateIp } = first ?? {};
  const isRegional = SubnetId === undefined;
  const eip =
    isRegional || AllocationId === undefined || PublicIp === undefined
      ? []
      : [[logicalId(AllocationId), resource('AWS::EC2::EIP', { Address: PublicIp })] as const];
  return [
    ...eip,
    [
      logicalId(NatGatewayId),
      resource('AWS::EC2::NatGateway', {
        ...(isRegional
          ? { VpcId: refer(VpcId), AvailabilityMode: 'regional' }
          : { SubnetId: refer(SubnetId), PrivateIpAddress: PrivateIp }),
        ConnectivityType,
        AllocationId:
          eip.length === 0
            ? undefined
            : { 'Fn::GetAtt': [logicalId(AllocationId ?? ''), 'AllocationId'] },
        Tags: tagged(nat.Tags),
      }),
    ],
  ];
}

/** A table with its routes and the subnets that use it: the main one is used by all the others. */
function tableResources(
  table: RouteTable,
  { subnets, routeTables }: AccountNetwork,
  refer: Refer,
): readonly NamedResource[] {
  const { RouteTableId = '', VpcId, Routes = [], Associations = [], Tags } = table;
  const id = logicalId(RouteTableId);
  const explicitlyAssociated = new Set(
    routeTables.flatMap(({ Associations: all = [] }) =>
      all.flatMap(({ SubnetId }) => SubnetId ?? []),
    ),
  );
  const isMain = Associations.some(({ Main }) => Main === true);
  const others = subnets.filter(
    (subnet) =>
      isMain && subnet.VpcId === VpcId && !explicitlyAssociated.has(subnet.SubnetId ?? ''),
  );
  const users = [...Associations, ...others].flatMap(({ SubnetId }) => SubnetId ?? []);
  return [
    [id, resource('AWS::EC2::RouteTable', { VpcId: refer(VpcId), Tags: tagged(Tags) })],
    ...Routes.filter(isWritten).map(
      (route, i) => [`${id}Route${i}`, routeOf(route, RouteTableId, refer)] as const,
    ),
    ...users.map(
      (SubnetId) =>
        [
          `${id}For${logicalId(SubnetId)}`,
          resource('AWS::EC2::SubnetRouteTableAssociation', {
            RouteTableId: refer(RouteTableId),
            SubnetId: refer(SubnetId),
          }),
        ] as const,
    ),
  ];
}

/** Routes that a person wrote: `local` comes with the VPC, a gateway endpoint's with the endpoint. */
const isWritten = ({ GatewayId = '', DestinationPrefixListId }: Route): boolean =>
  GatewayId !== 'local' &&
  !(GatewayId.startsWith('vpce-') && DestinationPrefixListId !== undefined);

/** Where a route may lead, in EC2's words and in CloudFormation's, which are the same. */
const TARGETS = [
  ...(['NatGatewayId', 'GatewayId', 'TransitGatewayId', 'VpcPeeringConnectionId'] as const),
  ...(['EgressOnlyInternetGatewayId', 'NetworkInterfaceId', 'InstanceId'] as const),
  ...(['LocalGatewayId', 'CarrierGatewayId'] as const),
];

/** A route whose target is gone drops packets (EC2: state blackhole). */
const routeOf = (route: Route, table: string, refer: Refer): ExportedResource => {
  const made = resource('AWS::EC2::Route', routeProperties(route, table, refer));
  return route.State === 'blackhole' ? withFound(made, { State: 'blackhole' }) : made;
};

function routeProperties(route: Route, table: string, refer: Refer) {
  const target = TARGETS.find((key) => route[key] !== undefined);
  // An endpoint of a gateway load balancer is listed as a gateway.
  const isEndpoint = target === 'GatewayId' && route.GatewayId?.startsWith('vpce-') === true;
  return {
    RouteTableId: refer(table),
    DestinationCidrBlock: route.DestinationCidrBlock,
    DestinationIpv6CidrBlock: route.DestinationIpv6CidrBlock,
    DestinationPrefixListId:
      route.DestinationPrefixListId === undefined
        ? undefined
        : refer(route.DestinationPrefixListId),
    ...(target === undefined
      ? {}
      : { [isEndpoint ? 'VpcEndpointId' : target]: refer(route[target]) }),
  };
}

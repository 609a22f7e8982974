import type { NetworkInterface } from '@aws-sdk/client-ec2';
import { tagsOf } from '../tags';
import type { AccountNetwork } from './look';
import {
  type ExportedResources,
  logicalId,
  type NamedResource,
  type Refer,
  resource,
  tagged,
} from './resources';

/** Endpoints, and the interfaces of whatever else stands in the VPC, as a template says them. */
export function exportMachines(network: AccountNetwork, refer: Refer): ExportedResources {
  const nodes = nodeInstances(network);
  const devices = deviceInterfaces(network);
  const own = network.interfaces.filter(
    (eni) => isMachine(eni, nodes) && !devices.has(eni.NetworkInterfaceId),
  );
  return Object.fromEntries([
    ...network.endpoints
      .filter(({ State }) => State === undefined || /^available$/i.test(State))
      .map(
        (endpoint): NamedResource => [
          logicalId(endpoint.VpcEndpointId ?? ''),
          resource('AWS::EC2::VPCEndpoint', {
            VpcId: refer(endpoint.VpcId),
            ServiceName: endpoint.ServiceName,
            VpcEndpointType: endpoint.VpcEndpointType,
            ...(endpoint.VpcEndpointType === 'Gateway'
              ? { RouteTableIds: (endpoint.RouteTableIds ?? []).map(refer) }
              : {
                  SubnetIds: (endpoint.SubnetIds ?? []).map(refer),
                  SecurityGroupIds: (endpoint.Groups ?? []).map(({ GroupId }) => refer(GroupId)),
                  PrivateDnsEnabled: endpoint.PrivateDnsEnabled,
                }),
            Tags: tagged(endpoint.Tags),
          }),
        ],
      ),
    ...own.flatMap((eni) => interfaceResources(eni, network, refer)),
  ]);
}

/** Instances that are some exported cluster's nodes: its node groups stand for them. */
const nodeInstances = ({ instances, clusters }: AccountNetwork): ReadonlySet<string> =>
  new Set(
    instances
      .filter(({ Tags }) =>
        clusters.some(({ cluster }) => {
          const tags = tagsOf(Tags);
          return (
            tags['eks:cluster-name'] === cluster.name ||
            tags['eks:eks-cluster-name'] === cluster.name ||
            tags[`kubernetes.io/cluster/${cluster.name}`] !== undefined
          );
        }),
      )
      .flatMap(({ InstanceId }) => InstanceId ?? []),
  );

/** What NAT gateways and endpoints say are their interfaces. */
const deviceInterfaces = ({
  natGateways,
  endpoints,
}: AccountNetwork): ReadonlySet<string | undefined> =>
  new Set([
    ...natGateways.flatMap(({ NatGatewayAddresses = [] }) =>
      NatGatewayAddresses.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    ),
    ...endpoints.flatMap(({ NetworkInterfaceIds = [] }) => NetworkInterfaceIds),
  ]);

/** AWS's own devices are resources of their own; nodes, their pods and the control plane are the cluster's. */
function isMachine(eni: NetworkInterface, nodes: ReadonlySet<string>): boolean {
  const { InterfaceType = 'interface', Description = '', Attachment } = eni;
  const isDevice = /^(nat_gateway|vpc_endpoint|gateway_load_balancer.*|branch|trunk)$/.test(
    InterfaceType,
  );
  const isClusters = /^(aws-K8S-|Amazon EKS )/.test(Description);
  const isNodes = nodes.has(Attachment?.InstanceId ?? '');
  return !(isDevice || isClusters || isNodes);
}

function interfaceResources(
  eni: NetworkInterface,
  network: AccountNetwork,
  refer: Refer,
): readonly NamedResource[] {
  const { NetworkInterfaceId = '', SubnetId, Groups = [], Association } = eni;
  const id = logicalId(NetworkInterfaceId);
  const publicIp = Association?.PublicIp;
  const eip: readonly NamedResource[] =
    publicIp === undefined
      ? []
      : [
          [`${id}Address`, resource('AWS::EC2::EIP', { Address: publicIp })],
          [
            `${id}Public`,
            resource('AWS::EC2::EIPAssociation', {
              AllocationId: { 'Fn::GetAtt': [`${id}Address`, 'AllocationId'] },
              NetworkInterfaceId: refer(NetworkInterfaceId),
            }),
          ],
        ];
  return [
    [
      id,
      resource('AWS::EC2::NetworkInterface', {
        SubnetId: refer(SubnetId),
        ...addressesOf(eni),
        GroupSet: Groups.map(({ GroupId }) => refer(GroupId)),
        Tags: [{ Key: 'Name', Value: nameOf(eni, network) }],
      }),
    ],
    ...eip,
  ];
}

/** Its addresses: the primary one, those beside it, and those of IPv6. */
function addressesOf(eni: NetworkInterface) {
  const { PrivateIpAddress, PrivateIpAddresses = [], Ipv6Addresses = [] } = eni;
  const all = PrivateIpAddresses.flatMap((one) =>
    one.PrivateIpAddress === undefined
      ? []
      : [{ PrivateIpAddress: one.PrivateIpAddress, Primary: one.Primary === true }],
  );
  const six = Ipv6Addresses.flatMap(({ Ipv6Address }) =>
    Ipv6Address === undefined ? [] : [{ Ipv6Address }],
  );
  return {
    ...(all.length > 1 ? { PrivateIpAddresses: all } : { PrivateIpAddress }),
    ...(six.length === 0 ? {} : { Ipv6Addresses: six }),
  };
}

/** What people call it: its own name, its instance's, else what AWS wrote on it. */
function nameOf(eni: NetworkInterface, { instances }: AccountNetwork): string {
  const { TagSet, Attachment, Description = '', NetworkInterfaceId = '' } = eni;
  const instance = instances.find(({ InstanceId }) => InstanceId === Attachment?.InstanceId);
  const named = tagsOf(TagSet).Name ?? tagsOf(instance?.Tags).Name;
  const described = Description === '' ? undefined : Description;
  // A slash would read as a path of CDK's, of which only the end is shown.
  return (named ?? Attachment?.InstanceId ?? described ?? NetworkInterfaceId).replace(
    /[\s/]+/g,
    '-',
  );
}

import {
  type Address,
  DescribeAddressesCommand,
  type EC2Client,
  type NatGateway,
  type NetworkInterface,
  paginateDescribeFlowLogs,
  paginateDescribeNatGateways,
  paginateDescribeNetworkInterfaces,
  paginateDescribeVpcEndpoints,
  type VpcEndpoint,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../aws';
import { collect, either } from '../collect';
import { HOURLY } from '../cost/prices';
import { tagsOf } from '../tags';
import type { Leftover, LeftoverHolder, Status } from './leftover';
import type { Search } from './types';
import { filtersOf } from './vpc';

/** Interfaces and what stands behind them: NAT gateways, endpoints, addresses, flow logs. */
export async function lookAtInterfaces(aws: Aws, search: Search): Promise<readonly Leftover[]> {
  const client = aws.ec2;
  const inVpc = filtersOf(search, 'vpc-id');
  const [interfaces, gateways, endpoints] = await Promise.all([
    either(filtersOf(search, 'vpc-id', ['vpc-cni']), (Filters) =>
      collect(paginateDescribeNetworkInterfaces({ client }, { Filters }), (page) =>
        page.NetworkInterfaces?.map((i) => ({ ...interfaceLeftover(i), holder: holderOf(i) })),
      ),
    ),
    either(inVpc, (Filter) =>
      collect(paginateDescribeNatGateways({ client }, { Filter }), (page) =>
        page.NatGateways?.flatMap(natLeftover),
      ),
    ),
    either(inVpc, (Filters) =>
      collect(paginateDescribeVpcEndpoints({ client }, { Filters }), (page) =>
        page.VpcEndpoints?.flatMap(endpointLeftover),
      ),
    ),
  ]);
  const byId = new Map(interfaces.map((item) => [item.id, item]));
  return [
    ...interfaces.map(({ holder: _, ...item }) => item),
    ...gateways,
    ...endpoints,
    ...(await lookAtAddresses(client, byId)),
    ...(await lookAtFlowLogs(client)),
  ];
}

/** An address has no VPC of its own: it is where the interface is that carries it. */
async function lookAtAddresses(
  client: EC2Client,
  interfaces: ReadonlyMap<string, Leftover & { readonly holder: LeftoverHolder }>,
): Promise<readonly Leftover[]> {
  const { Addresses = [] } = await client.send(new DescribeAddressesCommand({}));
  return Addresses.map((address: Address) => {
    const { AllocationId: id = '', PublicIp: name = '', NetworkInterfaceId, Tags } = address;
    const carrier = interfaces.get(NetworkInterfaceId ?? '');
    // One whose carrier is gone may be released; EC2 refuses where another resource still holds it.
    const status: Status =
      carrier === undefined ? { kind: 'idle' } : { kind: 'attached', to: carrier.holder };
    const perHour = HOURLY.publicIpv4;
    const vpcs = carrier?.vpcs ?? [];
    return { kind: 'address', id, name, tags: tagsOf(Tags), vpcs, status, perHour };
  });
}

/** A flow log names what it watches, a VPC, subnet or interface; only a VPC is asked for here. */
async function lookAtFlowLogs(client: EC2Client): Promise<readonly Leftover[]> {
  return collect(paginateDescribeFlowLogs({ client }, {}), (page) =>
    page.FlowLogs?.map(({ FlowLogId: id = '', ResourceId: name = '', Tags }) => ({
      kind: 'flow-log' as const,
      id,
      name,
      tags: tagsOf(Tags),
      vpcs: name.startsWith('vpc-') ? [name] : [],
      status: { kind: 'idle' as const },
      perHour: 0,
    })),
  );
}

function interfaceLeftover(item: NetworkInterface): Leftover {
  const { NetworkInterfaceId: id = '', Description: name = '', Status: state, VpcId } = item;
  return {
    kind: 'network-interface',
    id,
    name,
    tags: tagsOf(item.TagSet),
    vpcs: VpcId === undefined ? [] : [VpcId],
    status: state === 'available' ? { kind: 'idle' } : { kind: 'attached', to: holderOf(item) },
    perHour: 0,
  };
}

/** Who holds an interface, by its type or, for older ones, the words in its description. */
function holderOf({
  InterfaceType,
  Description = '',
  Attachment,
}: NetworkInterface): LeftoverHolder {
  const type: string = InterfaceType ?? '';
  if (type === 'lambda' || Description.startsWith('AWS Lambda VPC ENI')) return 'lambda';
  if (type.includes('load_balancer') || Description.startsWith('ELB ')) {
    return type.endsWith('_endpoint') ? 'network' : 'load-balancer';
  }
  if (Description.startsWith('Amazon EKS')) return 'cluster';
  const isInstances = Attachment?.InstanceId !== undefined || type === 'branch';
  return isInstances ? 'instance' : 'network';
}

function natLeftover(gateway: NatGateway): readonly Leftover[] {
  const { NatGatewayId: id = '', VpcId, State, Tags } = gateway;
  if (State === 'deleted') return [];
  const tags = tagsOf(Tags);
  const vpcs = VpcId === undefined ? [] : [VpcId];
  const status: Status = { kind: State === 'deleting' ? 'going' : 'idle' };
  const perHour = HOURLY.natGateway;
  return [{ kind: 'nat-gateway', id, name: tags.Name ?? '', tags, vpcs, status, perHour }];
}

function endpointLeftover(endpoint: VpcEndpoint): readonly Leftover[] {
  const { VpcEndpointId: id = '', ServiceName: name = '', VpcId, SubnetIds = [] } = endpoint;
  const state = (endpoint.State ?? '').toLowerCase();
  if (state === 'deleted') return [];
  const billed = endpoint.VpcEndpointType === 'Gateway' ? 0 : Math.max(1, SubnetIds.length);
  return [
    {
      kind: 'vpc-endpoint',
      id,
      name,
      tags: tagsOf(endpoint.Tags),
      vpcs: VpcId === undefined ? [] : [VpcId],
      status: { kind: state === 'deleting' ? 'going' : 'idle' },
      perHour: billed * HOURLY.interfaceEndpoint,
    },
  ];
}

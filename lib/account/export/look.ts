import {
  type Address,
  DescribeAddressesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type EgressOnlyInternetGateway,
  type Instance,
  type InternetGateway,
  type LaunchTemplateVersion,
  type ManagedPrefixList,
  type NatGateway,
  type NetworkAcl,
  type NetworkInterface,
  type PrefixListEntry,
  paginateDescribeEgressOnlyInternetGateways,
  paginateDescribeInstances,
  paginateDescribeInternetGateways,
  paginateDescribeManagedPrefixLists,
  paginateDescribeNatGateways,
  paginateDescribeNetworkAcls,
  paginateDescribeNetworkInterfaces,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcPeeringConnections,
  paginateDescribeVpcs,
  paginateGetManagedPrefixListEntries,
  type RouteTable,
  type SecurityGroup,
  type Subnet,
  type Vpc,
  type VpcEndpoint,
  type VpcPeeringConnection,
} from '@aws-sdk/client-ec2';
import {
  type Addon,
  type Cluster,
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  type Nodegroup,
  paginateListClusters,
  paginateListNodegroups,
} from '@aws-sdk/client-eks';
import type { Aws } from '../aws';
import { collect, unlessGone } from '../collect';
import { inParallel } from '../parallel';

/** What an account says of some VPCs, in its own words. */
export interface AccountNetwork {
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly internetGateways: readonly InternetGateway[];
  readonly egressGateways: readonly EgressOnlyInternetGateway[];
  readonly natGateways: readonly NatGateway[];
  readonly networkAcls: readonly NetworkAcl[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly endpoints: readonly VpcEndpoint[];
  readonly peerings: readonly VpcPeeringConnection[];
  readonly prefixLists: readonly (ManagedPrefixList & {
    readonly entries: readonly PrefixListEntry[];
  })[];
  readonly interfaces: readonly NetworkInterface[];
  readonly instances: readonly Instance[];
  readonly addresses: readonly Address[];
  readonly clusters: readonly RunningCluster[];
}

/** A cluster with what starts its nodes. */
export interface RunningCluster {
  readonly cluster: Cluster;
  readonly nodegroups: readonly Nodegroup[];
  readonly cni?: Addon;
  readonly launchTemplates: readonly LaunchTemplateVersion[];
}

/** Looks at everything about some VPCs that decides where packets go. It only reads. */
export async function lookAtWholeNetwork(
  aws: Aws,
  ids: readonly string[],
): Promise<AccountNetwork> {
  const client = aws.ec2;
  const Filters = [{ Name: 'vpc-id', Values: [...ids] }];
  const attached = [{ Name: 'attachment.vpc-id', Values: [...ids] }];
  const [ground, machines, clusters, prefixLists] = await Promise.all([
    lookAtGround(aws, ids),
    lookAtMachines(aws, ids),
    lookAtRunning(aws, ids),
    lookAtLists(aws),
  ]);
  const [internetGateways, egress, natGateways, endpoints, peerings] = await Promise.all([
    collect(
      paginateDescribeInternetGateways({ client }, { Filters: attached }),
      (page) => page.InternetGateways,
    ),
    collect(
      paginateDescribeEgressOnlyInternetGateways({ client }, {}),
      (page) => page.EgressOnlyInternetGateways,
    ),
    collect(
      paginateDescribeNatGateways({ client }, { Filter: Filters }),
      (page) => page.NatGateways,
    ),
    collect(paginateDescribeVpcEndpoints({ client }, { Filters }), (page) => page.VpcEndpoints),
    collect(
      paginateDescribeVpcPeeringConnections({ client }, {}),
      (page) => page.VpcPeeringConnections,
    ),
  ]);
  const has = (id: string | undefined): boolean => id !== undefined && ids.includes(id);
  return {
    ...ground,
    ...machines,
    clusters,
    prefixLists,
    internetGateways,
    endpoints,
    egressGateways: egress.filter(({ Attachments = [] }) =>
      Attachments.some(({ VpcId }) => has(VpcId)),
    ),
    natGateways: natGateways.filter(({ State }) => State === 'available'),
    peerings: peerings.filter(
      ({ Status, RequesterVpcInfo, AccepterVpcInfo }) =>
        Status?.Code === 'active' && (has(RequesterVpcInfo?.VpcId) || has(AccepterVpcInfo?.VpcId)),
    ),
  };
}

type NetworkBase = Pick<
  AccountNetwork,
  'vpcs' | 'subnets' | 'routeTables' | 'networkAcls' | 'securityGroups'
>;

async function lookAtGround({ ec2: client }: Aws, ids: readonly string[]): Promise<NetworkBase> {
  const Filters = [{ Name: 'vpc-id', Values: [...ids] }];
  const [vpcs, subnets, routeTables, networkAcls, securityGroups] = await Promise.all([
    collect(paginateDescribeVpcs({ client }, { Filters }), (page) => page.Vpcs),
    collect(paginateDescribeSubnets({ client }, { Filters }), (page) => page.Subnets),
    collect(paginateDescribeRouteTables({ client }, { Filters }), (page) => page.RouteTables),
    collect(paginateDescribeNetworkAcls({ client }, { Filters }), (page) => page.NetworkAcls),
    collect(paginateDescribeSecurityGroups({ client }, { Filters }), (page) => page.SecurityGroups),
  ]);
  return { vpcs, subnets, routeTables, networkAcls, securityGroups };
}

type Machines = Pick<AccountNetwork, 'interfaces' | 'instances' | 'addresses'>;

async function lookAtMachines({ ec2: client }: Aws, ids: readonly string[]): Promise<Machines> {
  const Filters = [{ Name: 'vpc-id', Values: [...ids] }];
  const [interfaces, instances, { Addresses = [] }] = await Promise.all([
    collect(
      paginateDescribeNetworkInterfaces({ client }, { Filters }),
      (page) => page.NetworkInterfaces,
    ),
    collect(paginateDescribeInstances({ client }, { Filters }), (page) =>
      page.Reservations?.flatMap(({ Instances = [] }) => Instances),
    ),
    client.send(new DescribeAddressesCommand({})),
  ]);
  return { interfaces, instances, addresses: Addresses };
}

/** Every list that this account sees: AWS's own, which rules cite, and those shared with it. */
async function lookAtLists({ ec2: client }: Aws): Promise<AccountNetwork['prefixLists']> {
  const lists = await collect(
    paginateDescribeManagedPrefixLists({ client }, {}),
    (page) => page.PrefixLists,
  );
  return inParallel(lists, async (list) => {
    const PrefixListId = list.PrefixListId ?? '';
    const entries = await unlessGone(
      collect(paginateGetManagedPrefixListEntries({ client }, { PrefixListId }), (p) => p.Entries),
    );
    return { ...list, entries: entries ?? [] };
  });
}

async function lookAtRunning(aws: Aws, ids: readonly string[]): Promise<readonly RunningCluster[]> {
  const client = aws.eks;
  const names = await collect(paginateListClusters({ client }, {}), (page) => page.clusters);
  const found = await inParallel(names, async (name) => {
    const answer = await unlessGone(client.send(new DescribeClusterCommand({ name })));
    const cluster = answer?.cluster;
    const own = cluster !== undefined && ids.includes(cluster.resourcesVpcConfig?.vpcId ?? '');
    return own ? [await lookAtOne(aws, cluster)] : [];
  });
  return found.flat();
}

async function lookAtOne({ eks, ec2 }: Aws, cluster: Cluster): Promise<RunningCluster> {
  const { name: clusterName = '' } = cluster;
  const names = await collect(
    paginateListNodegroups({ client: eks }, { clusterName }),
    (page) => page.nodegroups,
  );
  const nodegroups = await inParallel(names, async (nodegroupName) => {
    const command = new DescribeNodegroupCommand({ clusterName, nodegroupName });
    return (await unlessGone(eks.send(command)))?.nodegroup;
  });
  const known = nodegroups.filter((group) => group !== undefined);
  const addon = new DescribeAddonCommand({ clusterName, addonName: 'vpc-cni' });
  const cni = (await unlessGone(eks.send(addon)))?.addon;
  const launchTemplates = await inParallel(
    known.flatMap(({ launchTemplate }) => launchTemplate ?? []),
    async ({ id = '', version = '$Default' }) => {
      const command = new DescribeLaunchTemplateVersionsCommand({
        LaunchTemplateId: id,
        Versions: [version],
      });
      return (await unlessGone(ec2.send(command)))?.LaunchTemplateVersions ?? [];
    },
  );
  return {
    cluster,
    nodegroups: known,
    launchTemplates: launchTemplates.flat(),
    ...(cni === undefined ? {} : { cni }),
  };
}

import {
  DescribeVpnGatewaysCommand,
  type EC2Client,
  type Filter,
  paginateDescribeEgressOnlyInternetGateways,
  paginateDescribeInternetGateways,
  paginateDescribeNetworkAcls,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeTransitGatewayVpcAttachments,
  paginateDescribeVpcPeeringConnections,
  paginateDescribeVpcs,
  type SecurityGroup,
  type TransitGatewayVpcAttachment,
  type VpcPeeringConnection,
} from '@aws-sdk/client-ec2';
import { clusterNames, LAB_TAG } from '../../model/lab-tags';
import type { Aws } from '../aws';
import { collect, either } from '../collect';
import { HOURLY } from '../cost/prices';
import { tagsOf } from '../tags';
import type { Leftover, LeftoverKind } from './leftover';
import type { Search } from './types';

const IDLE = { kind: 'idle' } as const;

/** Every VPC of the region: which exist decides whose resources are. */
export async function lookAtVpcs({ ec2 }: Aws): Promise<readonly Leftover[]> {
  const vpcs = await collect(paginateDescribeVpcs({ client: ec2 }, {}), (page) => page.Vpcs);
  return vpcs.map(({ VpcId: id = '', Tags, IsDefault }) => {
    const { [LAB_TAG]: lab, ...others } = tagsOf(Tags);
    // No lab ever has the account's default VPC, whatever tag it has.
    const tags = IsDefault === true || lab === undefined ? others : { ...others, [LAB_TAG]: lab };
    return { kind: 'vpc', id, name: others.Name ?? '', tags, vpcs: [id], status: IDLE, perHour: 0 };
  });
}

/**
 * What a VPC is made of. What AWS makes and removes with the VPC itself (main route table, default
 * network ACL) is no leftover.
 */
export async function lookAtNetwork(aws: Aws, search: Search): Promise<readonly Leftover[]> {
  const client = aws.ec2;
  const inVpc = filtersOf(search, 'vpc-id');
  const groups = filtersOf(search, 'vpc-id', ['load-balancer-controller', 'kubernetes']);
  const found = await Promise.all([
    either(inVpc, (Filters) =>
      collect(paginateDescribeSubnets({ client }, { Filters }), (page) =>
        page.Subnets?.map((s) => part('subnet', s.SubnetId, s)),
      ),
    ),
    either(inVpc, (Filters) =>
      collect(paginateDescribeRouteTables({ client }, { Filters }), (page) =>
        page.RouteTables?.filter((t) => !t.Associations?.some((a) => a.Main === true)).map((t) =>
          part('route-table', t.RouteTableId, t),
        ),
      ),
    ),
    either(inVpc, (Filters) =>
      collect(paginateDescribeNetworkAcls({ client }, { Filters }), (page) =>
        page.NetworkAcls?.filter((a) => a.IsDefault !== true).map((a) =>
          part('network-acl', a.NetworkAclId, a),
        ),
      ),
    ),
    either(groups, (Filters) =>
      collect(paginateDescribeSecurityGroups({ client }, { Filters }), (page) =>
        page.SecurityGroups?.filter((g) => g.GroupName !== 'default' || refersToOthers(g)).map(
          (g) => ({ ...part('security-group', g.GroupId, g), name: g.GroupName ?? '' }),
        ),
      ),
    ),
    lookAtGateways(client, search),
    lookAtJoins(client, search),
  ]);
  return found.flat();
}

async function lookAtGateways(client: EC2Client, search: Search): Promise<readonly Leftover[]> {
  const [internet, egressOnly, vpn] = await Promise.all([
    either(filtersOf(search, 'attachment.vpc-id'), (Filters) =>
      collect(paginateDescribeInternetGateways({ client }, { Filters }), (page) =>
        page.InternetGateways?.map((g) => ({
          ...part('internet-gateway', g.InternetGatewayId, g),
          vpcs: g.Attachments?.flatMap(({ VpcId }) => VpcId ?? []) ?? [],
        })),
      ),
    ),
    // This call has no filter for the VPC.
    collect(paginateDescribeEgressOnlyInternetGateways({ client }, {}), (page) =>
      page.EgressOnlyInternetGateways?.map((g) => ({
        ...part('egress-only-internet-gateway', g.EgressOnlyInternetGatewayId, g),
        vpcs: g.Attachments?.flatMap(({ VpcId }) => VpcId ?? []) ?? [],
      })),
    ),
    either(filtersOf(search, 'attachment.vpc-id'), async (Filters) => {
      const answer = await client.send(new DescribeVpnGatewaysCommand({ Filters }));
      return (answer.VpnGateways ?? [])
        .filter(({ State }) => State !== 'deleted')
        .map((g) => {
          const attached = g.VpcAttachments?.filter(({ State }) => State !== 'detached');
          const vpcs = attached?.flatMap(({ VpcId }) => VpcId ?? []) ?? [];
          return { ...part('vpn-gateway', g.VpnGatewayId, g), vpcs };
        });
    }),
  ]);
  return [...internet, ...egressOnly, ...vpn];
}

/** What joins the VPC to others: it is in the way, and ours to remove as far as it is ours. */
async function lookAtJoins(client: EC2Client, search: Search): Promise<readonly Leftover[]> {
  const accepted = [{ Name: 'accepter-vpc-info.vpc-id', Values: [...search.vpcs] }];
  const filters = [
    ...filtersOf(search, 'requester-vpc-info.vpc-id'),
    ...(search.vpcs.length === 0 ? [] : [accepted]),
  ];
  const [peerings, attachments] = await Promise.all([
    either(filters, (Filters) =>
      collect(paginateDescribeVpcPeeringConnections({ client }, { Filters }), (page) =>
        page.VpcPeeringConnections?.flatMap(peering),
      ),
    ),
    either(filtersOf(search, 'vpc-id'), (Filters) =>
      collect(paginateDescribeTransitGatewayVpcAttachments({ client }, { Filters }), (page) =>
        page.TransitGatewayVpcAttachments?.flatMap(attachment),
      ),
    ),
  ]);
  return [...peerings, ...attachments];
}

function peering(connection: VpcPeeringConnection): readonly Leftover[] {
  const { VpcPeeringConnectionId: id, RequesterVpcInfo, AccepterVpcInfo, Status } = connection;
  const vpcs = [RequesterVpcInfo?.VpcId, AccepterVpcInfo?.VpcId].flatMap((vpc) => vpc ?? []);
  const dead = ['deleted', 'rejected', 'expired', 'failed'].includes(Status?.Code ?? '');
  const status = Status?.Code === 'deleting' ? ({ kind: 'going' } as const) : IDLE;
  return dead ? [] : [{ ...part('peering', id, connection), vpcs, status }];
}

function attachment(join: TransitGatewayVpcAttachment): readonly Leftover[] {
  const { TransitGatewayAttachmentId: id, State } = join;
  if (State === 'deleted' || State === 'failed' || State === 'rejected') return [];
  const status = State === 'deleting' ? ({ kind: 'going' } as const) : IDLE;
  const perHour = HOURLY.transitGatewayAttachment;
  return [{ ...part('transit-gateway-attachment', id, join), status, perHour }];
}

/** A default group goes with its VPC, unless its rules hold other groups: those rules must go. */
const refersToOthers = (group: SecurityGroup): boolean =>
  [...(group.IpPermissions ?? []), ...(group.IpPermissionsEgress ?? [])].some((permission) =>
    permission.UserIdGroupPairs?.some(({ GroupId }) => GroupId !== group.GroupId),
  );

/** Tags that controllers in the cluster put on what they make, by who makes it. */
const MADE_BY = {
  'load-balancer-controller': (clusters: readonly string[]): Filter => ({
    Name: 'tag:elbv2.k8s.aws/cluster',
    Values: [...clusters],
  }),
  'vpc-cni': (clusters: readonly string[]): Filter => ({
    Name: 'tag:cluster.k8s.amazonaws.com/name',
    Values: [...clusters],
  }),
  kubernetes: (clusters: readonly string[]): Filter => ({
    Name: 'tag-key',
    Values: clusters.map((cluster) => `kubernetes.io/cluster/${cluster}`),
  }),
} as const;

/**
 * Filters of which each finds some of the lab's: in its VPC, by its tag, and by the tags of those
 * makers that make such things. A filter is a call, and EC2 throttles calls: only those that help.
 */
export function filtersOf(
  { lab, vpcs }: Search,
  vpcFilter: string,
  makers: readonly (keyof typeof MADE_BY)[] = [],
): readonly Filter[][] {
  return [
    ...(vpcs.length === 0 ? [] : [[{ Name: vpcFilter, Values: [...vpcs] }]]),
    [{ Name: `tag:${LAB_TAG}`, Values: [lab] }],
    ...makers.map((maker) => [MADE_BY[maker](clusterNames(lab))]),
  ];
}

interface Part {
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[] | undefined;
  readonly VpcId?: string | undefined;
}

function part(kind: LeftoverKind, id: string | undefined, { Tags, VpcId }: Part): Leftover {
  const tags = tagsOf(Tags);
  const vpcs = VpcId === undefined ? [] : [VpcId];
  return { kind, id: id ?? '', name: tags.Name ?? '', tags, vpcs, status: IDLE, perHour: 0 };
}

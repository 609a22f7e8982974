import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AllocateAddressCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateFlowLogsCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateNetworkAclCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DescribeSecurityGroupsCommand,
  type Tag,
} from '@aws-sdk/client-ec2';
import { CreateClusterCommand, CreateNodegroupCommand } from '@aws-sdk/client-eks';
import { CreateLoadBalancerCommand as CreateClassicCommand } from '@aws-sdk/client-elastic-load-balancing';
import {
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../../../lib/account/aws';
import { controlPlaneLogGroup, LAB_TAG, logGroupPrefix } from '../../../lib/model/lab-tags';

/** Whose network to build: a lab's, tagged as our stacks tag, or somebody else's, as theirs do. */
export interface HouseOptions {
  readonly owner: { readonly kind: 'lab'; readonly lab: string } | { readonly kind: 'neighbour' };
  readonly cluster: string;
  /** Leaked interfaces of dead nodes. */
  readonly interfaces: number;
  readonly volumes: number;
}

/**
 * A network as an EKS cluster leaves it behind: controllers' load balancers with groups that name
 * each other, interfaces of nodes and functions that are gone, GuardDuty's endpoint and its group,
 * volumes of claims, log groups, and the VPC itself with everything that holds it together.
 */
export async function buildHouse(aws: Aws, options: HouseOptions): Promise<{ vpc: string }> {
  const { ec2 } = aws;
  const vpc = (await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId ?? '';
  const tags: Tag[] =
    options.owner.kind === 'lab'
      ? [{ Key: LAB_TAG, Value: options.owner.lab }]
      : [{ Key: 'team', Value: 'payroll' }];
  const subnets = await buildNetwork(aws, { vpc, tags });
  await furnishHouse(aws, { vpc, subnets, tags, options });
  return { vpc };
}

/** A network that a house is built in. */
export interface Ground {
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly tags: readonly Tag[];
  readonly options: HouseOptions;
}

/** The cluster, and what it and AWS' own services put into a network that stands already. */
export async function furnishHouse(aws: Aws, ground: Ground): Promise<void> {
  const { vpc, options } = ground;
  const groups = await buildGroups(aws, { vpc, cluster: options.cluster });
  const at = { ...ground, groups };
  await buildCluster(aws, at);
  await buildBalancers(aws, at);
  await buildLeaks(aws, at);
}

interface At extends Ground {
  readonly groups: readonly string[];
}

/** What the network stack makes: all of it tagged. */
async function buildNetwork(
  { ec2 }: Aws,
  { vpc, tags }: { readonly vpc: string; readonly tags: readonly Tag[] },
): Promise<readonly string[]> {
  const subnets: string[] = [];
  for (const zone of ['a', 'b']) {
    const CidrBlock = `10.0.${subnets.length}.0/24`;
    const command = new CreateSubnetCommand({
      VpcId: vpc,
      CidrBlock,
      AvailabilityZone: `us-east-1${zone}`,
    });
    subnets.push((await ec2.send(command)).Subnet?.SubnetId ?? '');
  }
  const gateway = await ec2.send(new CreateInternetGatewayCommand({}));
  const InternetGatewayId = gateway.InternetGateway?.InternetGatewayId ?? '';
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId: vpc }));
  const table = await ec2.send(new CreateRouteTableCommand({ VpcId: vpc }));
  const acl = await ec2.send(new CreateNetworkAclCommand({ VpcId: vpc }));
  const address = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  const nat = await ec2.send(
    new CreateNatGatewayCommand({
      SubnetId: subnets[0],
      AllocationId: address.AllocationId,
    }),
  );
  const s3 = new CreateVpcEndpointCommand({
    VpcId: vpc,
    ServiceName: 'com.amazonaws.us-east-1.s3',
    VpcEndpointType: 'Gateway',
  });
  const endpoint = (await ec2.send(s3)).VpcEndpoint?.VpcEndpointId;
  const log = await ec2.send(
    new CreateFlowLogsCommand({
      ResourceIds: [vpc],
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogGroupName: `flows-${vpc}`,
      DeliverLogsPermissionArn: 'arn:aws:iam::1:role/flows',
    }),
  );
  const made = [
    ...[vpc, ...subnets, InternetGatewayId, table.RouteTable?.RouteTableId],
    ...[acl.NetworkAcl?.NetworkAclId, address.AllocationId, nat.NatGateway?.NatGatewayId],
    ...[endpoint, ...(log.FlowLogIds ?? [])],
  ];
  const Resources = made.flatMap((id) => id ?? []);
  await ec2.send(new CreateTagsCommand({ Resources, Tags: [...tags] }));
  return subnets;
}

/** Groups of controllers and services: untagged by us, and in cycles. */
async function buildGroups(
  { ec2 }: Aws,
  { vpc, cluster }: { readonly vpc: string; readonly cluster: string },
): Promise<readonly string[]> {
  const names = [
    `eks-cluster-sg-${cluster}-1`,
    `k8s-traffic-${cluster}-2`,
    'k8s-shop-web-3',
    `GuardDutyManagedSecurityGroup-${vpc}`,
  ];
  const groups: string[] = [];
  for (const GroupName of names) {
    const Tags = groupTags(GroupName, cluster);
    const command = new CreateSecurityGroupCommand({
      GroupName,
      VpcId: vpc,
      Description: GroupName,
      ...(Tags.length === 0
        ? {}
        : { TagSpecifications: [{ ResourceType: 'security-group', Tags }] }),
    });
    groups.push((await ec2.send(command)).GroupId ?? '');
  }
  const everybody = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] }),
  );
  const standard = everybody.SecurityGroups?.find(({ GroupName }) => GroupName === 'default');
  const cycle = [...groups.slice(0, 3), standard?.GroupId ?? ''];
  for (const [index, GroupId] of cycle.entries()) {
    const peer = cycle[(index + 1) % cycle.length];
    const rule = { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: peer }] };
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] }));
  }
  return groups;
}

/** The load balancer controller and GuardDuty mark what is theirs; a few have lost their mark. */
function groupTags(name: string, cluster: string): Tag[] {
  if (name.startsWith('GuardDuty')) return [{ Key: 'GuardDutyManaged', Value: 'true' }];
  return name.startsWith('k8s-traffic') ? [{ Key: 'elbv2.k8s.aws/cluster', Value: cluster }] : [];
}

async function buildCluster(aws: Aws, { subnets, groups, tags, options }: At): Promise<void> {
  const roleArn = 'arn:aws:iam::123456789012:role/eks';
  const record = Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  const resourcesVpcConfig = { subnetIds: [...subnets], securityGroupIds: groups.slice(0, 1) };
  await aws.eks.send(
    new CreateClusterCommand({
      name: options.cluster,
      roleArn,
      resourcesVpcConfig,
      tags: record,
    }),
  );
  await aws.eks.send(
    new CreateNodegroupCommand({
      clusterName: options.cluster,
      nodegroupName: 'nodes',
      nodeRole: roleArn,
      subnets: [...subnets],
      tags: record,
    }),
  );
}

async function buildBalancers(aws: Aws, { vpc, subnets, groups, options }: At): Promise<void> {
  const suffix = options.cluster.slice(-12);
  const Tags = [{ Key: 'elbv2.k8s.aws/cluster', Value: options.cluster }];
  for (const Type of ['network', 'application'] as const) {
    await aws.elbv2.send(
      new CreateLoadBalancerCommand({
        Name: `k8s-${Type.slice(0, 3)}-${suffix}`,
        Type,
        Subnets: [...subnets],
        Tags,
        ...(Type === 'application' ? { SecurityGroups: groups.slice(1, 3) } : {}),
      }),
    );
    await aws.elbv2.send(
      new CreateTargetGroupCommand({
        Name: `k8s-tg-${Type.slice(0, 3)}-${suffix}`,
        VpcId: vpc,
        Port: 80,
        Tags,
        Protocol: Type === 'network' ? 'TCP' : 'HTTP',
        TargetType: 'ip',
      }),
    );
  }
  await aws.elb.send(
    new CreateClassicCommand({
      LoadBalancerName: `classic-${suffix}`,
      Listeners: [{ Protocol: 'TCP', LoadBalancerPort: 80, InstancePort: 30080 }],
      Subnets: [...subnets],
      Tags: [{ Key: `kubernetes.io/cluster/${options.cluster}`, Value: 'owned' }],
    }),
  );
}

/** What the cluster's add-ons and AWS' own services left in the account. */
async function buildLeaks(aws: Aws, { vpc, subnets, groups, options }: At): Promise<void> {
  const { ec2 } = aws;
  for (let i = 0; i < options.interfaces; i++) {
    const isLambda = i % 4 === 3;
    const made = await ec2.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: subnets[i % subnets.length],
        Groups: groups.slice(0, 1),
        Description: isLambda ? 'AWS Lambda VPC ENI-kubectl' : `aws-K8S-i-${i}`,
      }),
    );
    const Resources = [made.NetworkInterface?.NetworkInterfaceId ?? ''];
    const Tags = [{ Key: 'cluster.k8s.amazonaws.com/name', Value: options.cluster }];
    if (!isLambda) await ec2.send(new CreateTagsCommand({ Resources, Tags }));
  }
  await ec2.send(
    new CreateVpcEndpointCommand({
      VpcId: vpc,
      VpcEndpointType: 'Interface',
      SubnetIds: [...subnets],
      ServiceName: 'com.amazonaws.us-east-1.guardduty-data',
      SecurityGroupIds: groups.slice(3),
      TagSpecifications: [
        {
          ResourceType: 'vpc-endpoint',
          Tags: [{ Key: 'GuardDutyManaged', Value: 'true' }],
        },
      ],
    }),
  );
  for (let i = 0; i < options.volumes; i++) {
    await ec2.send(
      new CreateVolumeCommand({
        AvailabilityZone: 'us-east-1a',
        Size: 10,
        VolumeType: 'gp3',
        TagSpecifications: [
          {
            ResourceType: 'volume',
            Tags: [{ Key: `kubernetes.io/cluster/${options.cluster}`, Value: 'owned' }],
          },
        ],
      }),
    );
  }
  const names = [
    controlPlaneLogGroup(options.cluster),
    ...(options.owner.kind === 'lab' ? [`${logGroupPrefix(options.owner.lab)}flow`] : []),
  ];
  for (const logGroupName of names) {
    await aws.logs.send(new CreateLogGroupCommand({ logGroupName }));
  }
}

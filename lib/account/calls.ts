/** What a call is made for. */
export type Purpose = 'deploy' | 'status' | 'extend' | 'teardown' | 'export';

/** How far an action can be narrowed (Service Authorization Reference). */
export type ActionScope =
  | 'read'
  | 'stacks'
  | 'lab-tag'
  | 'cluster-tag'
  | 'cluster-owned'
  | 'region'
  | 'logs'
  | 'schedule'
  | 'pass-role'
  | 'cdk-roles';

/** One call this room makes, and the action that IAM checks for it. */
export interface AwsCall {
  /** SDK package after `client-`, and the command in it; the CDK toolkit's calls have none. */
  readonly client: string;
  readonly command: string;
  readonly action: string;
  readonly scope: ActionScope;
  readonly for: readonly Purpose[];
}

/**
 * Every call this room makes; a test holds it against the imports, in both directions. What only
 * AWS' own roles do (CloudFormation's execution role, the expiry's state machine) is not here.
 */
export const CALLS: readonly AwsCall[] = [
  ...reads('sts', 'sts', ['deploy'], ['GetCallerIdentity']),
  // The role behind the caller's session, with its path: access entries name it so.
  ...reads('iam', 'iam', ['deploy'], ['GetRole']),
  ...reads('service-quotas', 'servicequotas', ['deploy'], ['GetServiceQuota']),
  ...reads('guardduty', 'guardduty', ['deploy'], ['ListDetectors', 'GetDetector']),
  ...reads(
    'cloudformation',
    'cloudformation',
    ['deploy', 'status', 'teardown'],
    ['DescribeStacks'],
  ),
  ...reads('ec2', 'ec2', ['deploy'], ['DescribeAvailabilityZones']),
  ...reads('eks', 'eks', ['deploy'], ['DescribeAddonVersions']),
  ...reads('cloudformation', 'cloudformation', ['status', 'teardown'], ['ListStackResources']),
  ...reads(...(['ec2', 'ec2', ['deploy', 'status', 'teardown']] as const), [
    'DescribeVpcs',
    'DescribeAddresses',
    'DescribeInstances',
    'DescribeNatGateways',
    'DescribeSubnets',
  ]),
  ...reads(...(['ec2', 'ec2', ['status', 'teardown']] as const), [
    'DescribeEgressOnlyInternetGateways',
    'DescribeFlowLogs',
    'DescribeInternetGateways',
    'DescribeLaunchTemplates',
    'DescribeNetworkAcls',
    'DescribeNetworkInterfaces',
    'DescribeRouteTables',
    'DescribeSecurityGroups',
    'DescribeTransitGatewayVpcAttachments',
    'DescribeVolumes',
    'DescribeVpcEndpoints',
    'DescribeVpcPeeringConnections',
    'DescribeVpnGateways',
  ]),
  ...reads(
    ...(['elastic-load-balancing-v2', 'elasticloadbalancing', ['status', 'teardown']] as const),
    ['DescribeLoadBalancers', 'DescribeTags', 'DescribeTargetGroups'],
  ),
  ...reads(
    ...(['elastic-load-balancing', 'elasticloadbalancing', ['status', 'teardown']] as const),
    ['DescribeLoadBalancers', 'DescribeTags'],
  ),
  ...reads('eks', 'eks', ['deploy', 'status', 'teardown'], ['DescribeCluster']),
  ...reads(...(['eks', 'eks', ['status', 'teardown']] as const), [
    'DescribeFargateProfile',
    'DescribeNodegroup',
    'ListClusters',
    'ListFargateProfiles',
    'ListNodegroups',
  ]),
  ...reads('cloudwatch-logs', 'logs', ['deploy', 'status', 'teardown'], ['DescribeLogGroups']),
  ...reads('cloudwatch-logs', 'logs', ['status', 'teardown'], ['ListTagsForResource']),
  ...reads('resource-groups-tagging-api', 'tag', ['status', 'teardown'], ['GetResources']),
  ...reads(...(['ec2', 'ec2', ['export']] as const), [
    'DescribeAddresses',
    'DescribeEgressOnlyInternetGateways',
    'DescribeInstances',
    'DescribeInternetGateways',
    'DescribeLaunchTemplateVersions',
    'DescribeManagedPrefixLists',
    'DescribeNatGateways',
    'DescribeNetworkAcls',
    'DescribeNetworkInterfaces',
    'DescribeRouteTables',
    'DescribeSecurityGroups',
    'DescribeSubnets',
    'DescribeVpcEndpoints',
    'DescribeVpcPeeringConnections',
    'DescribeVpcs',
    'GetManagedPrefixListEntries',
  ]),
  ...reads(...(['eks', 'eks', ['export']] as const), [
    'DescribeAddon',
    'DescribeCluster',
    'DescribeNodegroup',
    'ListClusters',
    'ListNodegroups',
  ]),
  {
    client: 'scheduler',
    command: 'GetSchedule',
    action: 'scheduler:GetSchedule',
    scope: 'schedule',
    for: ['status', 'extend'],
  },
  {
    client: 'scheduler',
    command: 'UpdateSchedule',
    action: 'scheduler:UpdateSchedule',
    scope: 'schedule',
    for: ['extend'],
  },
  // UpdateSchedule takes the whole schedule again, the role it starts its target with included.
  { client: '', command: '', action: 'iam:PassRole', scope: 'pass-role', for: ['extend'] },
  // The CDK toolkit deploys by assuming the roles that bootstrapping made.
  { client: '', command: '', action: 'sts:AssumeRole', scope: 'cdk-roles', for: ['deploy'] },
  ...removes('cloudformation', 'cloudformation', 'stacks', ['DeleteStack']),
  ...removes('cloudwatch-logs', 'logs', 'logs', ['DeleteLogGroup']),
  ...removes('eks', 'eks', 'lab-tag', ['DeleteCluster', 'DeleteFargateProfile', 'DeleteNodegroup']),
  ...removes(...(['elastic-load-balancing-v2', 'elasticloadbalancing', 'cluster-tag'] as const), [
    'DeleteLoadBalancer',
    'DeleteTargetGroup',
  ]),
  ...removes('elastic-load-balancing', 'elasticloadbalancing', 'region', ['DeleteLoadBalancer']),
  ...removes(...(['ec2', 'ec2', 'lab-tag'] as const), [
    'DeleteEgressOnlyInternetGateway',
    'DeleteFlowLogs',
    'DeleteInternetGateway',
    'DeleteLaunchTemplate',
    'DeleteNatGateway',
    'DeleteNetworkAcl',
    'DeleteRouteTable',
    'DeleteSubnet',
    'DeleteTransitGatewayVpcAttachment',
    'DeleteVpc',
    'DeleteVpcPeeringConnection',
    'DeleteVpnGateway',
    'DetachInternetGateway',
    'DetachVpnGateway',
    'ReleaseAddress',
    'TerminateInstances',
  ]),
  ...removes('ec2', 'ec2', 'cluster-owned', ['DeleteVolume']),
  // GuardDuty, Lambda and the VPC CNI do not write the lab's tag.
  ...removes(...(['ec2', 'ec2', 'region'] as const), [
    'DeleteNetworkInterface',
    'DeleteSecurityGroup',
    'DeleteVpcEndpoints',
    'RevokeSecurityGroupEgress',
    'RevokeSecurityGroupIngress',
  ]),
];

function reads(
  client: string,
  prefix: string,
  purposes: readonly Purpose[],
  commands: readonly string[],
): readonly AwsCall[] {
  return commands.map((command) => ({
    client,
    command,
    action: `${prefix}:${command}`,
    scope: 'read',
    for: purposes,
  }));
}

function removes(
  client: string,
  prefix: string,
  scope: ActionScope,
  commands: readonly string[],
): readonly AwsCall[] {
  return commands.map((command) => ({
    client,
    command,
    action: `${prefix}:${command}`,
    scope,
    for: ['teardown'],
  }));
}

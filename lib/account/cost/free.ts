import { type TemplateResource, text } from '../template';
import { METERED } from './prices';

/** Types that cost nothing while they exist. */
const FREE: ReadonlySet<string> = new Set([
  ...of('AWS::EC2::', [
    'CarrierGateway',
    'CustomerGateway',
    'DHCPOptions',
    'EIPAssociation',
    'EgressOnlyInternetGateway',
    'GatewayRouteTableAssociation',
    'InternetGateway',
    'KeyPair',
    'LaunchTemplate',
    'NetworkAcl',
    'NetworkAclEntry',
    'NetworkInterface',
    'NetworkInterfaceAttachment',
    'PlacementGroup',
    'PrefixList',
    'Route',
    'RouteTable',
    'SecurityGroup',
    'SecurityGroupEgress',
    'SecurityGroupIngress',
    'Subnet',
    'SubnetCidrBlock',
    'SubnetNetworkAclAssociation',
    'SubnetRouteTableAssociation',
    'TransitGateway',
    'TransitGatewayRoute',
    'TransitGatewayRouteTable',
    'TransitGatewayRouteTableAssociation',
    'TransitGatewayRouteTablePropagation',
    'VPC',
    'VPCCidrBlock',
    'VPCDHCPOptionsAssociation',
    'VPCEndpointService',
    'VPCGatewayAttachment',
    'VPCPeeringConnection',
    'VPNGateway',
    'VPNGatewayRoutePropagation',
    'VolumeAttachment',
  ]),
  ...of('AWS::EKS::', ['AccessEntry', 'Addon', 'IdentityProviderConfig', 'PodIdentityAssociation']),
  ...of('AWS::IAM::', [
    'AccessKey',
    'Group',
    'InstanceProfile',
    'ManagedPolicy',
    'OIDCProvider',
    'Policy',
    'Role',
    'RolePolicy',
    'ServiceLinkedRole',
    'User',
  ]),
  ...of('AWS::ElasticLoadBalancingV2::', ['Listener', 'ListenerRule', 'TargetGroup']),
  ...of('AWS::AutoScaling::', ['LaunchConfiguration', 'LifecycleHook', 'ScalingPolicy']),
  ...of('AWS::Lambda::', ['Alias', 'EventInvokeConfig', 'LayerVersion', 'Permission', 'Version']),
  ...of('AWS::CloudFormation::', ['WaitCondition', 'WaitConditionHandle']),
  ...of('AWS::Logs::', ['LogStream', 'MetricFilter', 'ResourcePolicy', 'SubscriptionFilter']),
  ...of('AWS::SSM::', ['Parameter']),
  ...of('AWS::KMS::', ['Alias']),
  ...of('AWS::S3::', ['BucketPolicy']),
  ...of('AWS::SNS::', ['Subscription', 'TopicPolicy']),
  ...of('AWS::SQS::', ['QueuePolicy']),
  ...of('AWS::Route53::', ['RecordSet']),
  ...of('AWS::Route53Resolver::', ['ResolverRule', 'ResolverRuleAssociation']),
  ...of('AWS::Scheduler::', ['ScheduleGroup']),
  ...of('AWS::CDK::', ['Metadata']),
]);

/** Types that are billed by what goes through them. */
const BY_USE: Readonly<Record<string, string>> = {
  'AWS::Logs::LogGroup': METERED.logs,
  'AWS::EC2::FlowLog': METERED.flowLogs,
  'AWS::EC2::NatGateway': METERED.natData,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': METERED.balancerUnits,
  'AWS::Lambda::Function': METERED.lambda,
  'AWS::S3::Bucket': METERED.bucket,
  'AWS::Scheduler::Schedule': METERED.scheduler,
  'AWS::Events::Rule': METERED.scheduler,
  'AWS::StepFunctions::StateMachine': METERED.stateMachine,
  'AWS::KMS::Key': METERED.kmsRequests,
  'AWS::EKS::Nodegroup': METERED.crossZone,
};

/** Does a resource of this type cost nothing? A custom resource is paid for as its function. */
export const isFree = (type: string): boolean =>
  FREE.has(type) || type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

/** What one unit of use costs, where a resource is billed by use. */
export function meteredPrice({ type, properties }: TemplateResource): string | undefined {
  if (type !== 'AWS::EC2::VPCEndpoint') return BY_USE[type];
  return text(properties.VpcEndpointType) === 'Interface' ? METERED.endpointData : undefined;
}

function of(prefix: string, names: readonly string[]): readonly string[] {
  return names.map((name) => prefix + name);
}

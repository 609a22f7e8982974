import type { Leftover, LeftoverKind } from '../inventory/leftover';

/** The AWS CLI's command that removes one resource, or shows it where a person must decide. */
export function removalCommand({ kind, id, status }: Leftover, region: string): string {
  // CloudFormation forces only what failed before.
  const force = status.kind === 'failed' && kind === 'stack' ? FORCE : '';
  return `aws ${COMMANDS[kind](id)}${force} --region ${region}`;
}

const FORCE = ' --deletion-mode FORCE_DELETE_STACK';

const ec2 = (command: string, option: string) => (id: string) => `ec2 ${command} --${option} ${id}`;

/** Most of EC2's are named after the thing: `delete-subnet --subnet-id`. */
const plain = (thing: string) => ec2(`delete-${thing}`, `${thing}-id`);

/** A node group's id is `<cluster>/<name>`. */
const inCluster = (command: string, option: string) => (id: string) => {
  const [cluster = '', name = ''] = id.split('/');
  return `eks ${command} --cluster-name ${cluster} --${option} ${name}`;
};

const COMMANDS: Readonly<Record<LeftoverKind, (id: string) => string>> = {
  stack: (id) => `cloudformation delete-stack --stack-name ${id}`,
  'load-balancer': (id) => `elbv2 delete-load-balancer --load-balancer-arn ${id}`,
  'classic-load-balancer': (id) => `elb delete-load-balancer --load-balancer-name ${id}`,
  'target-group': (id) => `elbv2 delete-target-group --target-group-arn ${id}`,
  'node-group': inCluster('delete-nodegroup', 'nodegroup-name'),
  'fargate-profile': inCluster('delete-fargate-profile', 'fargate-profile-name'),
  cluster: (id) => `eks delete-cluster --name ${id}`,
  'log-group': (id) => `logs delete-log-group --log-group-name ${id}`,
  other: (id) => `resourcegroupstaggingapi get-resources --resource-arn-list ${id}`,
  address: ec2('release-address', 'allocation-id'),
  instance: ec2('terminate-instances', 'instance-ids'),
  'transit-gateway-attachment': ec2(
    'delete-transit-gateway-vpc-attachment',
    'transit-gateway-attachment-id',
  ),
  peering: plain('vpc-peering-connection'),
  'vpc-endpoint': ec2('delete-vpc-endpoints', 'vpc-endpoint-ids'),
  'flow-log': ec2('delete-flow-logs', 'flow-log-ids'),
  'security-group': ec2('delete-security-group', 'group-id'),
  'launch-template': plain('launch-template'),
  'nat-gateway': plain('nat-gateway'),
  'network-interface': plain('network-interface'),
  volume: plain('volume'),
  subnet: plain('subnet'),
  'route-table': plain('route-table'),
  'network-acl': plain('network-acl'),
  'egress-only-internet-gateway': plain('egress-only-internet-gateway'),
  'internet-gateway': plain('internet-gateway'),
  'vpn-gateway': plain('vpn-gateway'),
  vpc: plain('vpc'),
};

import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as ec2 from '@aws-sdk/client-ec2';
import { DeleteClusterCommand, DeleteNodegroupCommand } from '@aws-sdk/client-eks';
import * as elb from '@aws-sdk/client-elastic-load-balancing';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as tagging from '@aws-sdk/client-resource-groups-tagging-api';
import type { Aws } from '../../../lib/account/aws';
import { unlessGone } from '../../../lib/account/collect';
import { awsAccount } from '../../../lib/account/teardown/aws-account';
import { planSweep } from '../../../lib/account/teardown/sweep';
import { StateError } from '../../cloud/expiry/states/query';
import type { Sdk, SdkCall } from '../../cloud/expiry/states/run';

/** Services by the names of Step Functions' integrations, and what their errors are called there. */
const SERVICES = {
  cloudformation: { commands: cloudFormation, client: 'cloudFormation', named: 'CloudFormation' },
  ec2: { commands: ec2, client: 'ec2', named: 'Ec2' },
  elasticloadbalancing: { commands: elb, client: 'elb', named: 'ElasticLoadBalancing' },
  elasticloadbalancingv2: { commands: elbv2, client: 'elbv2', named: 'ElasticLoadBalancingV2' },
  resourcegroupstaggingapi: {
    commands: tagging,
    client: 'tagging',
    named: 'ResourceGroupsTaggingApi',
  },
} as const satisfies Record<string, { client: keyof Aws; [key: string]: unknown }>;

type Sender = { send(command: unknown): Promise<object> };
type Commands = Readonly<Record<string, new (input: object) => unknown>>;

/**
 * Step Functions' calls of AWS' services, each through the service's own client: a name of an API
 * or an argument that does not exist there fails here too.
 */
export const integrationsOf = (aws: Aws): Sdk =>
  async function call({ service, api, input }: SdkCall): Promise<object> {
    const { commands, client, named } = SERVICES[service as keyof typeof SERVICES];
    const name = `${api.charAt(0).toUpperCase()}${api.slice(1)}Command`;
    const Command = (commands as unknown as Commands)[name];
    if (Command === undefined) throw new Error(`${service} has no ${name}`);
    try {
      const { $metadata: _, ...answer } = (await (aws[client] as unknown as Sender).send(
        new Command(input),
      )) as { $metadata?: unknown };
      return answer;
    } catch (error) {
      throw new StateError(`${named}.${named}Exception`, (error as Error).message);
    }
  };

/**
 * What the emulator lacks, done beside it. Its CloudFormation has no clusters and deletes neither
 * NAT gateways nor endpoints, so both stacks are emptied here before it forgets them; one that
 * something is left of stays. Its tagging API knows no classic load balancers.
 */
export const withWhatIsMissing =
  (aws: Aws, sdk: Sdk): Sdk =>
  async (call) => {
    if (call.api === 'deleteStack') await emptyStack(aws, String(call.input.StackName));
    const answer = await sdk(call);
    return call.api === 'getResources' ? withClassics(aws, call, answer) : answer;
  };

async function emptyStack(aws: Aws, stack: string): Promise<void> {
  const [, lab = '', part] = /^(.*)-([a-z]+)$/.exec(stack) ?? [];
  if (part === 'cluster') await deleteCluster(aws, lab);
  const account = awsAccount(aws);
  const members = async () =>
    (await planSweep(account, lab)).ours.filter(
      ({ kind, tags }) => kind !== 'stack' && tags['aws:cloudformation:stack-name'] === stack,
    );
  for (let left = await members(), before = -1; left.length !== before; ) {
    before = left.length;
    for (const item of left) {
      await account.release(item).catch(() => undefined);
      await account.remove(item).catch(() => undefined);
    }
    left = await members();
    if (left.length === 0) return;
  }
  throw new StateError('CloudFormation.CloudFormationException', `${stack} is not empty`);
}

async function deleteCluster({ eks }: Aws, clusterName: string): Promise<void> {
  const nodegroupName = 'nodes';
  await unlessGone(eks.send(new DeleteNodegroupCommand({ clusterName, nodegroupName })));
  await unlessGone(eks.send(new DeleteClusterCommand({ name: clusterName })));
}

async function withClassics(client: Aws, call: SdkCall, answer: unknown): Promise<object> {
  const { LoadBalancerDescriptions = [] } = await client.elb.send(
    new elb.DescribeLoadBalancersCommand({}),
  );
  const LoadBalancerNames = LoadBalancerDescriptions.map((b) => b.LoadBalancerName ?? '');
  const { TagDescriptions = [] } =
    LoadBalancerNames.length === 0
      ? {}
      : await client.elb.send(new elb.DescribeTagsCommand({ LoadBalancerNames }));
  const [filter] = call.input.TagFilters as { Key: string; Values: string[] }[];
  const found = TagDescriptions.filter(({ Tags = [] }) =>
    Tags.some(({ Key, Value = '' }) => Key === filter?.Key && filter?.Values.includes(Value)),
  ).map(({ LoadBalancerName }) => ({
    ResourceARN: `arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/${LoadBalancerName}`,
  }));
  const { ResourceTagMappingList } = answer as { ResourceTagMappingList: object[] };
  return { ResourceTagMappingList: [...ResourceTagMappingList, ...found] };
}

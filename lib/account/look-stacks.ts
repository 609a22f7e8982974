import {
  type CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { LAB_TAG, stackNames } from '../model/lab-tags';
import type { Aws } from './aws';
import { collect, unlessGone } from './collect';
import type { Leftover, Status } from './leftover';
import { tagsOf } from './tags';

/** Physical id of a resource to the name of the stack it belongs to. */
export type StackMembers = ReadonlyMap<string, string>;

/** The lab's stacks that exist, others that carry its tag, and what the lab's own are made of. */
export async function lookAtStacks(
  { cloudFormation }: Aws,
  lab: string,
): Promise<{ readonly stacks: readonly Leftover[]; readonly members: StackMembers }> {
  const stacks = await collect(paginateDescribeStacks({ client: cloudFormation }, {}), (page) =>
    page.Stacks?.flatMap((stack) => stackLeftover(stack, lab)),
  );
  const members = new Map<string, string>();
  for (const stack of stacks.filter(({ tags }) => tags[LAB_TAG] === lab)) {
    for (const id of await membersOf(cloudFormation, stack)) members.set(id, stack.name);
  }
  return { stacks, members };
}

/** A stack as CloudFormation shows it now, by name; `undefined` where there is none. */
export async function findStack({ cloudFormation }: Aws, name: string): Promise<Stack | undefined> {
  const command = new DescribeStacksCommand({ StackName: name });
  return (await unlessGone(cloudFormation.send(command)))?.Stacks?.[0];
}

function stackLeftover(stack: Stack, lab: string): readonly Leftover[] {
  const { StackName: name = '', StackId: id = name, StackStatus } = stack;
  const tags = tagsOf(stack.Tags);
  const concerns = tags[LAB_TAG] === lab || stackNames(lab).includes(name);
  if (!concerns || StackStatus === 'DELETE_COMPLETE') return [];
  return [{ kind: 'stack', id, name, tags, vpcs: [], status: statusOf(stack), perHour: 0 }];
}

/** A stack under update or rollback refuses deletion; one under creation accepts it. */
function statusOf({ StackStatus, StackStatusReason = '' }: Stack): Status {
  if (StackStatus === 'DELETE_FAILED') return { kind: 'failed', reason: StackStatusReason };
  return StackStatus?.endsWith('_IN_PROGRESS') && StackStatus !== 'CREATE_IN_PROGRESS'
    ? { kind: 'going' }
    : { kind: 'idle' };
}

async function membersOf(
  client: CloudFormationClient,
  stack: Leftover,
): Promise<readonly string[]> {
  const summaries = await unlessGone(
    collect(
      paginateListStackResources({ client }, { StackName: stack.id }),
      (page) => page.StackResourceSummaries,
    ),
  );
  return (summaries ?? [])
    .filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE')
    .flatMap(({ PhysicalResourceId = '' }) => PhysicalResourceId.split('|'))
    .filter((id) => id !== '');
}

import {
  type CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { isStackNameOf, LAB_TAG, stackNames } from '../../model/lab-tags';
import type { Aws } from '../aws';
import { collect, unlessGone } from '../collect';
import { tagsOf } from '../tags';
import type { Leftover, Status } from './leftover';
import { membersOfStack, type StackMembers, type StackResource } from './stack-members';

/** The lab's stacks that exist, others that carry its tag, and what the lab's own are made of. */
export async function lookAtStacks(
  { cloudFormation }: Aws,
  lab: string,
): Promise<{ readonly stacks: readonly Leftover[]; readonly members: StackMembers }> {
  const stacks = await collect(paginateDescribeStacks({ client: cloudFormation }, {}), (page) =>
    page.Stacks?.flatMap((stack) => stackLeftover(stack, lab)),
  );
  const members = new Map<string, string>();
  for (const { id, name } of stacks.filter((stack) => isLabsStack(stack, lab))) {
    const resources = await resourcesOf(cloudFormation, id);
    for (const [key, stack] of membersOfStack(name, resources)) members.set(key, stack);
  }
  return { stacks, members };
}

/** A stack has the lab's tag and its name: a tag alone may have been copied, and so may a name. */
const isLabsStack = ({ name, tags }: Leftover, lab: string): boolean =>
  tags[LAB_TAG] === lab && isStackNameOf(lab, name);

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

async function resourcesOf(
  client: CloudFormationClient,
  StackName: string,
): Promise<readonly StackResource[]> {
  const summaries = await unlessGone(
    collect(
      paginateListStackResources({ client }, { StackName }),
      (page) => page.StackResourceSummaries,
    ),
  );
  return (summaries ?? [])
    .filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE')
    .map(({ ResourceType: type = '', PhysicalResourceId: physicalId = '' }) => ({
      type,
      physicalId,
    }));
}

/** The security groups of a stack: their ids by their logical ids. */
export async function securityGroupsOf(
  { cloudFormation: client }: Aws,
  stack: string,
): Promise<ReadonlyMap<string, string>> {
  const resources = await collect(
    paginateListStackResources({ client }, { StackName: stack }),
    (page) => page.StackResourceSummaries,
  );
  return new Map(
    resources
      .filter(({ ResourceType }) => ResourceType === 'AWS::EC2::SecurityGroup')
      .map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [
        LogicalResourceId,
        PhysicalResourceId,
      ]),
  );
}

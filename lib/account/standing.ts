import type { Stack } from '@aws-sdk/client-cloudformation';
import { DescribeClusterCommand } from '@aws-sdk/client-eks';
import {
  clusterNames,
  EXPIRES_TAG,
  LAB_TAG,
  labName,
  OWNER_TAG,
  stackNames,
} from '../model/lab-tags';
import type { Aws } from './aws';
import { unlessGone } from './collect';
import { type Finding, fine, notice, problem } from './finding';
import { findStack } from './look-stacks';
import { inParallel } from './parallel';
import { tagsOf } from './tags';

/** A lab about to be brought up: which, what its owner calls theirs, and who that is. */
export interface Wanted {
  readonly lab: string;
  /** Empty: nothing of its own. */
  readonly as: string;
  readonly owner: string;
}

/**
 * Whether the lab's name is free in the account, or its owner's own. Deploying over somebody else's
 * lab would take it from them: CloudFormation knows a stack by its name alone.
 */
export async function checkStanding(aws: Aws, wanted: Wanted): Promise<readonly Finding[]> {
  const name = labName(wanted.lab, wanted.as);
  const found = await inParallel(stackNames(name), (stack) => findStack(aws, stack));
  const stacks = found.flatMap((stack) => stack ?? []);
  const [first] = stacks;
  if (first === undefined) return [await checkClusters(aws, name, wanted)];
  return [
    stacks.map((stack) => judge(stack, name, wanted)).find(isProblem) ?? judge(first, name, wanted),
  ];
}

const isProblem = ({ kind }: Finding): boolean => kind === 'problem';

function judge({ StackName, StackStatus, Tags }: Stack, name: string, wanted: Wanted): Finding {
  const tags = tagsOf(Tags);
  const what = `the name ${name}`;
  const owner = tags[OWNER_TAG] ?? 'nobody named';
  const until = tags[EXPIRES_TAG] ?? 'nobody knows when';
  if (tags[LAB_TAG] !== name) {
    return problem(what, `stack ${StackName} is there and belongs to no lab`, another(wanted));
  }
  if (owner !== wanted.owner) {
    return problem(what, `${owner} runs it here, until ${until}`, another(wanted));
  }
  if (StackStatus === 'DELETE_IN_PROGRESS') {
    const fix = `wait for it: lab sweep ${name} --region <region> --dry-run says when nothing is left`;
    return problem(what, `stack ${StackName} is being deleted`, fix);
  }
  const found = `${owner} runs it here already, until ${until}; this goes on with it`;
  return notice(what, found, `if that is not you: ${another(wanted)}`);
}

/** One that somebody made by hand would stop the stacks half way, after a quarter of an hour. */
async function checkClusters({ eks }: Aws, name: string, wanted: Wanted): Promise<Finding> {
  const what = `the name ${name}`;
  const found = await inParallel(clusterNames(name), (cluster) =>
    unlessGone(eks.send(new DescribeClusterCommand({ name: cluster }))),
  );
  const cluster = found.flatMap((answer) => answer?.cluster ?? [])[0];
  return cluster === undefined
    ? fine(what, 'free')
    : problem(what, `cluster ${cluster.name} is there, without the lab's stacks`, another(wanted));
}

const another = ({ lab }: Wanted): string =>
  `give yours a name of its own: lab up ${lab} --target eks --as <name>`;

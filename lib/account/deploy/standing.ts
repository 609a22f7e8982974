import type { Stack } from '@aws-sdk/client-cloudformation';
import { DescribeClusterCommand } from '@aws-sdk/client-eks';
import {
  clusterNames,
  EXPIRES_TAG,
  LAB_TAG,
  labName,
  OWNER_TAG,
  stackNames,
} from '../../model/lab-tags';
import type { Aws } from '../aws';
import { unlessGone } from '../collect';
import { fine, notice, type PreflightFinding, problem } from '../finding';
import { findStack } from '../inventory/stacks';
import { inParallel } from '../parallel';
import { tagsOf } from '../tags';

/** A lab about to be brought up: which, what its owner calls theirs, and who that is. */
export interface Wanted {
  readonly lab: string;
  /** Empty: nothing of its own. */
  readonly as: string;
  readonly owner: string;
}

/**
 * Whether the lab's name is free in the account, or its owner's own. Deploying over another person's
 * lab would take it from them: CloudFormation knows a stack by its name alone.
 */
export async function checkStanding(
  aws: Aws,
  wanted: Wanted,
): Promise<readonly PreflightFinding[]> {
  const name = labName(wanted.lab, wanted.as);
  const found = await inParallel(stackNames(name), (stack) => findStack(aws, stack));
  const stacks = found.flatMap((stack) => stack ?? []);
  const [first] = stacks;
  if (first === undefined) return [await checkClusters(aws, name, wanted)];
  // The end is a tag of one stack alone, the expiry's.
  const until = stacks.flatMap(({ Tags }) => tagsOf(Tags)[EXPIRES_TAG] ?? [])[0];
  const judged = stacks.map((stack) =>
    judge(stack, name, { ...wanted, until, region: aws.region }),
  );
  return [judged.find(isProblem) ?? judge(first, name, { ...wanted, until, region: aws.region })];
}

const isProblem = ({ kind }: PreflightFinding): boolean => kind === 'problem';

interface Standing extends Wanted {
  /** When the lab that stands ends, where a stack says so. */
  readonly until: string | undefined;
  readonly region: string;
}

function judge(
  { StackName, StackStatus, Tags }: Stack,
  name: string,
  wanted: Standing,
): PreflightFinding {
  const tags = tagsOf(Tags);
  const what = `the name ${name}`;
  const owner = tags[OWNER_TAG] ?? 'an unnamed owner';
  const until = wanted.until ?? 'a time that no stack says';
  if (tags[LAB_TAG] !== name) {
    return problem(what, `stack ${StackName} is there and belongs to no lab`, another(wanted));
  }
  if (owner !== wanted.owner) {
    return problem(what, `${owner} runs it here, until ${until}`, another(wanted));
  }
  if (StackStatus === 'DELETE_IN_PROGRESS') {
    const fix = `wait for it: lab sweep ${name} --region ${wanted.region} --dry-run says when nothing is left`;
    return problem(what, `stack ${StackName} is being deleted`, fix);
  }
  const found = `${owner} runs it here already, until ${until}; this goes on with it`;
  return notice(what, found, `if that is not you: ${another(wanted)}`);
}

/** One that was made by hand would stop the stacks half way, after a quarter of an hour. */
async function checkClusters(
  { eks }: Aws,
  name: string,
  wanted: Wanted,
): Promise<PreflightFinding> {
  const what = `the name ${name}`;
  const found = await inParallel(clusterNames(name), (cluster) =>
    unlessGone(eks.send(new DescribeClusterCommand({ name: cluster }))),
  );
  const cluster = found.flatMap((answer) => answer?.cluster ?? [])[0];
  return cluster === undefined
    ? fine(what, 'free')
    : problem(what, `cluster ${cluster.name} is there, without the lab's stacks`, another(wanted));
}

/** A name that follows from the owner's; another than the one that is taken. */
const another = ({ lab, as, owner }: Wanted): string => {
  const own = owner.toLowerCase().replace(/^[^a-z]+|[^a-z0-9]/g, '');
  const name = (own === '' ? 'mine' : own).slice(0, 15);
  return `give yours a name of its own: lab up ${lab} --target eks --as ${name === as ? `${name}2` : name}`;
};

import { LAB_TAG } from '../model/lab-tags';
import type { Aws } from './aws';
import { keyOf, type Leftover } from './leftover';
import { lookAtBalancers } from './look-balancers';
import { lookAtClusters } from './look-clusters';
import { lookAtInterfaces } from './look-interfaces';
import { lookAtLogGroups } from './look-log-groups';
import { lookAtMachines } from './look-machines';
import { lookAtStacks, type StackMembers } from './look-stacks';
import { lookAtTagged } from './look-tagged';
import { lookAtNetwork, lookAtVpcs } from './look-vpc';

/** What a finder is told: whose lab, and which VPCs carry its tag. */
export interface Search {
  readonly lab: string;
  readonly vpcs: readonly string[];
}

/**
 * Everything in the region that may have to do with a lab: its stacks and what is in them, what
 * carries its tag or its cluster's, what is in its VPC, and every VPC there is. Reads only.
 */
export async function lookAround(aws: Aws, lab: string): Promise<readonly Leftover[]> {
  const vpcs = await lookAtVpcs(aws);
  const labs = vpcs.filter(({ tags }) => tags[LAB_TAG] === lab);
  const search = { lab, vpcs: labs.map(({ id }) => id) };
  const { stacks, members } = await lookAtStacks(aws, lab);
  const found = await Promise.all([
    lookAtNetwork(aws, search),
    lookAtInterfaces(aws, search),
    lookAtMachines(aws, search),
    lookAtBalancers(aws),
    lookAtClusters(aws, search),
    lookAtLogGroups(aws, lab),
    lookAtTagged(aws, lab),
  ]);
  const items = [...stacks, ...vpcs, ...found.flat()].map((item) =>
    withStack(item, { lab, members }),
  );
  // Log groups may be found by name and by tag; the first, by name, knows all of its tags.
  return [...new Map(items.toReversed().map((item) => [keyOf(item), item])).values()].toReversed();
}

interface Made {
  readonly lab: string;
  readonly members: StackMembers;
}

/** What one of the lab's stacks made is the lab's, also where its service knows no tags. */
function withStack(item: Leftover, { lab, members }: Made): Leftover {
  const tail = item.kind === 'other' ? (item.id.split(/[:/]/).at(-1) ?? '') : '';
  const stack = members.get(item.id) ?? members.get(tail) ?? members.get(item.name);
  return stack === undefined || item.kind === 'stack'
    ? item
    : { ...item, tags: { [LAB_TAG]: lab, 'aws:cloudformation:stack-name': stack, ...item.tags } };
}

import { LAB_TAG } from '../../model/lab-tags';
import { uniqueBy } from '../../model/unique';
import type { Aws } from '../aws';
import { lookAtBalancers } from './balancers';
import { lookAtClusters } from './clusters';
import { lookAtInterfaces } from './interfaces';
import { keyOf, type Leftover } from './leftover';
import { lookAtLogGroups } from './log-groups';
import { lookAtMachines } from './machines';
import { withStack } from './stack-members';
import { lookAtStacks } from './stacks';
import { lookAtTagged } from './tagged';
import { lookAtNetwork, lookAtVpcs } from './vpc';

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
  const items = [...stacks, ...vpcs, ...found.flat()].map((item) => withStack(item, lab, members));
  // Log groups may be found by name and by tag; the first, by name, knows all of its tags.
  return uniqueBy(items.toReversed(), keyOf).toReversed();
}

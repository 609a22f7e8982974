import type { Cidr } from '../../model/address';
import type { World } from '../../model/world';

/** Blocks that one place of the world treats alike: the nets of a rule, the block of a route. */
export type BlockSet = readonly Cidr[];

/**
 * Every set of blocks by which the world tells addresses apart. Whatever holds a block counts, so that
 * no kind of rule is forgotten. Blocks of a partial prefix list are examples, and what a subnet, an
 * interface or a VPC holds is no part of the internet.
 */
export function blocksToldApart(world: World): readonly BlockSet[] {
  const { policies, networkSets, services, vpcs } = world;
  const sets: BlockSet[] = [];
  collect({ policies, networkSets, services }, sets);
  for (const vpc of vpcs) {
    const { routeTables, networkAcls, securityGroups, prefixLists } = vpc;
    const known = prefixLists.filter(({ partial }) => partial !== true);
    collect({ routeTables, networkAcls, securityGroups, known }, sets);
  }
  const unique = new Map(sets.map((set) => [set.map(keyOf).sort().join(), set] as const));
  return [...unique.values()];
}

const keyOf = ({ address, prefix }: Cidr): string => `${address}/${prefix}`;

function collect(value: unknown, into: BlockSet[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (isBlock(value)) {
    into.push([value]);
    return;
  }
  if (Array.isArray(value) && value.length > 0 && value.every(isBlock)) {
    into.push(value);
    return;
  }
  for (const inner of Object.values(value)) collect(inner, into);
}

const isBlock = (value: unknown): value is Cidr =>
  typeof value === 'object' &&
  value !== null &&
  'address' in value &&
  'prefix' in value &&
  typeof value.address === 'string' &&
  typeof value.prefix === 'number';

import type { SourceFile } from '../model/problem';
import { InputProblems } from '../model/problem';
import { uniqueBy } from '../model/unique';
import type { World } from '../model/world';
import { readWorld } from '../read/world';
import { isRecommended } from '../recommend/objects';

/**
 * A world with recommended policies in place of those that an earlier run recommended.
 * @throws InputProblems where the policies are not what a cluster takes
 */
export function withRecommended(world: World, policies: SourceFile): World {
  const reading = readWorld({ manifests: [policies] });
  if (reading.kind === 'problems') throw new InputProblems(reading.problems);
  const written = reading.value;
  return {
    ...world,
    policies: [...world.policies.filter((one) => !isRecommended(one)), ...written.policies],
    tiers: uniqueBy([...written.tiers, ...world.tiers], ({ name }) => name),
  };
}

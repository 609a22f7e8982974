import { BUILT_IN_TIERS } from '../model/policy';
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
  const reading = readWorld({ manifests: [policies, ...tiersOf(world)] });
  if (reading.kind === 'problems') throw new InputProblems(reading.problems);
  const written = reading.value;
  return {
    ...world,
    policies: [...world.policies.filter((one) => !isRecommended(one)), ...written.policies],
    tiers: uniqueBy([...written.tiers, ...world.tiers], ({ name }) => name),
  };
}

/** The world's own tiers as manifests: a policy's tier has to be among them. */
const tiersOf = ({ tiers }: World): readonly SourceFile[] =>
  tiers
    .filter(({ name }) => !BUILT_IN_TIERS.some((one) => one.name === name))
    .map(({ name, order, defaultAction }) => ({
      path: `tier-${name}.json`,
      text: JSON.stringify({
        apiVersion: 'projectcalico.org/v3',
        kind: 'Tier',
        metadata: { name },
        spec: {
          defaultAction: defaultAction === 'deny' ? 'Deny' : 'Pass',
          ...(Number.isFinite(order) && { order }),
        },
      }),
    }));

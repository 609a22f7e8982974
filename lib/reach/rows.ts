import type { Direction } from '../model/flow';
import type { Policy, Rule } from '../model/policy';
import type { OrderedTier } from '../model/policy-order';
import type { World } from '../model/world';
import { and, type Bits, covers, emptyBits, hasBit, isEmpty, meets } from './bits';
import { either, type Fuzzy, fuzzy, possible } from './fuzzy';
import { createLabelIndex } from './label-index';
import { partition } from './partition';
import { isWorkload, type Party } from './party';
import { createUniverse, type Sides, standing, type Universe } from './rules';
import { claims, selectTiers, WORKLOAD_HOOKS } from './subjects';
import { type Outcome, walk } from './tiers';
import type { Target } from './traffic';

/** The policies' answers for every source against every target, a bit a flow. */
export interface Rows {
  /** For each source, which targets its egress lets through. */
  readonly egress: readonly Outcome[];
  /** For each target, which sources its ingress lets in. */
  readonly ingress: readonly Outcome[];
}

/** Judges all flows between these ends by policy alone, for each end all its peers together. */
export function judgeAll(
  world: World,
  tiers: readonly OrderedTier[],
  ends: { readonly sources: readonly Party[]; readonly targets: readonly Target[] },
): Rows {
  const universe = createUniverse(world, ends.sources, ends.targets);
  return {
    egress: judgeSide({ universe, tiers, direction: 'egress' }, ends.sources),
    ingress: judgeSide(
      { universe, tiers, direction: 'ingress' },
      ends.targets.map(({ party }) => party),
    ),
  };
}

interface Side {
  readonly universe: Universe;
  readonly tiers: readonly OrderedTier[];
  readonly direction: Direction;
}

/**
 * The outcome for each subject of one direction. Subjects that the same policies select and that
 * stand on the same side of all their rules get one walk together.
 */
function judgeSide(side: Side, subjects: readonly Party[]): readonly Outcome[] {
  const { universe, direction } = side;
  const selected = selections(side, subjects);
  const sets = [...selected].flatMap(([policy, bits]) => distinctions(side, policy, bits));
  const classes = partition(subjects.length, sets);
  const outcomes = classes.first.map((member) =>
    walk({
      tiers: selectTiers(side.tiers, (policy) => {
        const bits = selected.get(policy);
        return bits !== undefined && hasBit(bits, member);
      }),
      direction,
      peers: direction === 'egress' ? universe.targets.all : universe.sources.all,
      match: (rule: Rule) => against(universe.rule(rule), direction, member),
      otherwise: 'allow',
    }),
  );
  return classes.of.flatMap((place) => outcomes[place] ?? []);
}

/** The policies that claim a direction, each with whom of the subjects it selects. */
type Selections = ReadonlyMap<Policy, Bits>;

function selections({ tiers, direction }: Side, subjects: readonly Party[]): Selections {
  const index = createLabelIndex(
    subjects.map((party) => (isWorkload(party) ? [party.pod.labels] : [])),
  );
  const policies = tiers
    .flatMap((tier) => tier.policies)
    .filter((policy) => claims(policy, { direction, hooks: WORKLOAD_HOOKS }));
  return new Map(policies.map((policy) => [policy, index(policy.subject)]));
}

/**
 * The sets of subjects that a policy tells apart: whom it selects, and whom of those each of its
 * rules means. Most rules mean all of them or none, and tell nobody apart.
 */
function distinctions(
  { universe, direction }: Side,
  policy: Policy,
  subjects: Bits,
): readonly Bits[] {
  const sets = [subjects];
  const add = (near: Bits | undefined): void => {
    if (near === undefined || covers(near, subjects) || !meets(near, subjects)) return;
    sets.push(and(near, subjects));
  };
  if (isEmpty(subjects)) return [];
  for (const rule of policy[direction] ?? []) {
    for (const { sources, targets } of universe.rule(rule)) {
      const { sure, perhaps } = direction === 'egress' ? sources : targets;
      add(sure);
      add(perhaps);
    }
  }
  return sets;
}

/** Whom a rule matches on the far side, given who stands on the near one. */
function against(sides: readonly Sides[], direction: Direction, member: number): Fuzzy | undefined {
  const matches = sides.flatMap(({ sources, targets }) => {
    const near = standing(direction === 'egress' ? sources : targets, member);
    const far = direction === 'egress' ? targets : sources;
    if (near === undefined) return [];
    return [near === 'sure' ? far : doubted(far)];
  });
  return matches.length > 1 ? matches.reduce(either) : matches[0];
}

const doubted = (far: Fuzzy): Fuzzy => fuzzy(emptyBits(far.sure.length * 32), possible(far));

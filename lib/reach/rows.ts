import type { Direction } from '../model/flow';
import type { Policy, Rule } from '../model/policy';
import type { OrderedTier } from '../model/policy-order';
import type { World } from '../model/world';
import { addTo, type Bits, emptyBits, hasBit } from './bits';
import { type Fuzzy, fuzzy } from './fuzzy';
import { createLabelIndex } from './label-index';
import { isWorkload, type Party } from './party';
import { createUniverse, type Sides, standing } from './rules';
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

/**
 * Judges all flows between these ends by policy alone: once a source for its egress and once a
 * target for its ingress, each time for all peers together.
 */
export function judgeAll(
  world: World,
  tiers: readonly OrderedTier[],
  ends: { readonly sources: readonly Party[]; readonly targets: readonly Target[] },
): Rows {
  const universe = createUniverse(world, ends.sources, ends.targets);
  const tiersAt = {
    egress: tiersOfAll(tiers, ends.sources, 'egress'),
    ingress: tiersOfAll(
      tiers,
      ends.targets.map(({ party }) => party),
      'ingress',
    ),
  };
  const judge = (direction: Direction, member: number): Outcome =>
    walk({
      tiers: tiersAt[direction](member),
      direction,
      peers: direction === 'egress' ? universe.targets.all : universe.sources.all,
      match: (rule: Rule) => against(universe.rule(rule), direction, member),
      otherwise: 'allow',
    });
  return {
    egress: ends.sources.map((_, i) => judge('egress', i)),
    ingress: ends.targets.map((_, i) => judge('ingress', i)),
  };
}

/** Whom a rule matches on the far side, given who stands on the near one. */
function against(sides: readonly Sides[], direction: Direction, member: number): Fuzzy {
  const [only, ...more] = sides.map(({ sources, targets }) => {
    const near = standing(direction === 'egress' ? sources : targets, member);
    const far = direction === 'egress' ? targets : sources;
    if (near === 'sure') return far;
    const none = emptyBits(far.sure.length * 32);
    return near === undefined ? { sure: none } : doubted(far, none);
  });
  if (only !== undefined && more.length === 0) return only;
  return unite(only === undefined ? more : [only, ...more]);
}

function doubted(far: Fuzzy, none: Bits): Fuzzy {
  const perhaps = far.sure.slice();
  if (far.perhaps !== undefined) addTo(perhaps, far.perhaps);
  return fuzzy(none, perhaps);
}

function unite(matches: readonly Fuzzy[]): Fuzzy {
  const size = (matches[0]?.sure.length ?? 1) * 32;
  const sure = emptyBits(size);
  const perhaps = emptyBits(size);
  for (const match of matches) {
    addTo(sure, match.sure);
    if (match.perhaps !== undefined) addTo(perhaps, match.perhaps);
  }
  return fuzzy(sure, perhaps);
}

/** Which tiers each workload meets; equal answers are one value. Others meet none. */
function tiersOfAll(
  tiers: readonly OrderedTier[],
  parties: readonly Party[],
  direction: Direction,
): (member: number) => readonly OrderedTier[] {
  const index = createLabelIndex(
    parties.map((party) => (isWorkload(party) ? [party.pod.labels] : [])),
  );
  const selected = new Map<Policy, Bits>();
  const candidates = tiers.map(({ tier, policies }) => ({
    tier,
    policies: policies.filter((policy) => claims(policy, { direction, hooks: WORKLOAD_HOOKS })),
  }));
  for (const { policies } of candidates)
    for (const policy of policies) selected.set(policy, index(policy.subject));
  return (member) =>
    selectTiers(candidates, (policy) => {
      const bits = selected.get(policy);
      return bits !== undefined && hasBit(bits, member);
    });
}

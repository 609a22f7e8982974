import type { Direction } from '../../model/flow';
import type { Policy, Rule } from '../../model/policy';
import type { OrderedTier } from '../../model/policy-order';
import type { Numbering } from '../../model/unique';
import type { World } from '../../model/world';
import { isWorkload } from '../ends/party';
import type { Destination, Party } from '../ends/types';
import {
  and,
  type Bits,
  covers,
  emptyBits,
  forEachBit,
  hasBit,
  isEmpty,
  meets,
  or,
  setBit,
  without,
} from './bits';
import { either, type Fuzzy, fuzzy, possible } from './fuzzy';
import { createLabelIndex } from './label-index';
import { createOpenLabels } from './open-labels';
import { partition } from './partition';
import { createUniverse, type RuleSides, standing, type Universe } from './rules';
import { claims, WORKLOAD_HOOKS, withDoubts } from './subjects';
import { type TierOutcome, type TierWalk, walk } from './tiers';
import type { AppliedTier } from './types';

/** The policies' answers for every source against every target, a bit a flow. */
export interface PolicyRows {
  /** For each source, which targets its egress lets through. */
  readonly egress: readonly TierOutcome[];
  /** For each target, which sources its ingress lets in. */
  readonly ingress: readonly TierOutcome[];
}

/** The two sides of the flows under judgement. */
export interface JudgedEnds {
  readonly sources: readonly Party[];
  readonly targets: readonly Destination[];
}

/** Judges all flows between these ends by policy alone, for each end all its peers together. */
export function judgeAll(
  world: World,
  tiers: readonly OrderedTier[],
  ends: JudgedEnds,
): PolicyRows {
  const { egress, ingress } = prepareRows(world, tiers, ends);
  const outcomes = ({ classes, walk }: SubjectRows): readonly TierOutcome[] => {
    const ofClass = classes.first.map((_, number) => walk(number));
    return classes.of.flatMap((number) => ofClass[number] ?? []);
  };
  return { egress: outcomes(egress), ingress: outcomes(ingress) };
}

/** The subjects of one direction, in classes that get one walk together. */
export interface SubjectRows {
  /** Subjects that the same policies select and that stand on the same side of all their rules. */
  readonly classes: Numbering;
  /** The tiers with the policies that select a class. */
  readonly tiersOf: (number: number) => readonly AppliedTier[];
  /** Evaluates the tiers of a class for all its peers at once. */
  readonly walk: (number: number, observe?: TierWalk['observe']) => TierOutcome;
}

/** Prepares the walks of both directions. */
export function prepareRows(
  world: World,
  tiers: readonly OrderedTier[],
  { sources, targets }: JudgedEnds,
): Readonly<Record<Direction, SubjectRows>> {
  const universe = createUniverse(world, sources, targets);
  const receivers = targets.map(({ party }) => party);
  return {
    egress: rowsOf({ universe, tiers, direction: 'egress' }, sources),
    ingress: rowsOf({ universe, tiers, direction: 'ingress' }, receivers),
  };
}

interface Side {
  readonly universe: Universe;
  readonly tiers: readonly OrderedTier[];
  readonly direction: Direction;
}

function rowsOf(side: Side, subjects: readonly Party[]): SubjectRows {
  const { universe, direction } = side;
  const selected = selections(side, subjects);
  const sets = [...selected].flatMap(([policy, chosen]) => distinctions(side, policy, chosen));
  const classes = partition(subjects.length, sets);
  const policies = policiesOf(selected, classes);
  const homes = new Map(side.tiers.flatMap((one) => one.policies.map((policy) => [policy, one])));
  const tiersOf = (number: number): readonly AppliedTier[] => {
    const own = new Map<OrderedTier, Policy[]>();
    for (const policy of policies[number] ?? []) {
      const home = homes.get(policy);
      if (home !== undefined) own.set(home, [...(own.get(home) ?? []), policy]);
    }
    const applied = [...own].map(([{ tier }, ofTier]) => ({ tier, policies: ofTier }));
    return withDoubts(applied, doubtedBy(selected, classes.first[number] ?? 0));
  };
  return {
    classes,
    tiersOf,
    walk: (number, observe) => {
      const member = classes.first[number] ?? 0;
      return walk({
        tiers: tiersOf(number),
        direction,
        peers: direction === 'egress' ? universe.targets.all : universe.sources.all,
        match: (rule: Rule) => against(universe.rule(rule), direction, member),
        otherwise: 'allow',
        ...(observe === undefined ? {} : { observe }),
      });
    },
  };
}

/** The policies of which it is not known whether they select a subject. */
const doubtedBy = (selected: Selections, subject: number): ReadonlySet<Policy> =>
  new Set(
    [...selected].flatMap(([policy, { perhaps }]) =>
      perhaps !== undefined && hasBit(perhaps, subject) ? [policy] : [],
    ),
  );

/** The policies that select each class, or may, in the order of the tiers. */
function policiesOf(selected: Selections, classes: Numbering): readonly (readonly Policy[])[] {
  const numberAt = new Map(classes.first.map((member, number) => [member, number]));
  const firsts = emptyBits(classes.of.length);
  for (const member of classes.first) setBit(firsts, member);
  const result: Policy[][] = classes.first.map(() => []);
  for (const [policy, chosen] of selected) {
    forEachBit(and(possible(chosen), firsts), (member) =>
      result[numberAt.get(member) ?? 0]?.push(policy),
    );
  }
  return result;
}

/** The policies that claim a direction, each with the subjects that it selects. */
type Selections = ReadonlyMap<Policy, Fuzzy>;

function selections({ tiers, direction }: Side, subjects: readonly Party[]): Selections {
  const index = createLabelIndex(
    subjects.map((party) => (isWorkload(party) ? [party.pod.labels] : [])),
  );
  // Policies select a workload by its own labels alone.
  const open = createOpenLabels(subjects.map(asWorkload));
  const select = ({ subject, uncertain }: Policy): Fuzzy => {
    if (uncertain !== undefined) return fuzzy(emptyBits(subjects.length), index(subject));
    const asked = open(subject);
    if (asked === undefined) return fuzzy(index(subject));
    return fuzzy(or(without(index(subject), asked.all), asked.sure), asked.perhaps);
  };
  const policies = tiers
    .flatMap((tier) => tier.policies)
    .filter((policy) => claims(policy, { direction, hooks: WORKLOAD_HOOKS }));
  return new Map(policies.map((policy) => [policy, select(policy)]));
}

function asWorkload(party: Party): Party {
  const { open: _, possible: __, ...rest } = party;
  if (!isWorkload(party)) return { ...rest, identities: [] };
  const { labels } = party.pod;
  const open = (party.open ?? []).filter((one) => one.labels === labels);
  return { ...rest, ...(open.length > 0 && { open }), identities: [labels] };
}

/**
 * The sets of subjects that a policy distinguishes: those that it selects, and of those the ones that each of
 * its rules matches. Most rules match all of them or none, and add no set.
 */
function distinctions(
  { universe, direction }: Side,
  policy: Policy,
  selected: Fuzzy,
): readonly Bits[] {
  const subjects = possible(selected);
  const sets = selected.perhaps === undefined ? [subjects] : [selected.sure, selected.perhaps];
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
function against(
  sides: readonly RuleSides[],
  direction: Direction,
  member: number,
): Fuzzy | undefined {
  const matches = sides.flatMap(({ sources, targets }) => {
    const near = standing(direction === 'egress' ? sources : targets, member);
    const far = direction === 'egress' ? targets : sources;
    if (near === undefined) return [];
    return [near === 'sure' ? far : doubted(far)];
  });
  return matches.length > 1 ? matches.reduce(either) : matches[0];
}

const doubted = (far: Fuzzy): Fuzzy => fuzzy(emptyBits(far.sure.length * 32), possible(far));

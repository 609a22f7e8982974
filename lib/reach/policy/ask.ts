import type { Evidence, Verdict } from '../../model/explanation';
import type { Rule } from '../../model/policy';
import type { OrderedTier } from '../../model/policy-order';
import { said } from '../../model/saying';
import type { World } from '../../model/world';
import type { Packet } from '../ends/types';
import { answerOf } from '../hops/hop';
import type { FilterAnswer } from '../hops/types';
import { hasBit } from './bits';
import { both, either, type Fuzzy } from './fuzzy';
import { createUniverse, type Universe } from './rules';
import { type TierOutcome, walk } from './tiers';
import type { AnswerPacket, PolicyDefault, PolicyQuestion, TierStep, TiersOf } from './types';
import { decisionsOf, notIsolated, speakerOf } from './words';

/** Answers one packet after another, each by itself: nothing is prepared but the tiers of each pod. */
export function answerAlone(world: World, tiersOf: TiersOf): AnswerPacket {
  return (packet, question) => {
    const { direction, source, target } = question;
    const tiers = tiersOf(direction === 'egress' ? source : target.party, direction);
    if (tiers.length === 0) return answerOf([said(notIsolated(speakerOf(question)), '')]);
    return askTiers(world, { tiers, packet, question, otherwise: 'allow' }).answer;
  };
}

/** One packet against the tiers of one subject. */
export interface PacketQuery {
  readonly tiers: readonly OrderedTier[];
  readonly packet: Packet;
  readonly question: PolicyQuestion;
  readonly otherwise: PolicyDefault;
}

/** The answer of the tiers. */
export interface TierAnswer {
  /** A rule or the end of a tier decided; `false` where the default did. */
  readonly settled: boolean;
  readonly answer: FilterAnswer;
}

/** Evaluates the tiers for one packet and keeps every step that decided something. */
export function askTiers(world: World, query: PacketQuery): TierAnswer {
  const { tiers, packet, question, otherwise } = query;
  const { source, target, sourcePort } = packet;
  const universe = createUniverse(world, [source], [target], sourcePort);
  const steps: WordedStep[] = [];
  const outcome = walk({
    tiers,
    direction: question.direction,
    otherwise: otherwise === 'deny' ? 'deny' : 'allow',
    peers: universe.sources.all,
    match: (rule) => matchOf(universe, rule),
    observe: (step) => steps.push({ step, decisions: decisionsOf(step, question, otherwise) }),
  });
  const verdict = verdictOfPeer(outcome, 0);
  const decisions = steps.flatMap((taken) => taken.decisions);
  const decided = stepsThatDecide(
    verdict,
    steps.map(({ step }) => step),
  );
  const by = steps
    .filter(({ step }) => decided.has(step))
    .flatMap((taken) => taken.decisions.map((one): Evidence => one.evidence));
  return {
    settled: steps.at(-1)?.step.kind !== 'profile',
    answer: { verdict, decisions, by },
  };
}

/** The verdict of one flow of a walk. */
export function verdictOfPeer({ allowed, unknown }: TierOutcome, peer: number): Verdict {
  if (hasBit(unknown, peer)) return 'unknown';
  return hasBit(allowed, peer) ? 'allowed' : 'denied';
}

/** In a universe of one pair, the two sides of a rule are one bit each. */
const matchOf = (universe: Universe, rule: Rule): Fuzzy =>
  universe
    .rule(rule)
    .map(({ sources, targets }) => both(sources, targets))
    .reduce(either);

/** A step of the walk with its decisions. */
interface WordedStep {
  readonly step: TierStep;
  readonly decisions: FilterAnswer['decisions'];
}

/** Of the steps of one flow, those that decided; for a default reached by a pass, the pass too. */
export function stepsThatDecide(
  verdict: Verdict,
  steps: readonly TierStep[],
): ReadonlySet<TierStep> {
  const last = steps.at(-1);
  const counts = (step: TierStep): boolean => {
    if (verdict === 'unknown') return step.kind === 'doubt';
    if (step === last) return true;
    return last?.kind === 'profile' && step.kind === 'rule' && step.rule.action === 'pass';
  };
  return new Set(steps.filter(counts));
}

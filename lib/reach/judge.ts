import type { Ip } from '../model/address';
import { isOnStrictBranch } from '../model/branch';
import type { Decision, Evidence } from '../model/explanation';
import type { Direction } from '../model/flow';
import type { Rule } from '../model/policy';
import type { OrderedTier } from '../model/policy-order';
import { DEFAULT } from '../model/rule-name';
import type { World } from '../model/world';
import { hasBit } from './bits';
import { both, either, type Fuzzy } from './fuzzy';
import { isWorkload, type Party } from './party';
import { createUniverse, type Universe } from './rules';
import type { Answer } from './station';
import { type Step, walk } from './tiers';
import type { Target } from './traffic';
import { decisionsOf, evidence, type Matter, notIsolated, partyName } from './words';

/** What one side's policies answer, with everything they said on the way. */
export interface Judgement extends Answer {
  readonly verdict: 'allowed' | 'denied' | 'unknown';
}

/** A packet as a filter sees it: after a translation, the same flow is another packet. */
export interface Packet {
  readonly source: Party;
  readonly target: Target;
  /** The destination was translated on the way: even to itself, the packet left its pod. */
  readonly translated?: true;
  /** The load balancer that sends it, where it keeps its client's address as the source. */
  readonly carrier?: Ip;
  /** The source's port where it is known: a reply's. A client's is any that its kernel takes. */
  readonly sourcePort?: number;
}

/** Judges packets against the policies of their workloads. */
export interface Judge {
  /** `undefined` where this side of the packet is no workload that policies could select. */
  readonly workload: (packet: Packet, direction: Direction) => Judgement | undefined;
}

/** The tiers that a workload meets in a direction. */
export type TiersOf = (party: Party, direction: Direction) => readonly OrderedTier[];

export function createJudge(world: World, tiersOf: TiersOf): Judge {
  const placements = new Map(world.nodes.map(({ name, placement }) => [name, placement]));
  return {
    workload: (packet, direction) => {
      const subject = direction === 'egress' ? packet.source : packet.target.party;
      if (!isWorkload(subject)) return undefined;
      const matter = { direction, ...packet };
      const excused = excuse(packet, matter);
      if (excused !== undefined) return excused;
      if (isOnStrictBranch(subject.pod, placements.get(subject.node))) return unseen(matter);
      const tiers = tiersOf(subject, direction);
      if (tiers.length === 0) return settled(notIsolated(matter));
      return askTiers(world, { tiers, packet, matter, otherwise: 'allow' }).judgement;
    },
  };
}

/** What policies have no say in: a pod's own address, and a node's traffic to its own pods. */
function excuse({ source, target, translated }: Packet, matter: Matter): Judgement | undefined {
  if (source.address === target.party.address && translated === undefined) {
    const because = `${partyName(source)} reaches its own address without leaving its namespace`;
    return settled({
      kind: 'allowed',
      evidence: evidence(matter, DEFAULT.ownAddress, { because }),
    });
  }
  if (matter.direction === 'egress' || isWorkload(source) || source.node !== target.party.node)
    return undefined;
  const because = `a node always reaches its own pods, whatever policies say (kubelet's probes must not break)`;
  return settled({ kind: 'allowed', evidence: evidence(matter, DEFAULT.ownNode, { because }) });
}

/** Only its security groups filter such a pod. */
function unseen(matter: Matter): Judgement {
  const { direction, source, target } = matter;
  const name = partyName(direction === 'egress' ? source : target.party);
  const because = `${name} has a branch interface of its own (strict mode): its security groups filter it, no policy does`;
  return settled({ kind: 'passed', evidence: evidence(matter, DEFAULT.strictBranch, { because }) });
}

const settled = (decision: Decision): Judgement => ({
  verdict: 'allowed',
  decisions: [decision],
  by: [decision.evidence],
});

/** A question to the tiers about one packet. */
export interface Asking {
  readonly tiers: readonly OrderedTier[];
  readonly packet: Packet;
  readonly matter: Matter;
  /** What holds where no policy decides. */
  readonly otherwise: 'allow' | 'deny' | 'no-opinion';
}

/** An answer; not `settled` where it came from no rule and no tier but from what holds otherwise. */
export interface Asked {
  readonly settled: boolean;
  readonly judgement: Judgement;
}

/** Asks the tiers about one packet, keeping every step that decided something. */
export function askTiers(world: World, { tiers, packet, matter, otherwise }: Asking): Asked {
  const { source, target, sourcePort } = packet;
  const universe = createUniverse(world, [source], [target], sourcePort);
  const steps: Taken[] = [];
  const { direction } = matter;
  const outcome = walk({
    ...{ tiers, direction },
    otherwise: otherwise === 'deny' ? 'deny' : 'allow',
    peers: universe.sources.all,
    match: (rule) => matchOf(universe, rule),
    observe: (step) => steps.push({ step, decisions: decisionsOf(step, matter, otherwise) }),
  });
  const last = hasBit(outcome.allowed, 0) ? 'allowed' : 'denied';
  const verdict = hasBit(outcome.unknown, 0) ? 'unknown' : last;
  const decisions = steps.flatMap((taken) => taken.decisions);
  const by = deciding(verdict, steps);
  return { settled: steps.at(-1)?.step.kind !== 'profile', judgement: { verdict, decisions, by } };
}

/** In a universe of one pair, a rule's two sides are one bit each. */
const matchOf = (universe: Universe, rule: Rule): Fuzzy =>
  universe
    .rule(rule)
    .map(({ sources, targets }) => both(sources, targets))
    .reduce(either);

/** A step of the walk, in words. */
interface Taken {
  readonly step: Step;
  readonly decisions: readonly Decision[];
}

/** The steps that settled it; a default reached by a pass is owed to the pass too. */
function deciding(verdict: Judgement['verdict'], steps: readonly Taken[]): readonly Evidence[] {
  const last = steps.at(-1)?.step;
  const counts = ({ step }: Taken): boolean => {
    if (verdict === 'unknown') return step.kind === 'doubt';
    if (step === last) return true;
    return last?.kind === 'profile' && step.kind === 'rule' && step.rule.action === 'pass';
  };
  return steps.filter(counts).flatMap(({ decisions }) => decisions.map((one) => one.evidence));
}

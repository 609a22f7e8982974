import type { Explanation } from '../model/explanation';
import type { Direction, Flow } from '../model/flow';
import { lazyTable } from '../model/lazy';
import type { Matrix } from '../model/matrix';
import { pairExplanation } from '../model/pair';
import { type OrderedTier, orderTiers, type StagedMode } from '../model/policy-order';
import { ruleName } from '../model/rule-name';
import { uniqueBy } from '../model/unique';
import type { Worded } from '../model/worded';
import type { PodEndpoint, World } from '../model/world';
import { batchesOf, FEW_FLOWS } from './batches';
import { createDoubts } from './doubts/answer';
import { createDirectory } from './ends/directory';
import { createHosts } from './hosts/host-endpoint';
import { createInternetAnswer, withInternet } from './internet/answer';
import { createLeftOutAnswer, withLeftOut } from './left-out';
import { computeMatrix } from './matrix/matrix';
import type { MatrixQuery } from './matrix/types';
import { createPairs } from './pairs';
import { NO_TRACE } from './path/judge-path';
import { walkPath } from './path/path';
import { walkToStop } from './path/stop';
import type { JudgedPath, PathFilters } from './path/types';
import { answerAlone } from './policy/ask';
import { createJudge } from './policy/judge';
import { preparePolicies } from './policy/prepared';
import { tiersFor, WORKLOAD_HOOKS } from './policy/subjects';
import type { AnswerPacket, TiersOf } from './policy/types';
import { route } from './services/routing';
import type { StoppedRouting } from './services/types';
import { createFabric } from './vpc/fabric';

/** The pure engine: predicts flows in one world and says what decides. It never throws. */
export interface Engine {
  /** Verdict, evidence and trace of one flow. */
  readonly explain: (flow: Flow) => Explanation;
  /**
   * The same for many flows, in their order, from one index. Each is made when it is asked for, so
   * that the answers need not be in memory together.
   */
  readonly explainAll: (flows: readonly Flow[], options?: ExplainOptions) => Iterable<Explanation>;
  /** As `explainAll`, and flows between pods as what their explanations are made of. */
  readonly wordAll: (flows: readonly Flow[], options: ExplainOptions) => Iterable<Worded>;
  /** Verdicts of every source against every target, grouped. */
  readonly matrix: (query: MatrixQuery) => Matrix;
}

/** What an explanation holds beside verdict and evidence. */
export interface ExplainOptions {
  /**
   * Whether it holds the trace; without it the trace is empty.
   * @default true
   */
  readonly trace?: boolean;
}

export interface EngineOptions {
  /** Whether staged policies are evaluated as if they were enforced ("what if promoted"). */
  readonly staged: StagedMode;
}

/** Prepares a world for questions. The world must not change while the engine is used. */
export function createEngine(world: World, { staged }: EngineOptions): Engine {
  const directory = createDirectory(world);
  const tiers = orderTiers(world.tiers, world.policies, staged);
  const alone = answerAlone(world, createTiersOf(tiers));
  const fabric = createFabric(world);
  const filtersBy = (answer: AnswerPacket, isTraced: boolean): PathFilters => {
    const policies = createJudge(world, answer);
    const hosts = createHosts(world, tiers, policies);
    return { directory, policies, hosts, fabric, isTraced };
  };
  const leftOut = createLeftOutAnswer(world);
  const internet = createInternetAnswer(directory);
  const doubted = createDoubts(directory, {
    explain: (flow) => explainBy(one, flow),
    explainerOf: (other) => createEngine(other, { staged }).explain,
  });
  const judged = (filters: PathFilters, flow: Flow): Explanation =>
    leftOut(flow) ?? internet(flow, (asked) => doubted(asked, explainBy(filters, asked)));
  const one = filtersBy(alone, true);
  const explain = (flow: Flow): Explanation => judged(one, flow);
  function* wordAll(flows: readonly Flow[], { trace = true }: ExplainOptions): Generator<Worded> {
    for (const batch of batchesOf(flows, directory)) {
      const isFew = batch.flows.length <= FEW_FLOWS;
      const policies = isFew ? undefined : preparePolicies(world, tiers, { ends: batch, alone });
      const filters = filtersBy(policies?.answer ?? alone, trace);
      const pairOf = policies && createPairs(directory, { ends: batch, policies, leftOut });
      for (const flow of batch.flows) yield pairOf?.(flow) ?? whole(judged(filters, flow));
    }
  }
  function* explainAll(
    flows: readonly Flow[],
    { trace = true }: ExplainOptions = {},
  ): Generator<Explanation> {
    for (const worded of wordAll(flows, { trace }))
      yield worded.kind === 'pair' ? pairExplanation(worded, trace) : worded.explanation;
  }
  return {
    explain,
    explainAll,
    wordAll,
    matrix: (query) => {
      const computed = computeMatrix(query, { directory, tiers, explain });
      return withLeftOut(withInternet(computed, directory, explain), world);
    },
  };
}

const whole = (explanation: Explanation): Worded => ({ kind: 'whole', explanation });

function explainBy(filters: PathFilters, flow: Flow): Explanation {
  const routing = route(flow, filters.directory);
  if (routing.kind === 'stopped') {
    const { toward } = routing;
    return toward === undefined
      ? stop(flow, routing)
      : { flow, ...walkToStop(filters, toward, routing) };
  }
  const walked = routing.deliveries.map((delivery) => walkPath(filters, delivery));
  return { flow, ...together(walked) };
}

const NO_POD: Pick<PodEndpoint, 'labels' | 'openLabels'> = { labels: {} };

/** The policies of each pod and direction, selected once: a selection compares every policy. */
function createTiersOf(tiers: readonly OrderedTier[]): TiersOf {
  const selectedIn = (direction: Direction) =>
    lazyTable(
      ({ labels, openLabels = [] }: Pick<PodEndpoint, 'labels' | 'openLabels'>) =>
        tiersFor(tiers, { labels, openLabels, direction, hooks: WORKLOAD_HOOKS }),
      ({ labels }) => labels,
    );
  const selected = { egress: selectedIn('egress'), ingress: selectedIn('ingress') };
  return ({ pod }, direction) => selected[direction](pod ?? NO_POD);
}

const stop = (flow: Flow, { verdict, evidence }: StoppedRouting): Explanation => ({
  flow,
  verdict,
  by: [evidence],
  trace: NO_TRACE,
});

/**
 * The path of a connection to a Service, which goes to one of its backends. Where the verdicts of all
 * backends are equal, that is the verdict; otherwise it is `unknown`, because it depends on the backend
 * that is chosen.
 */
function together(walked: readonly JudgedPath[]): JudgedPath {
  const [first, ...rest] = walked;
  if (first === undefined) throw new Error('a delivered flow has at least one path');
  if (rest.length === 0) return first;
  const differ = rest.some(({ verdict }) => verdict !== first.verdict);
  if (!differ) return { ...first, by: distinct(walked) };
  const trace = {
    forward: walked.flatMap((one) => one.trace.forward),
    return: walked.flatMap((one) => one.trace.return),
  };
  return { verdict: 'unknown', by: distinct(walked), trace };
}

/** Each rule is cited once, however many backends it decides on. */
const distinct = (walked: readonly JudgedPath[]): JudgedPath['by'] => {
  const all = walked.flatMap(({ by }) => by);
  return uniqueBy(all.toReversed(), ruleName).toReversed();
};

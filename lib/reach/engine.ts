import type { Explanation } from '../model/explanation';
import type { Flow } from '../model/flow';
import type { Matrix } from '../model/matrix';
import { orderTiers, type StagedMode } from '../model/policy-order';
import { ruleName } from '../model/rule-name';
import type { World } from '../model/world';
import type { Routing } from './delivery';
import { createDirectory } from './directory';
import { createHosts } from './host-endpoint';
import { createJudge, type TiersOf } from './judge';
import { computeMatrix, type MatrixQuery } from './matrix';
import { type Walked, walkPath } from './path';
import { route } from './routing';
import { walkToStop } from './stop';
import { tiersFor, WORKLOAD_HOOKS } from './subjects';
import { createFabric } from './vpc';

/** The pure engine: predicts flows in one world and says what decides. It never throws. */
export interface Engine {
  /** Verdict, evidence and trace of one flow. */
  readonly explain: (flow: Flow) => Explanation;
  /** Verdicts of every source against every target, grouped. */
  readonly matrix: (query: MatrixQuery) => Matrix;
}

export interface EngineOptions {
  /** Do staged policies count as if they were enforced ("what if promoted")? */
  readonly staged: StagedMode;
}

/** Prepares a world for questions; the world must not change while the engine is used. */
export function createEngine(world: World, { staged }: EngineOptions): Engine {
  const directory = createDirectory(world);
  const tiers = orderTiers(world.tiers, world.policies, staged);
  const policies = createJudge(world, createTiersOf(tiers));
  const filters = {
    ...{ directory, policies },
    hosts: createHosts(world, tiers, policies),
    fabric: createFabric(world),
  };
  const explain = (flow: Flow): Explanation => {
    const routing = route(flow, directory);
    if (routing.kind === 'stopped') {
      const { toward } = routing;
      return toward === undefined
        ? stop(flow, routing)
        : { flow, ...walkToStop(filters, toward, routing) };
    }
    const walked = routing.deliveries.map((delivery) => walkPath(filters, delivery));
    return { flow, ...together(walked) };
  };
  return { explain, matrix: (query) => computeMatrix(query, { directory, tiers, explain }) };
}

/** Finding the policies of a pod costs a look at each, so it is done once a pod and direction. */
function createTiersOf(tiers: ReturnType<typeof orderTiers>): TiersOf {
  const memo = { egress: new Map(), ingress: new Map() };
  return (party, direction) => {
    const labels = party.pod?.labels ?? {};
    const known = memo[direction].get(labels);
    if (known !== undefined) return known;
    const found = tiersFor(tiers, { labels, direction, hooks: WORKLOAD_HOOKS });
    memo[direction].set(labels, found);
    return found;
  };
}

const stop = (flow: Flow, { verdict, evidence }: Routing & { kind: 'stopped' }): Explanation => ({
  flow,
  verdict,
  by: [evidence],
  trace: { forward: [], return: [] },
});

/**
 * A connection to a Service lands on one of its backends. Where they would all answer alike, that
 * is the answer; where not, it hangs on the backend chosen, and which one that is, nobody knows.
 */
function together(walked: readonly Walked[]): Walked {
  const [first, ...rest] = walked;
  if (first === undefined) throw new Error('a delivered flow has at least one way');
  if (rest.length === 0) return first;
  const differ = rest.some(({ verdict }) => verdict !== first.verdict);
  if (!differ) return { ...first, by: distinct(walked) };
  const trace = {
    forward: walked.flatMap((one) => one.trace.forward),
    return: walked.flatMap((one) => one.trace.return),
  };
  return { verdict: 'unknown', by: distinct(walked), trace };
}

/** One mention of a rule is enough, however many backends it decides on. */
const distinct = (walked: readonly Walked[]): Walked['by'] => {
  const all = walked.flatMap(({ by }) => by);
  return [
    ...new Map(all.toReversed().map((evidence) => [ruleName(evidence), evidence])).values(),
  ].reverse();
};

import type { Flow } from '../model/flow';
import { type Matrix, matrixOf, verdictAt } from '../model/matrix';
import { verdictOf } from '../model/observation';
import type { World } from '../model/world';
import { createEngine, type Engine } from '../reach/engine';
import { everyFlow } from '../reach/questions/diff';
import { type Compared, compared, type Seen } from '../report/comparison';
import type { Local } from '../targets/local/local';

/** A world's whole matrix, judged by the engine and by packets. */
export interface Proof {
  readonly engine: Engine;
  readonly predicted: Matrix;
  readonly observed: Matrix;
  readonly flows: number;
  readonly differing: readonly Compared[];
  /** How long the packets took, in milliseconds. */
  readonly millis: number;
}

/**
 * Predicts every flow of the world that a local target shows, tries each with real packets, and
 * sets the two side by side. A pod to itself is no flow: it never leaves the pod.
 *
 * Ports without a listener are tried too: a rule that admits more than it says would not be
 * noticed on the one port that it is about.
 */
export async function prove(local: Local): Promise<Proof> {
  const engine = createEngine(local.world(), { staged: 'as-written' });
  const predicted = engine.matrix(everyFlow(local.world()));
  const flows = flowsIn(predicted);
  const unserved = unservedFlows(local.world());
  const started = performance.now();
  const seen = await local.observe([...flows.map(({ flow }) => flow), ...unserved], 'off');
  const millis = performance.now() - started;
  const outcomes = new Map(flows.map(({ source, target }, i) => [place(source, target), seen[i]]));
  const differing = [
    ...flows.flatMap(({ flow, source, target }, i) => {
      const one = seen[i];
      const same = one && verdictOf(one.outcome) === verdictAt(predicted, source, target);
      return same ? [] : differs(engine, flow, one);
    }),
    ...unserved.flatMap((flow, i) => differs(engine, flow, seen[flows.length + i])),
  ];
  const observed = observedMatrix(predicted, (s, t) => {
    const one = outcomes.get(place(s, t));
    return one === undefined ? 'allowed' : verdictOf(one.outcome);
  });
  return { engine, predicted, observed, flows: seen.length, differing, millis };
}

function differs(engine: Engine, flow: Flow, seen: Seen | undefined): readonly Compared[] {
  if (seen === undefined) return [];
  const both = compared(engine.explain(flow), seen);
  return both.agreement === 'differs' ? [both] : [];
}

/** A port that no lab serves: discard (RFC 863). A packet that gets through is refused. */
const UNSERVED = 9;

/** Every pod to every other one, on a port without a listener. */
function unservedFlows({ pods }: World): readonly Flow[] {
  const ends = pods.map(({ namespace, name }) => ({ kind: 'pod', namespace, name }) as const);
  return ends.flatMap((from) =>
    ends
      .filter((to) => to !== from)
      .map((to): Flow => ({ from, to, protocol: 'TCP', port: UNSERVED })),
  );
}

/** The engine's matrix alone, where this machine can send no packets. */
export const predictMatrix = (world: World): Matrix =>
  createEngine(world, { staged: 'as-written' }).matrix(everyFlow(world));

interface Placed {
  readonly flow: Flow;
  readonly source: number;
  readonly target: number;
}

const flowsIn = ({ sources, targets }: Matrix): readonly Placed[] =>
  sources.flatMap(({ from }, source) =>
    targets.flatMap(({ to, protocol, port }, target): Placed[] =>
      JSON.stringify(from) === JSON.stringify(to)
        ? []
        : [{ flow: { from, to, protocol, port }, source, target }],
    ),
  );

const place = (source: number, target: number): string => `${source} ${target}`;

type VerdictAt = (source: number, target: number) => ReturnType<typeof verdictAt>;

function observedMatrix(like: Matrix, at: VerdictAt): Matrix {
  const sources = new Map(like.sources.map((source, i) => [source, i]));
  const targets = new Map(like.targets.map((target, i) => [target, i]));
  return matrixOf(like.sources, like.targets, (source, target) =>
    at(sources.get(source) ?? 0, targets.get(target) ?? 0),
  );
}

import type { Filter } from '../model/explanation';
import { type Flow, formatEnd } from '../model/flow';
import { type Matrix, verdictAt } from '../model/matrix';
import type { World } from '../model/world';
import { everyFlow } from '../reach/diff';
import { createEngine, type Engine } from '../reach/engine';
import type { MatrixAim, MatrixQuery } from '../reach/matrix';
import type { PolicyObject } from '../recommend/objects';
import { flowText } from '../report/comparison';

/** What the engine says of recommended policies, were all of them enforced. */
export interface RecommendationProof {
  readonly kept: number;
  /** Flows that were seen and would be cut: none, or the recommendation is wrong. */
  readonly lost: readonly string[];
  /** Flows that nobody saw and that close. */
  readonly closed: number;
  /** Flows that nobody saw and that stay open, gathered by workload. */
  readonly open: readonly StillOpen[];
}

/** Flows between two workloads that nobody saw and that stay open. */
export interface StillOpen extends Pick<Flow, 'protocol' | 'port'> {
  readonly from: string;
  readonly to: string;
  readonly flows: number;
  /**
   * `generalised`: a rule made for others admits them, because replicas share labels. `not-policed`:
   * no policy stands on either side. `other-policies`: what was there before allows them.
   */
  readonly why: 'generalised' | 'not-policed' | 'other-policies';
  /** Policies that admit them. */
  readonly by: readonly string[];
}

/** Judges recommended policies in a world that has them, staged ones as if enforced. */
export function proveRecommendation(
  world: World,
  seen: readonly Flow[],
  policies: readonly PolicyObject[],
): RecommendationProof {
  const engine = createEngine(world, { staged: 'as-enforced' });
  const lost = seen.filter((flow) => engine.explain(flow).verdict !== 'allowed');
  const unseen = judgeUnseen(engine.matrix(everything(world, seen)), seen);
  const names = new Set(
    policies.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`),
  );
  return {
    kept: seen.length - lost.length,
    lost: lost.map(flowText),
    closed: unseen.closed,
    open: unseen.open.map((group) => explained(engine, group, names)),
  };
}

/** Every declared port, of pods and of those outside, and every target that was seen besides. */
function everything(world: World, seen: readonly Flow[]): MatrixQuery {
  const { sources, targets } = everyFlow(world);
  const outside = world.outside.flatMap(({ name, addresses: [address], ports }): MatrixAim[] => {
    const to =
      name === 'internet'
        ? ({ kind: 'internet' } as const)
        : address && { kind: 'ip' as const, address };
    return to ? ports.map(({ protocol, port }) => ({ to, protocol, port })) : [];
  });
  const called = seen.map(({ to, protocol, port }): MatrixAim => ({ to, protocol, port }));
  const all = [...targets, ...outside, ...called];
  return { sources, targets: [...new Map(all.map((aim) => [aimText(aim), aim])).values()] };
}

const aimText = ({ to, protocol, port }: MatrixAim): string =>
  `${formatEnd(to)} ${protocol} ${port}`;

interface Group extends Omit<StillOpen, 'why' | 'by'> {
  readonly example: Flow;
}

/** Flows of the matrix that nobody saw: how many close, and which stay open. Outsiders calling each other are nobody's. */
function judgeUnseen(matrix: Matrix, seen: readonly Flow[]) {
  const known = new Set(seen.map(flowText));
  const open = new Map<string, Group>();
  let closed = 0;
  matrix.sources.forEach(({ from, workload }, s) => {
    matrix.targets.forEach(({ to, protocol, port, ...target }, t) => {
      const example: Flow = { from, to, protocol, port };
      const isOurs = from.kind === 'pod' || to.kind === 'pod';
      const isSelf = formatEnd(from) === formatEnd(to);
      if (isSelf || !isOurs || known.has(flowText(example))) return;
      if (verdictAt(matrix, s, t) !== 'allowed') {
        closed += 1;
        return;
      }
      const key = `${workload} ${target.workload} ${protocol} ${port}`;
      const flows = (open.get(key)?.flows ?? 0) + 1;
      open.set(key, { from: workload, to: target.workload, protocol, port, flows, example });
    });
  });
  return { closed, open: [...open].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group) };
}

const POLICIES: readonly Filter[] = ['network-policy', 'calico-policy', 'cluster-network-policy'];

/** Why a group stays open: who admits one of its flows, as far as anybody is asked. */
function explained(
  engine: Engine,
  { example, ...group }: Group,
  recommended: ReadonlySet<string>,
): StillOpen {
  const by = engine
    .explain(example)
    .by.filter(({ filter, rule }) => POLICIES.includes(filter) && rule !== null)
    .map(({ object }) => object);
  const others = by.filter((object) => !recommended.has(object));
  if (others.length > 0) return { ...group, why: 'other-policies', by: others };
  return { ...group, why: by.length === 0 ? 'not-policed' : 'generalised', by };
}

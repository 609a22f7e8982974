import type { Filter } from '../model/explanation';
import { type Flow, formatEnd } from '../model/flow';
import { type Matrix, type MatrixSource, type MatrixTarget, verdictAt } from '../model/matrix';
import { uniqueBy } from '../model/unique';
import type { World } from '../model/world';
import { createEngine, type Engine } from '../reach/engine';
import type { MatrixAim, MatrixQuery } from '../reach/matrix/types';
import { everyFlow } from '../reach/questions/diff';
import { type SetPolicy, setPolicyName } from '../recommend/set-policy';
import { flowText } from '../report/comparison';
import { createAllowed } from './allowed-flows';
import { afterNextDeploy, type NextDeploy } from './next-deploy';

/** What the engine says of recommended policies, were all of them enforced. */
export interface RecommendationProof {
  readonly kept: number;
  /** Flows that were seen and would be cut: none, or the recommendation is wrong. */
  readonly lost: readonly string[];
  /** Flows that were not seen and that close. */
  readonly closed: number;
  /** Flows that were not seen and that stay open, by workload. */
  readonly open: readonly StillOpen[];
  /** The same policies with the next pods of every workload: nothing is cut and nothing opens, or they do not last. */
  readonly nextDeploy: NextDeploy;
}

/** Flows between two workloads that were not seen and that stay open. */
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
  policies: readonly SetPolicy[],
): RecommendationProof {
  const engine = createEngine(world, { staged: 'as-enforced' });
  const matrix = engine.matrix(everything(world, seen));
  const isAllowed = createAllowed(engine, seen);
  const lost = seen.filter((flow) => !isAllowed(flow));
  const { closed, open } = judgeUnseen(matrix, [...seen, ...seen.flatMap(byTcp)]);
  const names = new Set(policies.map(setPolicyName));
  return {
    kept: seen.length - lost.length,
    lost: lost.map(flowText),
    closed,
    open: open.map((group) => explained(engine, group, names)),
    nextDeploy: afterNextDeploy(world, seen, everything),
  };
}

/** The same lookup by TCP, which every rule for lookups allows too (RFC 7766); a note says so. */
const byTcp = (flow: Flow): readonly Flow[] =>
  flow.port === 53 && flow.protocol === 'UDP' ? [{ ...flow, protocol: 'TCP' }] : [];

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
  return { sources, targets: uniqueBy(all, aimText) };
}

const aimText = ({ to, protocol, port }: MatrixAim): string =>
  `${formatEnd(to)} ${protocol} ${port}`;

interface Group extends Omit<StillOpen, 'why' | 'by'> {
  readonly example: Flow;
}

interface Unseen {
  readonly closed: number;
  readonly open: readonly Group[];
}

/**
 * Flows of the matrix that were not seen: how many close, and which stay open. There may be a hundred
 * million, so nothing is made for those that close.
 */
function judgeUnseen(matrix: Matrix, seen: readonly Flow[]): Unseen {
  const isAsked = createAsked(matrix, seen);
  const open = new Map<string, Group>();
  let closed = 0;
  matrix.sources.forEach((source, s) => {
    matrix.targets.forEach((target, t) => {
      if (!isAsked(s, t)) return;
      if (verdictAt(matrix, s, t) === 'allowed') addTo(open, source, target);
      else closed += 1;
    });
  });
  return { closed, open: [...open].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group) };
}

function addTo(open: Map<string, Group>, source: MatrixSource, target: MatrixTarget): void {
  const { to, protocol, port } = target;
  const key = `${source.workload} ${target.workload} ${protocol} ${port}`;
  open.set(key, {
    from: source.workload,
    to: target.workload,
    protocol,
    port,
    flows: (open.get(key)?.flows ?? 0) + 1,
    example: { from: source.from, to, protocol, port },
  });
}

type Places = (flow: Flow) => { readonly source: number; readonly target: number } | undefined;

/** Where flows stand in a matrix; nowhere if it does not have their ends. */
function createPlaces({ sources, targets }: Matrix): Places {
  const sourceAt = new Map(sources.map(({ from }, i) => [formatEnd(from), i]));
  const targetAt = new Map(targets.map((target, i) => [aimText(target), i]));
  return (flow) => {
    const source = sourceAt.get(formatEnd(flow.from));
    const target = targetAt.get(aimText(flow));
    return source === undefined || target === undefined ? undefined : { source, target };
  };
}

/**
 * Which places of a matrix are flows that were not seen and that a policy could decide: not a pod to
 * itself, and not one outside host to another.
 */
function createAsked(matrix: Matrix, seen: readonly Flow[]): (s: number, t: number) => boolean {
  const { sources, targets } = matrix;
  const placeOf = createPlaces(matrix);
  const width = targets.length;
  const known = new Set(
    seen.map(placeOf).map((place) => (place ? place.source * width + place.target : -1)),
  );
  const ids = new Map(sources.map(({ from }, i) => [formatEnd(from), i]));
  const sourceIsPod = sources.map(({ from }) => from.kind === 'pod');
  const targetIsPod = targets.map(({ to }) => to.kind === 'pod');
  const self = targets.map(({ to }) => ids.get(formatEnd(to)));
  return (s, t) =>
    (sourceIsPod[s] === true || targetIsPod[t] === true) &&
    self[t] !== s &&
    !known.has(s * width + t);
}

const POLICIES: readonly Filter[] = ['network-policy', 'calico-policy', 'cluster-network-policy'];

/** Why a group stays open: which policies admit one of its flows, where any apply. */
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

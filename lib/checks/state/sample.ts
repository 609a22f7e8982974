import type { FlowCheck, StateCheck } from '../../lab/check';
import type { Verdict } from '../../model/explanation';
import { type FlowEnd, formatEnd } from '../../model/flow';
import { verdictAt } from '../../model/matrix';
import type { World } from '../../model/world';
import { createEngine, type Engine } from '../../reach/engine';
import { realEnds, UNSERVED_PORT } from './aims';

/** Most flows that packets prove in one check: a denial is a wait, and a check answers within seconds. */
const MAX_FLOWS = 48;

/**
 * A flow of each class that the filters of the required world tell apart, between ends that can send
 * and answer packets: what the engine says of all pairs, packets prove of these.
 */
export function sampleFlows(check: StateCheck, world: World): readonly FlowCheck[] {
  const engine = createEngine(world, { staged: 'as-written' });
  const sources = realEnds(world).filter(({ kind }) => kind !== 'node' && kind !== 'eni');
  const targets = world.pods.flatMap(({ namespace, name, ports }) =>
    [...ports.filter((p) => p.protocol === 'TCP').map(({ port }) => port), UNSERVED_PORT].map(
      (port) => ({
        to: { kind: 'pod', namespace, name } as const,
        protocol: 'TCP' as const,
        port,
        isServed: port !== UNSERVED_PORT,
      }),
    ),
  );
  const matrix = engine.matrix({ sources, targets });
  const classes = new Map<string, FlowCheck>();
  sources.forEach((from, s) => {
    targets.forEach((aim, t) => {
      const key = `${matrix.rowOf[s]} ${matrix.columnOf[t]} ${aim.isServed}`;
      if (classes.has(key) || formatEnd(from) === formatEnd(aim.to)) return;
      const expect = expectedOf(verdictAt(matrix, s, t), aim.isServed);
      if (expect === undefined) return;
      const flow = flowCheck(check, { from, to: aim.to, port: aim.port, expect });
      const known = expect === 'denied' ? withControl(flow, { engine, sources, aim }) : flow;
      if (known !== undefined) classes.set(key, known);
    });
  });
  return evenly([...classes.values()], MAX_FLOWS);
}

const expectedOf = (verdict: Verdict, isServed: boolean): FlowCheck['expect'] | undefined => {
  switch (verdict) {
    case 'allowed':
      return isServed ? 'allowed' : 'refused';
    case 'denied':
      // Without a server there is no control that could tell a filter from a dead target.
      return isServed ? 'denied' : undefined;
    case 'no-route':
      return 'unreachable';
    case 'unknown':
      return undefined;
  }
};

interface SampledFlow {
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly port: number;
  readonly expect: FlowCheck['expect'];
}

const flowCheck = (
  { because }: StateCheck,
  { from, to, port, expect }: SampledFlow,
): FlowCheck => ({
  kind: 'flow',
  from: formatEnd(from),
  to: `${formatEnd(to)}:${port}`,
  expect,
  because,
});

interface ControlSearch {
  readonly engine: Engine;
  readonly sources: readonly FlowEnd[];
  readonly aim: { readonly to: FlowEnd; readonly protocol: 'TCP'; readonly port: number };
}

/** The denial with a control that the required world allows: the target's node, or another end. */
function withControl(
  flow: FlowCheck,
  { engine, sources, aim: { to, protocol, port } }: ControlSearch,
): FlowCheck | undefined {
  const reaches = (from: FlowEnd): boolean =>
    formatEnd(from) !== formatEnd(to) &&
    engine.explain({ from, to, protocol, port }).verdict === 'allowed';
  const control = sources.find(reaches);
  return control === undefined ? flow : { ...flow, control: formatEnd(control) };
}

/** So many items at most, spread over the whole list. */
const evenly = <T>(items: readonly T[], most: number): readonly T[] =>
  items.length <= most
    ? items
    : items.filter(
        (_, i) =>
          Math.floor((i * most) / items.length) !== Math.floor(((i - 1) * most) / items.length),
      );

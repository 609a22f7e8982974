import type { FlowEnd, Protocol } from '../../lib/model/flow';
import { verdictAt } from '../../lib/model/matrix';
import { createEngine, type Engine } from '../../lib/reach/engine';
import { worldOf } from '../build/world-of';
import { lacksVectors, testUnless } from '../skip';
import { manifests, type Step, VECTORS, vectorSteps } from './vectors';

const steps = vectorSteps();
const judged = testUnless(lacksVectors(VECTORS));

/** Reading costs more than judging, so each step is read once. */
const engines = new Map<Step, Engine>();
function engineOf(step: Step): Engine {
  const engine =
    engines.get(step) ?? createEngine(worldOf(manifests(step)), { staged: 'as-written' });
  engines.set(step, engine);
  return engine;
}

const endsOf = (step: Step): readonly FlowEnd[] =>
  step.pods.map(({ ns, name }) => ({ kind: 'pod', namespace: ns, name }));

/** `PROTOCOL/PORT` as part of a flow. */
function trafficOf(text: string) {
  const [protocol, port] = text.split('/');
  return { protocol: protocol as Protocol, port: Number(port) };
}

/** The squares as the engine draws them, its diagonal copied from what is expected. */
function squares(step: Step): Step['expect'] {
  const engine = engineOf(step);
  const ends = endsOf(step);
  const draw = ([text, expected]: [string, readonly string[]]) => {
    const traffic = trafficOf(text);
    const matrix = engine.matrix({
      sources: ends,
      targets: ends.map((to) => ({ to, ...traffic })),
    });
    const cell = (s: number, t: number): string => {
      if (s === t) return expected[s]?.[t] ?? '';
      return verdictAt(matrix, s, t) === 'allowed' ? '.' : 'X';
    };
    return [text, ends.map((_, s) => ends.map((_, t) => cell(s, t)).join(''))];
  };
  return Object.fromEntries(Object.entries(step.expect).map(draw));
}

judged('NetworkPolicy vectors: every verdict off the diagonal', () => {
  expect(steps).toHaveLength(256);
  const drawn = steps.map((step) => ({ name: step.name, squares: squares(step) }));
  expect(drawn).toEqual(steps.map(({ name, expect: squares }) => ({ name, squares })));
});

judged('NetworkPolicy vectors, flow by flow', () => {
  const wrong = steps.flatMap((step) => {
    const engine = engineOf(step);
    const ends = endsOf(step);
    return Object.entries(step.expect)
      .slice(0, 1)
      .flatMap(([text, rows]) =>
        ends.flatMap((from, s) =>
          ends.flatMap((to, t) => {
            const { verdict } = engine.explain({ from, to, ...trafficOf(text) });
            const expected = rows[s]?.[t] === '.' ? 'allowed' : 'denied';
            return s === t || verdict === expected ? [] : [`${step.name}, ${text}, ${s} -> ${t}`];
          }),
        ),
      );
  });
  expect(wrong).toEqual([]);
});

import * as fc from 'fast-check';
import { labs } from '../../labs';
import type { Lab } from '../../lib/lab/format';
import {
  advance,
  advanceLab,
  currentStep,
  type LabEvent,
  labState,
  nextHint,
  readProgress,
  resetLab,
} from '../../lib/lab/progress';

const lab = labs.find(({ id }) => id === 'k8s-5-network-policy') as Lab<string>;

test('a lab goes from new through its steps to done, and hints come in order', () => {
  expect(labState(lab, undefined)).toBe('new');
  const begun = advance(undefined, { kind: 'begun', stage: 'open' });
  expect(labState(lab, begun)).toBe('begun');
  const first = currentStep(lab, begun);
  expect(first?.id).toBe('isolate');
  if (first === undefined) throw new Error('no step');
  const hinted = advance(begun, { kind: 'hint-taken', step: first.id });
  expect([nextHint(first, begun), nextHint(first, hinted)]).toEqual(first.hints.slice(0, 2));
  const done = lab.steps.reduce(
    (progress, { id }) => advance(progress, { kind: 'step-passed', step: id }),
    hinted,
  );
  expect(labState(lab, done)).toBe('done');
  expect(currentStep(lab, done)).toBeUndefined();
});

test('beginning again keeps what was learned; reset forgets one lab and no other', () => {
  const passed = advanceLab({}, 'a', { kind: 'step-passed', step: 's' });
  const both = advanceLab(passed, 'b', { kind: 'begun', stage: 'open', seed: 7 });
  const again = advanceLab(both, 'a', { kind: 'begun', stage: 'app' });
  expect(again.a).toEqual({ done: ['s'], solved: [], hints: {}, answers: {}, stage: 'app' });
  expect(resetLab(again, 'a')).toEqual({ b: both.b });
});

const name = fc.string({ unit: fc.constantFrom(...'abc'), minLength: 1, maxLength: 3 });
const event: fc.Arbitrary<LabEvent> = fc.oneof(
  fc.record({ kind: fc.constant('begun' as const), stage: name, seed: fc.nat() }),
  fc.record({ kind: fc.constant('stage-entered' as const), stage: name }),
  fc.record({ kind: fc.constant('step-passed' as const), step: name }),
  fc.record({ kind: fc.constant('hint-taken' as const), step: name }),
  fc.record({ kind: fc.constant('solution-taken' as const), step: name }),
  fc.record({ kind: fc.constant('answered' as const), question: name, answer: fc.string() }),
);

test('whatever happens, progress survives being written and read, and no step is done twice', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, event), { maxLength: 30 }), (events) => {
      const progress = events.reduce((all, [id, each]) => advanceLab(all, id, each), {});
      expect(readProgress(JSON.stringify(progress))).toEqual(progress);
      for (const { done } of Object.values(progress) as { done: string[] }[])
        expect(new Set(done).size).toBe(done.length);
    }),
  );
});

test.each(['', 'null', '[]', '{"a":1}', '{"a":{"done":[1],"solved":[],"hints":{},"answers":{}}}'])(
  'a file that holds %j is refused, not forgotten',
  (text) => {
    expect(() => readProgress(text)).toThrow(expect.objectContaining({ code: 'bad-progress' }));
  },
);

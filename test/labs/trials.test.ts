import { labs } from '../../labs';
import { drawSample } from '../../lib/proof/trial-sample';
import { wrongOf } from '../../lib/proof/trials';

/** Steps whose wrong solutions are not written yet. */
const REMAINING = ['cni-1-plugin check', 'k8s-6-ingress rules'];

/** Steps of labs on this machine that ask for a change, with the wrong solutions that are tried. */
const steps = labs
  .filter(({ targets }) => targets.includes('local'))
  .flatMap((lab) =>
    lab.steps
      .filter(({ solution }) => solution.kind !== 'answers')
      .filter(({ id }) => !REMAINING.includes(`${lab.id} ${id}`))
      .map((step) => ({ name: `${lab.id} ${step.id}`, step, wrong: wrongOf(lab, step, '') })),
  );

test.each(steps)('$name: at least four wrong solutions, of different kinds', ({ wrong }) => {
  expect(wrong.length).toBeGreaterThanOrEqual(4);
  expect(new Set(wrong.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(2);
});

test('alternatives that differ from the reference are tried in all levels', () => {
  const alternatives = steps.flatMap(({ step }) => step.trials?.alternatives ?? []);
  expect(alternatives.length).toBeGreaterThanOrEqual(40);
});

test('a sample is drawn by its seed', () => {
  const items = Array.from({ length: 20 }, (_, i) => `${i}`);
  const draw = (seed: string) => drawSample(items, { count: 3, seed }, (item) => item);
  expect(draw('1')).toEqual(draw('1'));
  expect(draw('1')).toHaveLength(3);
  expect(new Set(['1', '2', '3', '4'].map((seed) => draw(seed).join())).size).toBeGreaterThan(1);
  expect(drawSample(items, { seed: '1' }, (item) => item)).toEqual(items);
});

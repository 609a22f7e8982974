import { labs } from '../../labs';
import { drawFault, FIND_STEP, shownStage } from '../../lib/lab/fault';

const drawing = labs.filter(({ faults }) => faults !== undefined);

test('two labs draw a fault', () => {
  expect(drawing.map(({ id }) => id)).toEqual(['k8s-7-troubleshoot', 'aws-5-path']);
});

test.each(drawing)('$id: seeds go through all faults, and each is asked for', (lab) => {
  const faults = lab.faults ?? [];
  const drawn = faults.map((_, seed) => drawFault(lab, seed));
  expect(drawn.map(({ start }) => start)).toEqual(faults.map(({ stage }) => stage));
  for (const [seed, one] of drawn.entries()) {
    const [check] = one.steps.find(({ id }) => id === FIND_STEP)?.checks ?? [];
    expect(check).toMatchObject({ kind: 'answer', question: faults[seed]?.question });
  }
  expect(drawFault(lab, faults.length)).toEqual(drawn[0]);
  expect(drawFault(lab, -1)).toEqual(drawn.at(-1));
});

test.each(drawing)(
  '$id: no fault is given away by its stage, and the healthy one has its name',
  (lab) => {
    const faulty = (lab.faults ?? []).map(({ stage }) => stage);
    for (const stage of faulty) expect(shownStage(lab, stage)).toBe('as it was found');
    const healthy = lab.stages.map(({ name }) => name).filter((name) => !faulty.includes(name));
    expect(healthy.map((stage) => shownStage(lab, stage))).toEqual(healthy);
    expect(healthy.length).toBeGreaterThan(0);
  },
);

test('a lab that draws nothing comes back as it is', () => {
  const [plain] = labs;
  expect(plain && drawFault(plain, 3)).toBe(plain);
});

import { labs } from '../../labs';
import { type Exam, examResult, examSeeds, pointsOf, roundOf } from '../../lib/lab/exam';
import { drawFault } from '../../lib/lab/fault';
import { advance, type LabEvent } from '../../lib/lab/progress';

const labNamed = (id: string) => {
  const lab = labs.find((one) => one.id === id);
  if (lab === undefined) throw new Error(id);
  return lab;
};

const exam = (lab: string, seeds: readonly number[]): Exam => ({
  lab,
  startedAt: '2026-01-01T10:00:00.000Z',
  seeds,
  rounds: [],
  progress: { done: [], solved: [], hints: {}, answers: {} },
});

test.each(['k8s-7-troubleshoot', 'aws-5-path'])('%s draws three faults that differ', (id) => {
  const lab = labNamed(id);
  for (const seed of [0, 1, 7, 999_999]) {
    const seeds = examSeeds(lab, seed);
    expect(seeds).toHaveLength(3);
    expect(new Set(seeds.map((one) => drawFault(lab, one).start)).size).toBe(3);
    expect(examSeeds(lab, seed)).toEqual(seeds);
  }
});

test('a lab that draws nothing has one round', () => {
  expect(examSeeds(labNamed('linux-1-veth'), 5)).toEqual([0]);
});

test('a step loses points by failed checks and wrong answers, and keeps a fifth', () => {
  const points = (misses: number) => pointsOf({ step: 'a', passed: true, misses });
  expect([0, 1, 2, 4, 9].map(points)).toEqual([100, 80, 60, 20, 20]);
  expect(pointsOf({ step: 'a', passed: false, misses: 0 })).toBe(0);
});

test('a result has the mean of all steps, those of rounds not begun included, and the minutes', () => {
  const lab = labNamed('linux-1-veth');
  const events: readonly LabEvent[] = [
    { kind: 'check-failed', step: 'namespaces' },
    { kind: 'answered', question: 'interfaces-of-new', answer: '2', isWrong: true },
    { kind: 'answered', question: 'interfaces-of-new', answer: '1' },
    { kind: 'step-passed', step: 'namespaces' },
    { kind: 'step-passed', step: 'cable' },
  ];
  const begun = exam(lab.id, [0]);
  const progress = events.reduce((before, event) => advance(before, event), begun.progress);
  const round = roundOf(lab, { ...begun, progress }, 0);
  expect(round.steps.map(pointsOf)).toEqual([60, 100, 0, 0]);
  const result = examResult(lab, { ...begun, rounds: [round] }, '2026-01-01T10:12:30.000Z');
  expect(result).toMatchObject({ score: 40, minutes: 12.5 });
  const three = examResult(lab, { ...exam(lab.id, [0, 1, 2]), rounds: [round] }, begun.startedAt);
  expect(three.score).toBe(13);
  expect(three.rounds).toHaveLength(3);
});

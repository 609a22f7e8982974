import { labs } from '../../labs';
import { advanceLab, type LabEvent } from '../../lib/lab/progress';
import { progressHtml, progressSummary, progressText } from '../../lib/report/progress';

const events: readonly LabEvent[] = [
  { kind: 'begun' },
  { kind: 'hint-taken', step: 'namespaces' },
  { kind: 'hint-taken', step: 'namespaces' },
  { kind: 'check-failed', step: 'namespaces' },
  { kind: 'answered', question: 'why-isolated', answer: '<b>a firewall</b>', isWrong: true },
  { kind: 'solution-taken', step: 'namespaces' },
  { kind: 'step-passed', step: 'namespaces' },
];
const progress = events.reduce((before, one) => advanceLab(before, 'linux-1-veth', one), {});
const exams = [
  {
    lab: 'linux-1-veth',
    startedAt: '2026-01-01T10:00:00.000Z',
    endedAt: '2026-01-01T10:12:00.000Z',
    minutes: 12,
    score: 85,
    rounds: [],
  },
];
const summary = progressSummary(labs, progress, exams);

test('what was done is counted', () => {
  expect(summary.labs).toHaveLength(labs.length);
  expect(summary.labs[0]).toMatchObject({
    state: 'begun',
    steps: { done: 1, all: 4 },
    next: 'cable',
    questions: { answered: 1, all: 3 },
    hints: 2,
    solutions: 1,
    wrongAnswers: 1,
    failedChecks: 1,
  });
});

test('the text has the labs that were begun, and the exams', () => {
  const text = progressText(summary);
  expect(text).toContain(`0 of ${labs.length} labs done, 1 begun.`);
  expect(text).toContain('1/4 steps, 1/3 questions, 2 hints, 1 solutions, 1 wrong answers');
  expect(text).toContain('85 of 100 points in 12 minutes, 2026-01-01');
  expect(text).not.toContain('linux-2-bridge');
});

test('the page has every lab, no script, and no markup of an input', () => {
  const hostile = { ...summary, exams: [{ ...exams[0], lab: '<script>alert(1)</script>' }] };
  const html = progressHtml(hostile as typeof summary, '<now>');
  for (const { id } of labs) expect(html).toContain(`<td>${id}</td>`);
  expect(html).not.toMatch(/<script|<now>/);
  expect(html).toContain('&#60;script&#62;');
});

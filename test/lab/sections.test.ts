import { labs } from '../../labs';
import { conceptText, writtenSections } from '../../lib/lab/sections';
import { conceptOf, lessonOf } from '../../lib/session/lesson';

const text = `# Title

Rendered.

## Why

A reason.

## Concept

First paragraph.

\`\`\`sh
## not a heading
\`\`\`

- one
- two

## The tasks

Rendered.

## In your own cluster

By hand.

## Read on

Rendered.
`;

test('parts by hand are told from rendered ones, and code from headings', () => {
  expect(writtenSections(text).map(({ heading }) => heading)).toEqual([
    'Why',
    'Concept',
    'In your own cluster',
  ]);
});

test('a concept is prose without code, in whole paragraphs', () => {
  expect(conceptText(writtenSections(text))).toBe('First paragraph.\n\n- one\n- two');
});

test.each(labs.map(({ id }) => id))('%s: the concept fits ten lines of ninety columns', (id) => {
  const lab = labs.find((one) => one.id === id);
  const lines = lab === undefined ? [] : conceptOf(lab).split('\n');
  expect(lines.length).toBeLessThanOrEqual(10);
  expect(lines.join(' ').length).toBeGreaterThan(200);
  expect(lines.filter(({ length }) => length > 92)).toEqual([]);
});

describe('a lesson gives nothing away', () => {
  const here = labs.filter(({ environment }) => environment.kind === 'linux');

  test.each(here.map((lab) => ({ id: lab.id, lab })))('$id', ({ lab }) => {
    const lesson = lessonOf(lab, undefined);
    expect(lesson).not.toContain('<details>');
    expect(lesson).not.toContain(lab.head.conclusion);
    for (const { task, hints, because, solution } of lab.steps) {
      expect(lesson).toContain(task);
      expect(hints.filter((hint) => lesson.includes(hint))).toEqual([]);
      expect(lesson).not.toContain(because);
      const typed = solution.kind === 'commands' ? solution.commands : [];
      const tasks = lesson.slice(lesson.indexOf('## The tasks'));
      expect(typed.filter(({ run }) => run.length > 20 && tasks.includes(run))).toEqual([]);
    }
  });

  test('and its conclusion once it is done', () => {
    const [lab] = here;
    if (lab === undefined) throw new Error('no lab');
    const done = lab.steps.map(({ id }) => id);
    expect(lessonOf(lab, { done, solved: [], hints: {}, answers: {} })).toContain(
      lab.head.conclusion,
    );
  });
});

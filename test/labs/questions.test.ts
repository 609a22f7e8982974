import { labs } from '../../labs';
import { type Question, wrongAnswers } from '../../lib/lab/answer';
import { allQuestions } from '../../lib/lab/validate';

/** Every question that a lab may ask, those of faults that are not drawn among them. */
const asked = labs.flatMap((lab) =>
  [...allQuestions(lab), ...(lab.faults ?? []).map(({ question }) => question)].flatMap(
    (question) => reasonsOf(lab.id, question),
  ),
);

const reasons = asked.flatMap(({ name, right, whyNot }) =>
  Object.entries(whyNot).map(([answer, why]) => ({ name, answer, why, right })),
);

test('every wrong answer has a reason, and every reason a wrong answer', () => {
  expect(reasons.length).toBeGreaterThan(400);
  for (const { name, wrong, whyNot } of asked)
    expect({ name, answers: Object.keys(whyNot).sort() }).toEqual({ name, answers: wrong });
});

test('a reason is one short sentence, and says more than no', () => {
  expect(reasons.filter(({ why }) => why.length > 140 || why.split(' ').length < 3)).toEqual([]);
  // The line it stands in ends it (`notRight`).
  expect(reasons.filter(({ why }) => /[.!]$/.test(why))).toEqual([]);
});

test('a reason speaks of its own option: no two of a question are the same', () => {
  for (const { name, whyNot } of asked)
    expect({ name, said: new Set(Object.values(whyNot)).size }).toEqual({
      name,
      said: Object.keys(whyNot).length,
    });
});

test('no reason gives the right answer away', () => {
  const told = reasons.filter(({ why, right }) =>
    right.some((answer) => answer.includes(' ') && why.toLowerCase().includes(answer)),
  );
  expect(told).toEqual([]);
});

interface Reasons {
  readonly name: string;
  readonly wrong: readonly string[];
  readonly whyNot: Readonly<Record<string, string>>;
  /** In small letters. */
  readonly right: readonly string[];
}

function reasonsOf(lab: string, { id, accept }: Question): readonly Reasons[] {
  if (accept.kind !== 'choice' && accept.kind !== 'text') return [];
  return [
    {
      name: `${lab} ${id}`,
      wrong: [...wrongAnswers(accept)].sort(),
      whyNot: accept.whyNot ?? {},
      right: [accept.right].flat().map((answer) => answer.toLowerCase()),
    },
  ];
}

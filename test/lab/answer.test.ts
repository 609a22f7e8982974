import {
  type Accept,
  judgeAnswer,
  notRight,
  rightAnswer,
  wrongAnswers,
  wrongBecause,
} from '../../lib/lab/answer';

const choice: Accept = { kind: 'choice', options: ['one way', 'both ways'], right: 'both ways' };
const taught: Accept = { ...choice, whyNot: { 'one way': 'replies go the other' } };
const number: Accept = { kind: 'number', value: 50, tolerance: 0.5 };
const text: Accept = {
  kind: 'text',
  right: ['time-out', 'timeout'],
  wrong: ['refused'],
  sort: 'a word',
};
const told: Accept = { ...text, whyNot: { refused: 'that would be an answer' } };
const set: Accept = { kind: 'set', members: ['a', 'b'] };
const observed: Accept = { kind: 'observed', fact: 'address', of: 'web' };

test.each`
  accept      | typed             | expected
  ${choice}   | ${'both ways'}    | ${'right'}
  ${choice}   | ${' Both  WAYS '} | ${'right'}
  ${choice}   | ${'b'}            | ${'right'}
  ${choice}   | ${'a'}            | ${'wrong'}
  ${choice}   | ${''}             | ${'wrong'}
  ${number}   | ${'50.4'}         | ${'right'}
  ${number}   | ${'51'}           | ${'wrong'}
  ${number}   | ${''}             | ${'wrong'}
  ${number}   | ${'fifty'}        | ${'wrong'}
  ${text}     | ${'Timeout'}      | ${'right'}
  ${text}     | ${'refused'}      | ${'wrong'}
  ${set}      | ${'b, a'}         | ${'right'}
  ${set}      | ${'a a b'}        | ${'right'}
  ${set}      | ${'a'}            | ${'wrong'}
  ${set}      | ${'a b c'}        | ${'wrong'}
  ${observed} | ${'10.0.0.1'}     | ${'right'}
  ${observed} | ${'10.0.0.3'}     | ${'wrong'}
`('$accept.kind: "$typed" is $expected', ({ accept, typed, expected }) => {
  expect(judgeAnswer(accept, typed, ['10.0.0.1', '10.0.0.2'])).toBe(expected);
});

test.each([choice, number, text, set, observed])(
  '$kind: the right answer is right, the wrong ones wrong',
  (accept) => {
    const seen = ['10.0.0.1'];
    expect(judgeAnswer(accept, rightAnswer(accept, seen) ?? '', seen)).toBe('right');
    expect(wrongAnswers(accept).length).toBeGreaterThan(0);
    for (const wrong of wrongAnswers(accept))
      expect(judgeAnswer(accept, wrong, seen)).toBe('wrong');
  },
);

test.each`
  accept      | typed         | because
  ${choice}   | ${'a'}        | ${'another option is right'}
  ${choice}   | ${'one way'}  | ${'another option is right'}
  ${choice}   | ${'c'}        | ${'say a, b'}
  ${taught}   | ${'a'}        | ${'replies go the other'}
  ${taught}   | ${'One way'}  | ${'replies go the other'}
  ${number}   | ${'49'}       | ${'it is more than that'}
  ${number}   | ${'51'}       | ${'it is less than that'}
  ${number}   | ${''}         | ${'a number is asked for, like 12 or 0.75'}
  ${number}   | ${'fifty'}    | ${'a number is asked for, like 12 or 0.75'}
  ${text}     | ${'refused'}  | ${'that is not it: say a word'}
  ${told}     | ${' Refused'} | ${'that would be an answer'}
  ${told}     | ${'silence'}  | ${'that is not it: say a word'}
  ${set}      | ${'a'}        | ${'1 of your 1 belong, and there are 2'}
  ${set}      | ${'A b c c'}  | ${'2 of your 3 belong, and there are 2'}
  ${observed} | ${'10.0.0.3'} | ${'this machine shows another address'}
`('$accept.kind: "$typed" is wrong because: $because', ({ accept, typed, because }) => {
  expect(wrongBecause(accept, typed)).toBe(because);
});

test('a reason ends in a full stop, and one that asks back in its own mark', () => {
  expect(notRight(taught, 'a')).toBe('Not right: replies go the other.');
  const asking: Accept = { ...choice, whyNot: { 'one way': 'and the replies?' } };
  expect(notRight(asking, 'a')).toBe('Not right: and the replies?');
});

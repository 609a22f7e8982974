import { type Accept, judgeAnswer, rightAnswer, wrongAnswers } from '../../lib/lab/answer';

const choice: Accept = { kind: 'choice', options: ['one way', 'both ways'], right: 'both ways' };
const number: Accept = { kind: 'number', value: 50, tolerance: 0.5 };
const text: Accept = { kind: 'text', right: ['time-out', 'timeout'], wrong: ['refused'] };
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

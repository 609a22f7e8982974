import fc from 'fast-check';
import { escapeControl, printable } from '../../lib/cli/common/printable';
import type { Terminal } from '../../lib/cli/common/terminal';
import { COLOURED, PLAIN } from '../../lib/report/palette';
import { newPerson } from '../cli/run';

const person = newPerson();
afterAll(person.leave);

const OBEYED = /[^\n\t\P{Cc}]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const recorded = () => {
  const lines: string[] = [];
  const take = (text: string): void => void lines.push(text);
  const given: Terminal = { out: take, err: take, palette: PLAIN, live: false, interactive: false };
  return { lines, given };
};

test('no text makes a terminal do anything but print', () => {
  const { lines, given } = recorded();
  const { out, err } = printable(given);
  const texts = fc.string({
    unit: fc.oneof(
      fc.constantFrom('\x1b', '\x07', '\x9b', '\u202e', '\r'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(texts, (text) => {
      out(text);
      err(text);
      expect(lines.splice(0).join('')).not.toMatch(OBEYED);
    }),
  );
});

test('JSON keeps its value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(JSON.parse(escapeControl(JSON.stringify({ text })))).toEqual({ text });
    }),
  );
});

test('our own colours stay, every other sequence does not', () => {
  const { lines, given } = recorded();
  printable({ ...given, palette: COLOURED }).out(COLOURED.bad('a\x1b]0;title\x07\x1b[8m'));
  expect(lines).toEqual(['\x1b[31ma\\u001b]0;title\\u0007\\u001b[8m\x1b[39m']);
});

test('long names are cut', () => {
  const { lines, given } = recorded();
  printable(given).err(`bad ${'x'.repeat(1_000_000)}`);
  expect(lines[0]).toMatch(/x\.\.\. \(1000000 characters\)$/);
  expect(lines[0]?.length).toBeLessThan(400);
});

test.each([
  ['a kind', `{apiVersion: v1, kind: "1 \\e]0;T\\a", metadata: {name: a}}`],
  [
    'a name',
    `{apiVersion: v1, kind: Pod, metadata: {name: "\\e[2J\\u202e"}, spec: {containers: [{name: m, image: i}]}}`,
  ],
  [
    'a label',
    `{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {"\\x9b2J": b}}, spec: {containers: [{name: m, image: i}]}}`,
  ],
  ['a key', `{apiVersion: v1, kind: Pod, "\\e[2J": 1, metadata: {name: a}}`],
])('%s with control characters reaches no terminal', async (_, text) => {
  const ran = await person.here('lint', '--manifests', person.write('x.yaml', text));
  expect(ran.out + ran.err).not.toMatch(OBEYED);
});

test('a file name with control characters reaches no terminal', async () => {
  const ran = await person.here('lint', '--manifests', person.write('\x1b[2J.yaml', 'a: ['));
  expect(ran.code).toBe(2);
  expect(ran.out + ran.err).not.toMatch(OBEYED);
});

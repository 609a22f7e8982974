import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type Labels, matches, type Selector } from '../../../lib/model/selector';
import { parseSelector } from '../../../lib/read/policies/selector';
import { formatSelector } from '../../../lib/read/policies/selector-format';
import { foreignVectors, lacksVectors, testUnless } from '../../skip';

const parse = (text: string): Selector => {
  const read = parseSelector(text);
  if ('problem' in read) throw new Error(`${read.problem}: ${read.fix}`);
  return read;
};

interface Vectors {
  readonly selectorTests: readonly (readonly [string, readonly Labels[], readonly Labels[]])[];
  readonly badSelectors: readonly string[];
  readonly canonicalisationTests: readonly (readonly [string, string, string])[];
}

const VECTORS = 'calico-selectors.json';
const lacking = lacksVectors(VECTORS);

if (lacking === undefined) {
  const vectors: Vectors = JSON.parse(readFileSync(foreignVectors(VECTORS), 'utf8'));
  describe("Calico's own cases", () => {
    test.each(vectors.selectorTests.map((row) => [...row]))('%s', (text, yes, no) => {
      const selector = parse(text);
      const rewritten = parse(formatSelector(selector));
      for (const labels of yes) {
        expect([text, labels, matches(selector, labels)]).toEqual([text, labels, true]);
        expect([text, labels, matches(rewritten, labels)]).toEqual([text, labels, true]);
      }
      for (const labels of no) {
        expect([text, labels, matches(selector, labels)]).toEqual([text, labels, false]);
        expect([text, labels, matches(rewritten, labels)]).toEqual([text, labels, false]);
      }
    });
    test.each(vectors.badSelectors)('rejects %s', (text) => {
      expect(parseSelector(text)).toHaveProperty('problem');
    });
    test.each(vectors.canonicalisationTests)('%s is written %s', (text, canonical) => {
      expect(formatSelector(parse(text))).toBe(canonical);
    });
  });
} else {
  testUnless(lacking)("Calico's own cases");
}

describe('how a selector binds', () => {
  test.each`
    text                                  | canonical
    ${'a == "1" || b == "2" && c == "3"'} | ${'(a == "1" || (b == "2" && c == "3"))'}
    ${"!a == 'b'"}                        | ${'!a == "b"'}
    ${'!!has(a)'}                         | ${'has(a)'}
    ${'!(has(a) && has(b))'}              | ${'!(has(a) && has(b))'}
    ${'a notin {"x",}'}                   | ${'a not in {"x"}'}
    ${'a in {}'}                          | ${'a in {}'}
    ${'contains contains "contains"'}     | ${'contains contains "contains"'}
    ${'has == "x" && in in {"y"}'}        | ${'(has == "x" && in in {"y"})'}
    ${'\ta\tstartswith\t"x"'}             | ${'a starts with "x"'}
    ${'global()'}                         | ${'global()'}
    ${''}                                 | ${'all()'}
  `('$text', ({ text, canonical }) => {
    expect(formatSelector(parse(text))).toBe(canonical);
  });
});

describe('a refusal points at the column', () => {
  test.each`
    text                        | column | wanted
    ${'app = "web"'}            | ${5}   | ${'==, !=, in {…}, contains, starts with or ends with'}
    ${'app == web'}             | ${8}   | ${'a value in quotes'}
    ${'app == "web'}            | ${12}  | ${'the closing "'}
    ${'has(app'}                | ${8}   | ${')'}
    ${'app == "a" & x'}         | ${12}  | ${'&&, || or nothing more'}
    ${'app in "web"'}           | ${8}   | ${'{'}
    ${'app in {"a" "b"}'}       | ${13}  | ${'a comma or }'}
    ${'a == "b" &&'}            | ${12}  | ${'a label, has(…), all(), global() or a bracket'}
    ${'a starts ends with "x"'} | ${3}   | ${'==, !=, in {…}, contains, starts with or ends with'}
    ${'a == "b"\n'}             | ${9}   | ${'&&, || or nothing more'}
  `('$text', ({ text, column, wanted }) => {
    expect(parseSelector(text)).toEqual({
      problem: `selector ${text}: column ${column} is wrong`,
      fix: `write ${wanted} there`,
    });
  });
});

test('a selector of more than 1,024 characters is refused, however deep it is', () => {
  expect(parseSelector('('.repeat(2000))).toEqual({
    problem: 'the selector has 2000 characters',
    fix: "keep to 1024: an 'in' list is shorter than many ||",
  });
});

const label = fc.constantFrom('a', 'b/c', 'in', 'has');
const value = fc.constantFrom('', 'x', 'y', 'x-y', "'", '"');
const leaf: fc.Arbitrary<Selector> = fc.oneof(
  fc.constant<Selector>({ kind: 'all' }),
  label.map((name): Selector => ({ kind: 'has', label: name })),
  fc
    .tuple(
      fc.constantFrom('equals', 'not-equals', 'contains', 'starts-with', 'ends-with'),
      label,
      value,
    )
    .map(([kind, name, text]): Selector => ({ kind, label: name, value: text }) as Selector),
  fc
    .tuple(fc.constantFrom('in', 'not-in'), label, fc.uniqueArray(value))
    .map(([kind, name, values]): Selector => ({ kind, label: name, values }) as Selector),
);
const selectors = fc.letrec<{ readonly tree: Selector }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    tie('tree').map((operand): Selector => ({ kind: 'not', operand })),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('tree'), { minLength: 2, maxLength: 3 }))
      .map(([kind, operands]): Selector => ({ kind, operands }) as Selector),
  ),
})).tree;

test('what is written is read back as the same predicate', () => {
  const labels = fc.dictionary(label, value);
  fc.assert(
    fc.property(selectors, labels, (selector, set) => {
      const text = formatSelector(selector);
      fc.pre(text.length <= 1024);
      expect(matches(parse(text), set)).toBe(matches(selector, set));
    }),
  );
});

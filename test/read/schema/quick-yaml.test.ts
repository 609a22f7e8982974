import fc from 'fast-check';
import { stringify } from 'yaml';
import { quickYaml } from '../../../lib/read/schema/quick-yaml';
import { readAlone } from '../../../lib/read/schema/yaml-tree';
import { file, problemsIn, worldOf } from '../../build/reading';

/** Scalars that parsers differ about, and texts that look like something else. */
const scalar = fc.oneof(
  fc.constantFrom('yes', 'on', 'n', '0o17', '0x1F', '1e5', '.5', '22:22', '2024-01-01', '~', ''),
  fc.constantFrom('- a', 'a: b', '# c', 'a #b', '*x', '&x', '!x', '%x', '@x', '"', "'", '|', '>-'),
  fc.constantFrom(
    'a && b',
    '=',
    '<<',
    '?',
    '---',
    '...',
    '{a',
    'a\tb',
    ' a',
    'a ',
    '\ttab',
    'é',
    '😀',
  ),
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('a', 'b.c/d', 'key')), tie('value'), {
    maxKeys: 4,
  }),
})).object;

/** Whatever is read fast is what the parser with places reads. */
const expectSame = (text: string): void => {
  const read = quickYaml(text);
  if (read.kind !== 'documents' || read.values.length !== 1) return;
  expect({ text, value: read.values[0] }).toEqual({ text, value: readAlone(text)?.value });
};

test('both parsers read what a program writes', () => {
  fc.assert(
    fc.property(value, fc.constantFrom(0, 40), (object, lineWidth) =>
      expectSame(stringify(object, { lineWidth })),
    ),
    { numRuns: 300 },
  );
});

/** Lines as people write them, sound or not. */
const line = fc
  .tuple(
    fc.constantFrom('', '  ', '    ', '- ', '  - ', '\t'),
    fc.constantFrom('a: ', 'b:', 'c: |', 'd: >-', '"e": ', "'f': ", '1: ', 'yes: ', '', '? '),
    fc.constantFrom(
      '',
      '1',
      'x',
      '"y"',
      "'z'",
      '[a, b]',
      '{a: 1}',
      '~',
      '# c',
      'x # c',
      '|',
      '[',
      '&a 1',
      '*a',
      '!!str 1',
      '012',
    ),
  )
  .map((parts) => parts.join(''));

test('and what people write', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) =>
      expectSame(`${lines.join('\n')}\n`),
    ),
    { numRuns: 4000 },
  );
});

test.each([
  'a: &x 1\nb: *x\n',
  'a: !!str 1\n',
  '%YAML 1.1\n---\na: 1\n',
  'yes: 1\n',
  '<<: {a: 1}\n',
])('%j is for the parser with places', (text) =>
  expect(quickYaml(text)).toEqual({ kind: 'special' }),
);

/** Longer than what is remembered: read as a whole. */
const large = (last: string): string => {
  const pod = (i: number) =>
    `- apiVersion: v1\n  kind: Pod\n  metadata: {name: p${i}, namespace: shop, labels: {octal: "012"}}\n  spec: {containers: [{name: c, image: i}]}\n`;
  const pods = Array.from({ length: 9000 }, (_, i) => pod(i)).join('');
  return `apiVersion: v1\nkind: List\nitems:\n${pods}${last}`;
};

test('a List of a megabyte is read, and its problems have their places', () => {
  expect(worldOf(large('')).pods).toHaveLength(9000);
  expect(problemsIn({ manifests: [file(large('- kind: Pod\n'))] })).toMatchObject([
    { path: 'items[9000].apiVersion' },
  ]);
  expect(problemsIn({ manifests: [file(large('- a: [\n'))] })).toMatchObject([
    { path: expect.stringMatching(/^line \d+, column \d+$/) },
  ]);
});

import { newReport } from '../../../lib/read/schema/at';
import { parseDocuments } from '../../../lib/read/schema/yaml';

const read = (text: string) => {
  const report = newReport();
  const documents = [...parseDocuments({ path: 'f.yaml', text }, report)];
  return {
    values: documents.map(({ at: { document }, value }) => ({ document, value })),
    problems: report.problems.map(({ document, problem }) => ({ document, problem })),
  };
};

/** A line end of its own kind in a comment: this file is read as a whole. */
const asAWhole = (text: string) => read(`# \u2028\n${text}`);

const deep = (levels: number): string => `${'['.repeat(levels)}1${']'.repeat(levels)}`;

/** Files whose documents may be read one by one, or must not. */
const FILES: Readonly<Record<string, string>> = {
  'two documents': 'a: 1\n---\nb: yes\n',
  'a marker first': '---\na: 1\n---\nb: 2\n',
  'a comment before the first marker': '# all of it\n\n---\na: 1\n',
  'a comment before a document': '# this\na: 1\n---\nb: 2',
  'an empty one between': 'a: 1\n---\n---\nb: 2\n',
  'an empty one at the end': 'a: 1\n---\n',
  'nothing at all': '',
  'a text that keeps its last lines': 'a: |+\n  text\n\n\n---\nb: |-\n  text\n\n',
  'a text with a marker inside, indented': 'a: |\n  x\n  ---\n  y\n',
  'a quoted text that a marker cuts': 'a: "x\n---\ny"\n',
  'text behind a marker': '--- a\n--- {b: 1}\n',
  'an end mark': 'a: 1\n...\n---\nb: 2\n',
  'a directive': '%YAML 1.2\n---\na: yes\n',
  'line ends of Windows': 'a: 1\r\n---\r\nb: 2\r\n',
  'anchors of its own': 'a: &x [1]\nb: *x\n---\nc: &x [2]\nd: *x\n',
  'an anchor of the document before': 'a: &x 1\n---\nb: *x\n',
  'JSON of a program': '{"a":[1,2.5,"x",null,true],"b":{}}\n---\n{"c":"yes"}\n',
  'JSON with a key twice': '{"a":1,"a":2}\n---\nb: 1\n',
  'JSON with a merge': '{"a":{"<<":{"b":1},"c":2}}\n',
  'JSON that looks like an object’s inside': '{"__proto__":{"a":1}}\n',
  'JSON with numbers of other spellings': '{"a":1e3,"b":1.0,"c":-0}\n',
  'JSON with a separator of lines in a text': '{"a":"x\u2028---\u2028y"}\n',
  'as deep as it may be': deep(100),
  'too deep': `${deep(101)}\n---\na: 1\n`,
  'wrong in the second': 'a: 1\n---\nb: [\n---\nc: 3\n',
  'a key twice in the third': 'a: 1\n---\nb: 2\n---\nc: 1\nc: 2\n',
};

test.each(Object.entries(FILES))('%s: the same as when read as a whole, twice', (_, text) => {
  const expected = asAWhole(text);
  expect(read(text)).toEqual(expected);
  expect(read(text)).toEqual(expected);
});

test('what worlds share, none can change', () => {
  const [{ value } = { value: undefined }] = read('kind: Pod\nspec: {names: [a]}\n').values;
  const { spec } = value as { spec: { names: string[] } };
  expect(() => spec.names.push('b')).toThrow(TypeError);
});

test('a file that is too large is wrong at its first document', () => {
  expect(read(' '.repeat(500_000_000))).toEqual({
    values: [],
    problems: [{ document: 0, problem: expect.stringContaining('needs about') }],
  });
});

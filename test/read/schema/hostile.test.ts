import { readWorld } from '../../../lib/read/world';
import { file, problemsIn, worldOf } from '../../build/reading';

const refusalOf = (text: string) => problemsIn({ manifests: [file(text)] });

describe('input that would take the machine', () => {
  // Strings of one repeated part take no memory until they are looked at.
  const huge = 'a'.repeat(500_000_000);
  const refusal = {
    path: '',
    problem: expect.stringMatching(/^reading \d+ MiB of JSON needs about \d+ MiB of memory, and/),
    fix: expect.stringMatching(/^set NODE_OPTIONS=--max-old-space-size=\d+, or split the input$/),
  };

  test('a file that does not fit in the memory of the process is not even looked at', () => {
    expect(refusalOf(huge)).toEqual([refusal]);
  });

  test('files that fit alone and not together are not looked at', () => {
    const part = file('a'.repeat(350_000_000));
    expect(problemsIn({ manifests: [part, part] })).toEqual([refusal]);
  });

  const deep = {
    problem: 'lists and objects are nested more than 100 deep',
    fix: 'keep to 100 levels',
    path: '',
  };
  test.each`
    what                | text
    ${'flow lists'}     | ${`a: ${'['.repeat(10_000)}${']'.repeat(10_000)}`}
    ${'unclosed lists'} | ${`a: ${'['.repeat(10_000)}`}
    ${'flow objects'}   | ${`${'{a: '.repeat(10_000)}1${'}'.repeat(10_000)}`}
    ${'compact lists'}  | ${`${'- '.repeat(10_000)}x`}
    ${'block objects'}  | ${Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')}
    ${'101 levels'}     | ${`a: ${'['.repeat(101)}${']'.repeat(101)}`}
    ${'JSON'}           | ${`{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`}
  `('$what, deeply nested', ({ text }) => {
    expect(refusalOf(text)).toContainEqual(deep);
  });

  test('100 levels are read', () => {
    const text = `{ apiVersion: v1, kind: ConfigMap, data: ${'['.repeat(98)}${']'.repeat(98)} }`;
    expect(refusalOf(text)).toEqual([]);
  });

  test('aliases that multiply are refused', () => {
    const levels = Array.from({ length: 30 }, (_, i) => {
      const ref = i === 0 ? 'x' : `*a${i - 1}`;
      return `a${i}: &a${i} [${Array(9).fill(ref).join(', ')}]`;
    });
    expect(refusalOf(levels.join('\n'))).toEqual([
      { path: '', problem: 'aliases repeat more than 100 values', fix: 'write the values out' },
    ]);
  });

  test('a merge of what is not a map is refused', () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata:\n  <<: 5\n  name: a\n';
    expect(refusalOf(text)).toEqual([
      expect.objectContaining({ problem: '`<<` merges what is not a map' }),
    ]);
  });

  test('an alias of itself is refused', () => {
    expect(refusalOf('&a { apiVersion: v1, kind: List, items: [*a] }')).toEqual([
      {
        path: 'items[0]',
        problem: 'alias *a stands inside what it names',
        fix: 'write the value out',
      },
    ]);
  });

  test('a document with anchors of more tokens than memory has room for is refused', () => {
    expect(refusalOf(`a: &x [${'a,'.repeat(1_100_000)}]`)).toEqual([
      {
        path: '',
        problem: 'the document has more than 2000000 tokens',
        fix: 'split it, or write it as JSON',
      },
    ]);
  });

  test('twenty thousand keys of one object are read', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `  k${i}: v`).join('\n');
    expect(refusalOf(`apiVersion: v1\nkind: ConfigMap\ndata:\n${keys}`)).toEqual([]);
  });

  test('of very many problems the first thousand are told', () => {
    const problems = refusalOf('---\na\n'.repeat(5000));
    expect(problems).toHaveLength(1001);
    expect(problems.at(-1)).toEqual({
      path: '',
      problem: 'there are 1000 problems: what follows was not read',
      fix: 'mend these first',
    });
  });

  test('names that JavaScript knows are only names', () => {
    const world = worldOf(`
apiVersion: v1
kind: Pod
metadata: { name: p, labels: { constructor: a, toString: c }, annotations: { hasOwnProperty: b } }
spec: { containers: [{ name: c }] }`);
    expect(Object.entries(world.pods[0]?.labels ?? {})).toEqual(
      expect.arrayContaining([
        ['constructor', 'a'],
        ['toString', 'c'],
      ]),
    );
    expect(
      refusalOf('{ apiVersion: v1, kind: constructor, metadata: { name: __proto__ } }'),
    ).toEqual([]);
  });
});

describe('YAML that is broken or means something else', () => {
  test.each`
    text                          | path                  | problem
    ${'a: [b'}                    | ${'line 1, column 6'} | ${expect.stringContaining('this is not valid YAML: ')}
    ${'a: b\n\tc: d'}             | ${'line 2, column 1'} | ${expect.stringContaining('this is not valid YAML: ')}
    ${'a: "b'}                    | ${'line 1, column 6'} | ${expect.stringContaining('this is not valid YAML: ')}
    ${'a: *b'}                    | ${''}                 | ${expect.stringContaining('Unresolved alias')}
    ${'a: 1\nb:\n  c: 1\n  c: 2'} | ${'b.c'}              | ${"'c' is written twice"}
    ${'a: [{ x: 1, x: 2 }]'}      | ${'a[0].x'}           | ${"'x' is written twice"}
  `('$text', ({ text, path, problem }) => {
    expect(refusalOf(text)).toContainEqual({ path, problem, fix: expect.any(String) });
  });

  test('the documents before and after a broken one are still looked at', () => {
    const reading = readWorld({
      manifests: [file('kind: A\n---\na: [b\n---\nkind: C\n')],
    });
    expect(reading.kind === 'problems' && reading.problems.map((one) => one.document)).toEqual([
      0, 1, 2,
    ]);
  });

  test('what looks like a date or a time stays text, and an octal number is one', () => {
    const world = worldOf(`
apiVersion: v1
kind: Pod
metadata: { name: p, labels: { day: 2024-01-02 }, annotations: { at: 12:30:45, time: 12:30 } }
spec: { containers: [{ name: c, ports: [{ containerPort: 0120 }] }] }`);
    expect(world.pods[0]).toMatchObject({ labels: { day: '2024-01-02' }, ports: [{ port: 80 }] });
  });

  test('anchors and merge keys are read', () => {
    const world = worldOf(`
apiVersion: v1
kind: Pod
metadata: { name: p, labels: &l { a: b } }
spec: { containers: [{ name: c }], nodeSelector: { <<: *l, c: d } }`);
    expect(world.pods[0]?.labels).toMatchObject({ a: 'b' });
  });

  test('an empty file and empty documents are nothing', () => {
    expect(refusalOf('')).toEqual([]);
    expect(refusalOf('---\n# nothing\n---\n')).toEqual([]);
  });
});

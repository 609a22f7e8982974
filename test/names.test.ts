import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Exported types that may share a name, each with its reason. At most five. */
const SHARED: Readonly<Record<string, string>> = {};

/** Names that are still declared twice. This list only shrinks: a name that is unique is removed. */
const REMAINING: readonly string[] = [];

/** Home-made words that were replaced by the terms of the field, and the folders that still have them. */
const REPLACED: Readonly<Record<string, { readonly by: string; readonly remaining: string[] }>> = {
  Hall: { by: 'HolderServices', remaining: [] },
  Workshop: { by: 'ExecutorContext', remaining: [] },
  Household: { by: 'PlacedNode', remaining: ['lib/read'] },
  told: {
    by: 'the fact, such as explicitlyAssociated',
    remaining: ['lib/read', 'lib/reach', 'lib/lint', 'lib/session'],
  },
  furnish: { by: 'placeNode', remaining: ['lib/read'] },
  homeless: { by: 'podWithoutNode', remaining: ['lib/read'] },
  unseated: { by: 'nodeWithoutSlot', remaining: ['lib/read'] },
};

/** Comments and texts, in which a word may have its ordinary meaning. */
const NO_CODE = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g;

const root = resolve(__dirname, '..');
const sources = ['lib', 'charts', 'labs', 'bin']
  .flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((f) => join(top, f)),
  )
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
  .map(({ file, text }) => ({ file, text, code: text.replace(NO_CODE, '') }));

const EXPORTED =
  /^export (?:declare )?(?:abstract )?(?:const )?(?:type|interface|class|enum) (\w+)/gm;

const exported = sources.flatMap(({ file, text }) =>
  [...text.matchAll(EXPORTED)].map(([, name = '']) => ({ name, file })),
);

const count = new Map<string, number>();
for (const { name } of exported) count.set(name, (count.get(name) ?? 0) + 1);
const duplicates = exported.filter(({ name }) => (count.get(name) ?? 0) > 1);

test('an exported type has a name of its own', () => {
  expect(count.size).toBeGreaterThan(500);
  const allowed = new Set([...Object.keys(SHARED), ...REMAINING]);
  expect(duplicates.filter(({ name }) => !allowed.has(name))).toEqual([]);
});

test('the lists of exceptions hold nothing that is solved', () => {
  expect(Object.keys(SHARED).length).toBeLessThanOrEqual(5);
  const names = new Set(duplicates.map(({ name }) => name));
  expect([...Object.keys(SHARED), ...REMAINING].filter((name) => !names.has(name))).toEqual([]);
});

test.each(Object.entries(REPLACED))('%s is replaced', (name, { remaining }) => {
  const word = new RegExp(`\\b${name}s?\\b`, 'i');
  const files = sources.filter(({ code }) => word.test(code)).map(({ file }) => file);
  const elsewhere = files.filter((file) => !remaining.some((folder) => file.startsWith(folder)));
  expect(elsewhere).toEqual([]);
});

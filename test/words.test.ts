import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseSync } from '@swc/core';

/**
 * Texts that a user reads are written like the documentation of Kubernetes or AWS: short sentences,
 * the subject first, the standard term. These phrases are none of that.
 */
const BANNED: readonly RegExp[] = [
  /\b(?:nobody|somebody|whoever|whomever)\b/i,
  /\b(?:is|are|was|were|be|been) told\b/i,
  /\bknocks?\b/i,
  /\bhears?\b/i,
  /(?<!\b[Tt]here )\b(?:is|are) no [A-Z]/,
  /\b(?:is|are) none of\b/,
  /\bnothing is called\b/,
  /\bknows (?:no|nobody|nothing)\b/,
  /\bwish that\b/,
  /\bstands against\b/,
  /\bsay (?:it|so) (?:twice|with)\b/,
];

/** Texts with a banned phrase that remain in a folder. A number may only go down. */
const REMAINING: Readonly<Record<string, number>> = {
  'lib/README.md': 5,
  'lib/cloud': 11,
  'lib/lint': 5,
  'lib/proof': 4,
  'lib/reach': 7,
  'lib/read': 26,
  'lib/session': 2,
  'lib/targets': 4,
};

const root = resolve(__dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const below = (top: string, ending: string): readonly string[] =>
  readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(top, file));

/** The texts of a file: string literals and the fixed parts of templates, anywhere in its syntax tree. */
function literals(source: string): readonly string[] {
  const texts: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const one of node) walk(one);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const { type, value, raw } = node as { type?: string; value?: unknown; raw?: unknown };
    if (type === 'StringLiteral' && typeof value === 'string') texts.push(value);
    if (type === 'TemplateElement' && typeof raw === 'string') texts.push(raw);
    for (const child of Object.values(node)) walk(child);
  };
  walk(parseSync(source, { syntax: 'typescript', target: 'es2022' }));
  return texts;
}

/** Doc comments of what a file exports. */
const docs = (source: string): readonly string[] =>
  [...source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?=export )/g)].map(([, text = '']) =>
    text.replace(/\n \* ?/g, ' '),
  );

/** Every sentence of a page; code blocks are left out. */
const sentences = (page: string): readonly string[] =>
  page
    .replace(/```[\s\S]*?```/g, '')
    .replace(/\n(?!\n|[-|#>0-9])/g, ' ')
    .split(/\n|(?<=[.!?])\s/);

/** Home of a text in the list above: two levels of a path, as in `lib/reach`. */
const folderOf = (file: string): string =>
  file.startsWith('lib/') ? file.split('/').slice(0, 2).join('/') : (file.split('/')[0] ?? '');

interface Text {
  readonly file: string;
  readonly text: string;
}

const code = ['lib', 'charts', 'labs', 'bin'].flatMap((top) => below(top, '.ts'));
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].concat(
  below('labs', '.md'),
  below('lib', '.md'),
);
const texts: readonly Text[] = [
  ...code.flatMap((file) => {
    const source = read(file);
    return [...literals(source), ...docs(source)].map((text) => ({ file, text }));
  }),
  ...pages.flatMap((file) => sentences(read(file)).map((text) => ({ file, text }))),
];

const banned = texts.filter(({ text }) => BANNED.some((phrase) => phrase.test(text)));

test('texts are found', () => {
  expect(texts.length).toBeGreaterThan(10_000);
  expect(literals("const a = f('b', `c`);")).toEqual(['b', 'c']);
  expect(docs('/** Meaning. */\nexport const a = 1;')).toEqual([' Meaning. ']);
});

test.each([...new Set([...code, ...pages].map(folderOf))])(
  '%s is written in plain words',
  (folder) => {
    const own = banned.filter(({ file }) => folderOf(file) === folder);
    const remaining = REMAINING[folder] ?? 0;
    expect(own.length > remaining ? own.map(({ file, text }) => `${file}: ${text}`) : []).toEqual(
      [],
    );
  },
);

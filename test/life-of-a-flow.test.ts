import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lifeOfAFlow } from './life-of-a-flow';

const root = join(__dirname, '..');
const [, section = ''] = readFileSync(join(root, 'lib/README.md'), 'utf8').split(
  /^## The life of one flow$/m,
);
const [chapter = ''] = section.split(/^## /m);

/** The blocks of one language in the chapter. */
const blocks = (language: string): readonly string[] =>
  [...chapter.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  );

const [manifest = '', template = ''] = blocks('yaml');
const stops = lifeOfAFlow(
  { path: 'manifest.yaml', text: manifest },
  { path: 'template.yaml', text: template },
);

test('lib/README.md tells eight stops, each with its file and function', () => {
  const told = [...chapter.matchAll(/^(\d)\. .*`(lib\/\S+)`: `(\w+)`$/gm)];
  expect(told.map(([, number, file, name]) => [Number(number), file, name])).toEqual(
    stops.map((stop, i) => [i + 1, stop.file, stop.function]),
  );
  expect(stops).toHaveLength(8);
});

test.each(stops.map((stop, i) => ({ ...stop, i })))(
  'stop $i: $function answers what lib/README.md shows',
  ({ i, value, file, function: name }) => {
    expect(blocks('text')[i]?.trimEnd()).toBe(value.trimEnd());
    const text = readFileSync(join(root, file), 'utf8');
    expect(text).toMatch(new RegExp(`export (function\\*?|const) ${name}\\b`));
  },
);

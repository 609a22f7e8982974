import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'marked';
import { labs } from '../../labs';
import type { TextPart } from '../../lib/book/text-part';
import { TASKS_HEADING } from '../../lib/lab/text';
import { markdownParts } from '../../lib/site/markdown';

const wordsOf = (parts: readonly TextPart[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : ` ${wordsOf(part.parts)} `)).join('');

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** The text of HTML, as a browser shows it. */
const textOf = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');

/** What stands in a lab's README before its tasks: what the page shows. */
function textAbove(id: string): string {
  const readme = readFileSync(join(__dirname, '../../labs', id, 'README.md'), 'utf8');
  const [above = ''] = readme.split(`\n${TASKS_HEADING}\n`);
  return above;
}

test.each(labs.map(({ id }) => id))('%s: no word of its text is lost or added', (id) => {
  const text = textAbove(id);
  const shown = words(wordsOf(markdownParts(text)));
  expect(shown.length).toBeGreaterThan(20);
  expect(shown).toEqual(words(textOf(parse(text) as string)));
});

test('HTML in a text stays text', () => {
  const [part] = markdownParts('a <img src=x onerror=alert(1)> b');
  expect(part).toEqual({ name: 'p', parts: ['a ', '<img src=x onerror=alert(1)>', ' b'] });
});

test.each([
  ['[x](javascript:alert(1))', undefined],
  ['[x](../../lib/README.md)', undefined],
  ['[x](../k8s-1-pods/README.md)', '#/lab/k8s-1-pods'],
  ['[x](https://kubernetes.io/docs/)', 'https://kubernetes.io/docs/'],
])('a link leads only to the web or into the book: %s', (markdown, href) => {
  const [paragraph] = markdownParts(markdown);
  if (paragraph === undefined || typeof paragraph === 'string') throw new Error('no paragraph');
  const [link] = paragraph.parts;
  if (link === undefined || typeof link === 'string') throw new Error('no element');
  expect([link.name, link.href]).toEqual([href === undefined ? 'span' : 'a', href]);
});

test('a title becomes a heading below the page’s own, a list keeps its first number', () => {
  expect(markdownParts('# One\n\n3. three\n4. four')).toEqual([
    { name: 'h2', parts: ['One'] },
    {
      name: 'ol',
      start: 3,
      parts: [
        { name: 'li', parts: [{ name: 'span', parts: ['three'] }] },
        { name: 'li', parts: [{ name: 'span', parts: ['four'] }] },
      ],
    },
  ]);
});

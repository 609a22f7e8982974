import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../labs';
import type { TextPart } from '../../lib/book/text-part';
import { OWN_CLUSTER, writtenSections } from '../../lib/lab/sections';
import { labData, searchData } from '../../lib/site/data';

const readmeOf = (id: string): string =>
  readFileSync(join(__dirname, '../../labs', id, 'README.md'), 'utf8');

const headings = (parts: readonly TextPart[]): readonly string[] =>
  parts.flatMap((part) =>
    typeof part !== 'string' && /^h\d$/.test(part.name) ? [part.parts.join('')] : [],
  );

test.each(labs.map((lab) => [lab.id, lab] as const))(
  '%s: the page has what is before the tasks and what holds in a cluster of one’s own',
  (id, lab) => {
    const { text } = labData(lab);
    const own = writtenSections(readmeOf(id)).filter(({ heading }) => heading === OWN_CLUSTER);
    expect(text.length).toBeGreaterThan(0);
    expect(headings(text).filter((heading) => heading === OWN_CLUSTER)).toHaveLength(own.length);
    expect(headings(text)).not.toContain('The tasks');
    expect(headings(text)).not.toContain('Conclusion');
    expect(headings(text)).not.toContain(lab.title);
  },
);

test('at least one lab has such a section', () => {
  const texts = labs.map(({ id }) => readmeOf(id));
  expect(texts.some((text) => text.includes(`## ${OWN_CLUSTER}`))).toBe(true);
});

test('the search has tasks and questions of every lab', () => {
  const words = searchData();
  expect(Object.keys(words)).toEqual(labs.map(({ id }) => id));
  for (const { id, steps, questions } of labs) {
    for (const { task } of steps) expect(words[id]).toContain(task);
    for (const { ask } of questions) expect(words[id]).toContain(ask);
  }
});

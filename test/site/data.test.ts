import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../labs';
import { OWN_CLUSTER, writtenSections } from '../../lib/lab/sections';
import { labData } from '../../lib/site/data';

const readmeOf = (id: string): string =>
  readFileSync(join(__dirname, '../../labs', id, 'README.md'), 'utf8');

test.each(labs.map((lab) => [lab.id, lab] as const))(
  '%s: the page has what is before the tasks and what holds in a cluster of one’s own',
  (id, lab) => {
    const { text } = labData(lab);
    const own = writtenSections(readmeOf(id)).find(({ heading }) => heading === OWN_CLUSTER);
    if (own !== undefined) expect(text.split(own.body)).toHaveLength(2);
    expect(text).not.toContain('## The tasks');
    expect(text).not.toContain('## Conclusion');
  },
);

test('at least one lab has such a section', () => {
  const texts = labs.map(({ id }) => readmeOf(id));
  expect(texts.some((text) => text.includes(`## ${OWN_CLUSTER}`))).toBe(true);
});

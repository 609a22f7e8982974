import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartedLabs } from '../../charts';
import { labs } from '../../labs';
import { renderReadme } from '../../lib/lab/readme';
import { conceptText, writtenSections } from '../../lib/lab/sections';
import { validateLabs } from '../../lib/lab/validate';
import { escapeXml } from '../../lib/picture/xml';
import { knownOf, labSvg, labTopology } from './lab-worlds';

const root = join(__dirname, '../../labs');

test('every lab is sound: all problems of all labs, none', () => {
  expect(validateLabs(labs, knownOf)).toEqual([]);
});

test('every folder is a lab, every lab a folder, and every chart belongs to one', () => {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const ids = labs.map(({ id }) => id);
  expect([...folders].sort()).toEqual([...ids].sort());
  expect(chartedLabs.filter((id) => !ids.includes(id))).toEqual([]);
});

describe.each(labs.map((lab) => ({ id: lab.id, lab })))('$id', ({ id, lab }) => {
  const text = readFileSync(join(root, id, 'README.md'), 'utf8');
  const topology = labTopology(lab);

  const written = writtenSections(text);

  test('the text is what is written by hand and what its data say', () => {
    const next = labs[labs.indexOf(lab) + 1];
    expect(text).toBe(renderReadme(lab, written, { topology, next }));
  });

  test('it says why, the concept, and how it is in a cluster of one’s own', () => {
    const headings = written.map(({ heading }) => heading);
    expect(headings.slice(0, 2)).toEqual(['Why', 'Concept']);
    expect(headings.at(-1)).toBe('In your own cluster');
    for (const { body } of written) expect(body.length).toBeGreaterThan(100);
    const lines = conceptText(written).split('\n');
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(lines.join(' ').length).toBeGreaterThan(150);
  });

  test('the picture shows what the lab’s own charts make', () => {
    const svg = readFileSync(join(root, id, 'topology.svg'), 'utf8');
    expect(svg).toBe(labSvg(lab));
    // An ExternalName Service stands before no pod, so no box names it.
    const named = topology.groups
      .flatMap(({ boxes }) => boxes)
      .filter(({ name }) => !name.endsWith('(ExternalName)'));
    for (const { name } of named) expect(svg).toContain(escapeXml(name));
  });

  test('a prerequisite comes earlier in the curriculum', () => {
    const before = labs.slice(0, labs.indexOf(lab)).map((each) => each.id);
    expect(lab.prerequisites.filter((each) => !before.includes(each))).toEqual([]);
  });
});

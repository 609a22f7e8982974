import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartedLabs } from '../../charts';
import { labs } from '../../labs';
import { svgDiagram } from '../../lib/lab/diagram-svg';
import { renderTasks, TASKS_HEADING } from '../../lib/lab/text';
import { validateLabs } from '../../lib/lab/validate';
import { knownOf, labTopology } from './known';

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

  test('the text has the lab’s title, a why by hand, and the tasks as they are checked', () => {
    expect(text.split('\n')[0]).toBe(`# ${lab.title}`);
    const at = text.indexOf(`${TASKS_HEADING}\n`);
    expect(text.slice(0, at).length).toBeGreaterThan(400);
    expect(text.slice(at)).toBe(renderTasks(lab, { topology, next: labs[labs.indexOf(lab) + 1] }));
  });

  test('the picture shows what the lab’s own charts make', () => {
    const svg = readFileSync(join(root, id, 'topology.svg'), 'utf8');
    expect(svg).toBe(svgDiagram(topology, lab.title));
    for (const { name } of topology.groups.flatMap(({ boxes }) => boxes))
      expect(svg).toContain(`>${name}</text>`);
  });

  test('a prerequisite comes earlier in the curriculum', () => {
    const before = labs.slice(0, labs.indexOf(lab)).map((each) => each.id);
    expect(lab.prerequisites.filter((each) => !before.includes(each))).toEqual([]);
  });
});

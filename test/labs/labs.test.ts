import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartedLabs } from '../../charts';
import { labs } from '../../labs';
import { validateLabs } from '../../lib/lab/validate';
import { knownOf } from './known';

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

  test('the text has the lab’s title and a task for every step, in their order', () => {
    expect(text.split('\n')[0]).toBe(`# ${lab.title}`);
    const places = lab.steps.map((step) => text.indexOf(`**${step.id}.**`));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test('a prerequisite comes earlier in the curriculum', () => {
    const before = labs.slice(0, labs.indexOf(lab)).map((each) => each.id);
    expect(lab.prerequisites.filter((each) => !before.includes(each))).toEqual([]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartedLabs } from '../../charts';
import { labs } from '../../labs';
import { renderTasks, TASKS_HEADING } from '../../lib/lab/text';
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

  test('the text has the lab’s title, a why by hand, and the tasks as they are checked', () => {
    expect(text.split('\n')[0]).toBe(`# ${lab.title}`);
    const at = text.indexOf(`${TASKS_HEADING}\n`);
    expect(text.slice(0, at).length).toBeGreaterThan(400);
    expect(text.slice(at)).toBe(renderTasks(lab));
  });

  test('a prerequisite comes earlier in the curriculum', () => {
    const before = labs.slice(0, labs.indexOf(lab)).map((each) => each.id);
    expect(lab.prerequisites.filter((each) => !before.includes(each))).toEqual([]);
  });
});

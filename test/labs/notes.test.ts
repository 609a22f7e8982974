import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../labs';
import { allQuestions } from '../../lib/lab/validate';

const text = readFileSync(join(__dirname, '../../labs/NOTES.md'), 'utf8');

/** Lines of the tables: what was asked, the lab, and the steps or questions that answer it. */
const rows = [
  ...text.matchAll(/^\| (.+) \| \[([\w-]+)\]\(([\w-]+)\/README\.md\) \| (.+) \|$/gm),
].map(([, asked = '', id = '', folder = '', places = '']) => ({
  asked,
  id,
  folder,
  places: places.split(', '),
}));

test('every line of every table is understood', () => {
  const lines = text.split('\n').filter((line) => /^\| (?!---|asked|the note says)/.test(line));
  expect(rows.length).toBe(lines.length);
  expect(rows.length).toBeGreaterThan(150);
});

test.each(rows)('$asked: $id has $places', ({ id, folder, places }) => {
  const lab = labs.find((one) => one.id === id);
  expect(folder).toBe(id);
  const known = [
    ...(lab?.steps ?? []).map((step) => step.id),
    ...(lab === undefined ? [] : allQuestions(lab)).map((question) => question.id),
  ];
  expect(places.filter((place) => !known.includes(place))).toEqual([]);
});

test('every lab answers something that the notes ask', () => {
  expect(labs.map(({ id }) => id).filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
});

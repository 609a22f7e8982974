import { existsSync } from 'node:fs';
import { join } from 'node:path';

const { NAMES } = jest.requireActual<{ readonly NAMES: readonly string[] }>('./longest-first.js');

test('the files that begin first are there, under these names', () => {
  const gone = NAMES.filter((name) => !existsSync(join(__dirname, `${name}.test.ts`)));
  expect(NAMES.length).toBeGreaterThan(10);
  expect(gone).toEqual([]);
});

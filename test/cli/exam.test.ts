import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newPerson } from './run';

const LAB = 'k8s-5-network-policy';
const person = newPerson();
afterAll(person.leave);

beforeAll(() => {
  const folder = join(person.folder, 'eks-network-labs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const progress = { done: [], solved: [], hints: {}, answers: {}, seed: 0 };
  const exam = {
    lab: LAB,
    startedAt: '2026-12-01T00:00:00.000Z',
    seeds: [0],
    rounds: [],
    progress,
  };
  writeFileSync(join(folder, 'exam.json'), JSON.stringify(exam), { mode: 0o600 });
});

test.each([
  [['map', LAB, '--stage', 'app']],
  [['diff', '--lab', LAB, '--from', 'dns', '--to', 'app']],
])('in an exam, lab %s is refused', async (args) => {
  const { code, out, err } = await person.here(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('is not available in an exam');
});

test('other labs answer as before', async () => {
  const map = await person.here('map', 'calico-2-order');
  expect(map.code).toBe(0);
  const diff = await person.here(
    'diff',
    '--lab',
    'k8s-7-troubleshoot',
    '--from',
    'working',
    '--to',
    'working',
  );
  expect(diff.err).not.toContain('in an exam');
});

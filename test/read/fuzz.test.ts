import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { readFlows } from '../../lib/read/flows/flows';
import { readWorld } from '../../lib/read/world';
import { file, worldOf } from '../build/reading';

/** One object of every kind that is read, each with every field that matters. */
const everything = readFileSync(resolve(__dirname, 'everything.yaml'), 'utf8');
const objects: readonly unknown[] = parseAllDocuments(everything).map((tree) => tree.toJS());

const read = (text: string) => readWorld({ manifests: [file(text)] });

test('every kind that is read is among the objects below', () => {
  const reading = read(everything);
  expect(reading).toMatchObject({ kind: 'read', skipped: {} });
});

/** What somebody could write in a place where something else belongs. */
const strange = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 70_000, 1.5, '', '*', '10.0.0.0/8', [], [null], {}),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Paths of all values inside a value. */
function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...path, key]))];
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const copy: Record<string, unknown> = Array.isArray(value)
    ? (value.slice() as never)
    : { ...(value as object) };
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const places = objects.flatMap((object, i) => pathsOf(object).map((path) => ({ i, path })));

/** A reading with problems that a person can act on, or a value. */
const isAnswer = (reading: ReturnType<typeof read>): boolean =>
  reading.kind === 'read' ||
  (reading.problems.length > 0 &&
    reading.problems.every(({ problem, fix }) => problem !== '' && fix !== ''));

test('whatever stands in place of a value, the answer is a world or problems with fixes', () => {
  fc.assert(
    fc.property(fc.constantFrom(...places), strange, ({ i, path }, by) => {
      expect(isAnswer(read(JSON.stringify(replaced(objects[i], path, by))))).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('whatever characters are lost or added, the answer is a world or problems with fixes', () => {
  const texts = fc.constantFrom(...everything.split('\n---\n'));
  const noise = fc.string({ maxLength: 5 });
  fc.assert(
    fc.property(texts, fc.nat(), fc.nat({ max: 10 }), noise, (whole, place, lost, added) => {
      const offset = place % whole.length;
      const text = whole.slice(0, offset) + added + whole.slice(offset + lost);
      expect(isAnswer(read(text))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('the order of documents changes nothing but the order of policies', () => {
  const comparable = (texts: readonly unknown[]) => {
    const { policies, networkSets, http, tiers, ...rest } = worldOf(
      ...texts.map((one) => JSON.stringify(one)),
    );
    const byName = <T extends { readonly name: string }>(items: readonly T[]): readonly T[] =>
      items.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    return {
      ...rest,
      policies: byName(policies),
      networkSets: byName(networkSets),
      http: {
        conditions: byName(http?.conditions ?? []),
        proxies: (http?.proxies ?? []).map(({ id, listeners }) => [id, listeners.length]).sort(),
      },
      tiers: byName(tiers),
    };
  };
  const expected = comparable(objects);
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...objects], { minLength: objects.length, maxLength: objects.length }),
      (shuffled) => expect(comparable(shuffled)).toEqual(expected),
    ),
    { numRuns: 8 },
  );
});

test('whatever a line of flows holds, the answer is flows or problems with fixes', () => {
  const world = worldOf(everything);
  const flow = fc.record(
    { id: strange, from: strange, to: strange, protocol: strange, port: strange },
    { requiredKeys: [] },
  );
  const line = fc.oneof(
    flow.map((one) => JSON.stringify(one)),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), (lines) => {
      const reading = readFlows({ path: 'f', text: lines.join('\n') }, world);
      expect(reading.kind === 'read' || reading.problems.every(({ fix }) => fix !== '')).toBe(true);
    }),
    { numRuns: 300 },
  );
});

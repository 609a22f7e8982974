import type { Problem, Reading } from '../../lib/model/problem';
import type { World } from '../../lib/model/world';
import { readWorld, type Snapshot } from '../../lib/read/world';

/** A manifest file of one text. */
export const file = (text: string, path = 'file.yaml') => ({ path, text });

/** The value, or a failed test that says every problem. */
export function readOf<T>(reading: Reading<T>): T {
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 1));
  return reading.value;
}

/** The world that these texts, each a file of its own, are read as. */
export const worldOf = (...texts: readonly string[]): World =>
  readOf(readWorld({ manifests: texts.map((text, i) => file(text, `file-${i}.yaml`)) }));

/** What is wrong with a snapshot, without the place of the file. */
export function problemsIn(
  snapshot: Snapshot,
): readonly Pick<Problem, 'path' | 'problem' | 'fix'>[] {
  const reading = readWorld(snapshot);
  if (reading.kind === 'read') return [];
  return reading.problems.map(({ path, problem, fix }) => ({ path, problem, fix }));
}

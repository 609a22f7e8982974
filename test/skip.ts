import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** `describe` and `test` of what this machine may lack. The name of a skipped one says what is missing. */
export const describeUnless = (missing: string | undefined) =>
  missing === undefined
    ? describe
    : (name: string, tests: () => void) => describe.skip(skipped(name, missing), tests);

/** As `describeUnless`, for one test. */
export const testUnless = (missing: string | undefined) =>
  missing === undefined
    ? test
    : (name: string, one?: () => unknown, _timeoutMs?: number) =>
        test.skip(skipped(name, missing), async () => void (await one?.()));

/** What the last lines of a run read: test/closing-line.js. */
const skipped = (name: string, missing: string): string => `${name} (skipped: ${missing})`;

/** Why a test that needs root is skipped, if it is. */
export const needsRoot = process.getuid?.() === 0 ? undefined : 'this needs root';

/** A file of verdicts that others decided. The files are not part of the project. */
export const foreignVectors = (name: string): string =>
  join(__dirname, '../../shared/vectors', name);

/** Why tests of such files are skipped, if they are. */
export const lacksVectors = (...names: readonly string[]): string | undefined => {
  const lacking = names.filter((name) => !existsSync(foreignVectors(name)));
  return lacking.length === 0 ? undefined : `${lacking.join(', ')} is not part of the project`;
};

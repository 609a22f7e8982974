import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../bin/start';

/**
 * Before a run of Jest: a folder for what its test files share (`once-a-run.ts`), and the programs
 * that tests start, compiled.
 */
export default async function make(): Promise<void> {
  await compile();
  process.env.LAB_TEST_RUN = mkdtempSync(join(tmpdir(), 'lab-test-run-'));
}

/** After it. */
export function remove(): void {
  rmSync(process.env.LAB_TEST_RUN ?? '', { recursive: true, force: true });
}

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The result of work that many test files ask for: the first that asks in a run of Jest does it,
 * and the others read what it wrote. Files share no memory, but a folder that lives as long as the
 * run (`run-folder.ts`), so nothing that is older than the sources is ever read.
 */
export function onceARun<T>(name: string, work: () => T): T {
  const folder = process.env.LAB_TEST_RUN;
  if (folder === undefined) return work();
  const path = join(folder, `${createHash('sha1').update(name).digest('hex')}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  const result = work();
  // Two may work at the same time: each puts a whole file in place, and both say the same.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(result));
  renameSync(draft, path);
  return result;
}

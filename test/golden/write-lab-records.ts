import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordsFolder } from '../labs/delivered-records';
import { labRecords } from '../labs/lab-records';

/** Writes the records that labs teach with. `node --import tsx test/golden/write-lab-records.ts`. */
for (const [id, files] of Object.entries(labRecords())) {
  mkdirSync(recordsFolder(id), { recursive: true });
  for (const { name, bytes } of files) writeFileSync(join(recordsFolder(id), name), bytes);
}

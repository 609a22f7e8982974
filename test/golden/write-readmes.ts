import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../labs';
import { renderTasks, TASKS_HEADING } from '../../lib/lab/text';

/** Renders the tasks of every lab into its README, below what is written by hand: `node --import tsx test/golden/write-readmes.ts`. */
for (const lab of labs) {
  const file = join(__dirname, '../../labs', lab.id, 'README.md');
  const text = readFileSync(file, 'utf8');
  const at = text.indexOf(`${TASKS_HEADING}\n`);
  const byHand = at === -1 ? `${text.trimEnd()}\n\n` : text.slice(0, at);
  writeFileSync(file, byHand + renderTasks(lab));
}

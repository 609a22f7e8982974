import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderCurriculum } from '../../lib/lab/curriculum';
import { renderReadme } from '../../lib/lab/readme';
import { writtenSections } from '../../lib/lab/sections';
import { labs } from '../../labs';
import { labSvg, labTopology } from '../labs/lab-worlds';

/**
 * Renders what is data into the texts, below what is written by hand: every lab's tasks, and the table
 * of all labs. `node --import tsx test/golden/write-readmes.ts`.
 */
const root = join(__dirname, '../../labs');

function render(file: string, heading: string, rendered: string): void {
  const text = readFileSync(file, 'utf8');
  const at = text.indexOf(`${heading}\n`);
  const byHand = at === -1 ? `${text.trimEnd()}\n\n` : text.slice(0, at);
  writeFileSync(file, byHand + rendered);
}

for (const [index, lab] of labs.entries()) {
  const topology = labTopology(lab);
  const readme = join(root, lab.id, 'README.md');
  const written = writtenSections(readFileSync(readme, 'utf8'));
  writeFileSync(readme, renderReadme(lab, written, { topology, next: labs[index + 1] }));
  writeFileSync(join(root, lab.id, 'topology.svg'), labSvg(lab));
}
render(join(root, 'README.md'), '## Level 1: Linux', renderCurriculum(labs));

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderCurriculum } from '../../lib/lab/curriculum';
import { svgDiagram } from '../../lib/lab/diagram-svg';
import { renderTasks, TASKS_HEADING } from '../../lib/lab/text';
import { labs } from '../../labs';
import { labTopology } from '../labs/known';

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
  render(join(root, lab.id, 'README.md'), TASKS_HEADING, renderTasks(lab, { topology, next: labs[index + 1] }));
  writeFileSync(join(root, lab.id, 'topology.svg'), svgDiagram(topology, lab.title));
}
render(join(root, 'README.md'), '## Level 1: Linux', renderCurriculum(labs));

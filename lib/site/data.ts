import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../labs';
import EKS_COSTS from '../../labs/eks-costs.json';
import { version } from '../../package.json';
import type { BookCatalogue, LabCard, LabData } from '../book/book-data';
import { LEVELS } from '../lab/curriculum';
import type { Lab } from '../lab/format';
import { OWN_CLUSTER, writtenSections } from '../lab/sections';
import { TASKS_HEADING } from '../lab/text';
import { stageSnapshot, stageSources } from '../session/lab-world';

const LABS = join(__dirname, '..', '..', 'labs');

/** All labs as the curriculum shows them. */
export const catalogueData = (): BookCatalogue => ({
  version,
  levels: LEVELS,
  labs: labs.map(cardOf),
});

const SMALL: Readonly<Record<string, { readonly small: number }>> = EKS_COSTS.perHour;

function cardOf(lab: Lab<string>): LabCard {
  const { id, level, title, goal, prerequisites, targets, steps, questions } = lab;
  const eksPerHour = SMALL[id]?.small;
  return {
    id,
    level,
    title,
    goal,
    prerequisites,
    targets,
    steps: steps.map(({ task }) => task),
    questions: questions.map(({ ask }) => ask),
    ...(eksPerHour !== undefined && { eksPerHour }),
  };
}

/** One lab with its text and the files of its stages. */
export function labData(lab: Lab<string>): LabData {
  const text = textOf(readFileSync(join(LABS, lab.id, 'README.md'), 'utf8'));
  if (lab.environment.kind === 'linux')
    return { lab, text, stages: {}, templates: [], outside: [] };
  const stages = lab.stages.map(({ name }) => [name, stageSources(lab, name)] as const);
  const bare = { ...lab, stages: lab.stages.map(({ network: _, ...stage }) => stage) };
  const { templates = [], outside = [] } = stageSnapshot(bare, lab.stages[0]?.name ?? '');
  return { lab, text, stages: Object.fromEntries(stages), templates, outside };
}

/** What a lab's README says before its tasks, and how the same looks in a cluster of the reader's own. */
function textOf(readme: string): string {
  const [above = readme] = readme.split(`\n${TASKS_HEADING}\n`);
  const own = writtenSections(readme).find(({ heading }) => heading === OWN_CLUSTER);
  return own === undefined ? above : `${above.trimEnd()}\n\n## ${OWN_CLUSTER}\n\n${own.body}\n`;
}

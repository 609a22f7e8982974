import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../labs';
import EKS_COSTS from '../../labs/eks-costs.json';
import { version } from '../../package.json';
import type { BookCatalogue, LabCard, LabData, SearchWords } from '../book/book-data';
import { LEVELS } from '../lab/curriculum';
import type { Lab } from '../lab/format';
import { OWN_CLUSTER, writtenSections } from '../lab/sections';
import { TASKS_HEADING } from '../lab/text';
import { stageSnapshot, stageSources } from '../session/lab-world';
import { markdownParts } from './markdown';

const LABS = join(__dirname, '..', '..', 'labs');

/** All labs as the curriculum shows them. */
export const catalogueData = (): BookCatalogue => ({
  version,
  levels: LEVELS,
  labs: labs.map(cardOf),
});

const SMALL: Readonly<Record<string, { readonly small: number }>> = EKS_COSTS.perHour;

function cardOf(lab: Lab<string>): LabCard {
  const { id, level, title, goal, prerequisites, targets, steps, head } = lab;
  const eksPerHour = SMALL[id]?.small;
  return {
    id,
    level,
    title,
    goal,
    prerequisites,
    targets,
    steps: steps.length,
    minutes: head.minutes,
    ...(eksPerHour !== undefined && { eksPerHour }),
  };
}

/** Tasks and questions of every lab, for the search. */
export const searchData = (): SearchWords =>
  Object.fromEntries(
    labs.map(({ id, steps, questions }) => [
      id,
      [...steps.map(({ task }) => task), ...questions.map(({ ask }) => ask)].join(' '),
    ]),
  );

/** One lab with its text and the files of its stages. */
export function labData(lab: Lab<string>): LabData {
  const text = markdownParts(textOf(readFileSync(join(LABS, lab.id, 'README.md'), 'utf8')));
  if (lab.environment.kind === 'linux')
    return { lab, text, stages: {}, templates: [], outside: [] };
  const stages = lab.stages.map(({ name }) => [name, stageSources(lab, name)] as const);
  const bare = { ...lab, stages: lab.stages.map(({ network: _, ...stage }) => stage) };
  const { templates = [], outside = [] } = stageSnapshot(bare, lab.stages[0]?.name ?? '');
  return { lab, text, stages: Object.fromEntries(stages), templates, outside };
}

/** What stands in a README without its title before the tasks, and how the same looks in a cluster of the reader's own. */
function textOf(readme: string): string {
  const [above = readme] = readme.replace(/^\s*# .*\n/, '').split(`\n${TASKS_HEADING}\n`);
  const own = writtenSections(readme).find(({ heading }) => heading === OWN_CLUSTER);
  return own === undefined ? above : `${above.trimEnd()}\n\n## ${OWN_CLUSTER}\n\n${own.body}\n`;
}

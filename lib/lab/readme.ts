import type { Lab, LabTarget } from './format';
import { OWN_CLUSTER, type WrittenSection } from './sections';
import { type Beside, renderLessonTasks, renderTasks } from './text';

const TARGETS: Readonly<Record<LabTarget, string>> = {
  local: 'this machine',
  kind: 'kind',
  eks: 'EKS',
};

/** A lab's README: what is written by hand, and what is rendered from its data, in one order. */
export const renderReadme = (
  lab: Lab<string>,
  written: readonly WrittenSection[],
  beside: Beside,
): string =>
  assemble(lab, written, [
    renderTasks(lab, beside).trimEnd(),
    section('Conclusion', lab.head.conclusion),
    ...sectionsNamed(written, (heading) => heading === OWN_CLUSTER),
    readOn(lab),
    ...(beside.next === undefined
      ? []
      : [`Next: [${beside.next.id}](../${beside.next.id}/README.md), ${beside.next.title}.`]),
  ]);

/** How far the reader of a lesson is. */
export interface LessonReader extends Beside {
  /** Every step is done: the conclusion is shown. */
  readonly isDone: boolean;
}

/** A lab's text for a learner: no hints, no answers, no solutions, no promises of stages. */
export const renderLesson = (
  lab: Lab<string>,
  written: readonly WrittenSection[],
  reader: LessonReader,
): string =>
  assemble(lab, written, [
    renderLessonTasks(lab, reader).trimEnd(),
    ...(reader.isDone ? [section('Conclusion', lab.head.conclusion)] : []),
    ...sectionsNamed(written, (heading) => heading === OWN_CLUSTER),
    readOn(lab),
  ]);

function assemble(
  lab: Lab<string>,
  written: readonly WrittenSection[],
  rest: readonly string[],
): string {
  const parts = [
    `# ${lab.title}`,
    renderHead(lab),
    ...sectionsNamed(written, (heading) => heading !== OWN_CLUSTER),
    ...rest,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Level, minutes, targets, what comes before, and what one can do afterwards. */
function renderHead({ level, head, targets, prerequisites, goal }: Lab<string>): string {
  const before =
    prerequisites.length === 0
      ? 'Nothing comes before it.'
      : `Before it: ${prerequisites.map((id) => `[${id}](../${id}/README.md)`).join(', ')}.`;
  const facts = [
    `Level ${level}, about ${head.minutes} minutes.`,
    `Runs on: ${targets.map((target) => TARGETS[target]).join(', ')}.`,
    before,
  ].join(' ');
  const after = ['After it you can', '', ...head.outcomes.map((outcome) => `- ${outcome}`)];
  return [goal, facts, after.join('\n')].join('\n\n');
}

const readOn = ({ head }: Lab<string>): string =>
  section('Read on', head.links.map(({ title, url }) => `- [${title}](${url})`).join('\n'));

const section = (heading: string, body: string): string => `## ${heading}\n\n${body}`;

const sectionsNamed = (
  written: readonly WrittenSection[],
  isWanted: (heading: string) => boolean,
): readonly string[] =>
  written
    .filter(({ heading }) => isWanted(heading))
    .map(({ heading, body }) => section(heading, body));

import { type Accept, optionLetter, type Question, rightAnswer } from './answer';
import { type AnswerCheck, type Check, describeCheck } from './check';
import { type Topology, textDiagram } from './diagram';
import type { Lab, Solution, Stage, Step } from './format';

/** The heading below which a lab's text is rendered from its data. */
export const TASKS_HEADING = '## The tasks';

/** What a lab's text is rendered from besides its data. */
export interface Beside {
  readonly topology: Topology;
  /** The lab that comes after it; none after the last. */
  readonly next: Lab<string> | undefined;
}

/**
 * Tasks, stages, and questions with their answers, as Markdown: the part of a lab's README that
 * must not drift from what is checked. What stands above it is written by hand.
 */
export function renderTasks(lab: Lab<string>, { topology }: Beside): string {
  const parts = [
    TASKS_HEADING,
    shell([`lab up ${lab.id}`, 'lab check', 'lab hint']),
    howTo(lab),
    ...(lab.localLimits === undefined ? [] : [`On this machine: ${lab.localLimits}`]),
    ['```text', textDiagram(topology), '```'].join('\n'),
    '(The same as a picture: [topology.svg](topology.svg).)',
    ...lab.steps.map(renderStep),
    ...(lab.stages.length === 0 ? [] : [renderStages(lab.stages)]),
    ...(lab.questions.length === 0 ? [] : [renderQuestions(lab)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The tasks and questions of a lab for a learner: no checks, hints, solutions or answers. */
export function renderLessonTasks(lab: Lab<string>, { topology }: Beside): string {
  const asked = lab.questions.map((question, i) => `${i + 1}. ${renderAskedAlone(question)}`);
  const parts = [
    TASKS_HEADING,
    howTo(lab),
    ...(lab.localLimits === undefined ? [] : [`On this machine: ${lab.localLimits}`]),
    ['```text', textDiagram(topology), '```'].join('\n'),
    ...lab.steps.flatMap(({ id, task, checks }) => [
      `**${id}.** ${task}`,
      ...checks.filter(isAnswer).map(({ question }) => renderAsked(question)),
    ]),
    ...(asked.length === 0 ? [] : ['## Questions', ...asked]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** How a task is done: what a newcomer would look for in vain. */
const howTo = ({ environment }: Lab<string>): string =>
  environment.kind === 'linux'
    ? '`lab shell <machine>` opens a shell where you type; `lab solve` types the solution for you. A question has its name behind it: `lab answer <name> <your answer>`.'
    : 'Write a manifest and `lab apply <file>` it, or enter a stage by `lab stage <name>`; `lab solve` enters the right one for you. A question has its name behind it: `lab answer <name> <your answer>`.';

function renderStep(step: Step): string {
  return [
    `**${step.id}.** ${step.task}`,
    ...step.checks.filter(isAnswer).map(({ question }) => renderAsked(question)),
    details('What is checked', step.checks.map(renderCheck).join('\n')),
    details('Hints', step.hints.map((hint, i) => `${i + 1}. ${hint}`).join('\n')),
    details('Solution', renderSolution(step)),
  ].join('\n\n');
}

const isAnswer = (check: Check): check is AnswerCheck => check.kind === 'answer';

/** A question of a step, open to read; its answer stands in the solution alone. */
const renderAsked = (question: Question): string =>
  [`Say: ${named(question)}`, renderOptions(question.accept)]
    .filter((part) => part !== '')
    .join('\n\n');

const renderAskedAlone = (question: Question): string =>
  [named(question), renderOptions(question.accept)].filter((part) => part !== '').join('\n\n');

const named = ({ ask, id }: Question): string => `${ask} (\`${id}\`)`;

const renderCheck = (check: Check): string =>
  isAnswer(check)
    ? `- ${describeCheck(check)}`
    : `- ${describeCheck(check)}: ${sentence(check.because)}`;

function renderSolution(step: Step): string {
  const answers = step.checks
    .filter(isAnswer)
    .map(({ question, because }) => `*${answerText(question.accept)}* ${because}`);
  return [renderMove(step.solution), ...answers, step.because]
    .filter((part) => part !== '')
    .join('\n\n');
}

function renderMove(solution: Solution): string {
  switch (solution.kind) {
    case 'stage':
      return `The stage \`${solution.stage}\`: \`lab stage ${solution.stage}\` applies it, and its YAML is \`${solution.stage}.k8s.yaml\`.`;
    case 'commands':
      return shell(
        solution.commands.map(({ in: machine, run }, i, all) =>
          all[i - 1]?.in === machine ? run : `# in ${machine}\n${run}`,
        ),
      );
    case 'answers':
      return '';
  }
}

function renderStages(stages: readonly Stage[]): string {
  const rows = stages.map(
    ({ name, about, keeps, closes }) =>
      `| \`${name}\` | ${about} | ${flows(keeps)} | ${flows(closes)} |`,
  );
  return [
    '## The stages',
    ['| stage | what it is | keeps | closes |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

const shell = (lines: readonly string[]): string => ['```sh', ...lines, '```'].join('\n');

const flows = (arrows: readonly string[]): string =>
  arrows.map((arrow) => `\`${arrow}\``).join('<br>');

function renderQuestions(lab: Lab<string>): string {
  const all = lab.questions.map((question, i) =>
    [
      `${i + 1}. ${renderAskedAlone(question)}`,
      details('Answer', `*${answerText(question.accept)}* ${question.because}`),
    ].join('\n\n'),
  );
  return ['## Questions', ...all].join('\n\n');
}

const renderOptions = (accept: Accept): string =>
  accept.kind === 'choice'
    ? accept.options.map((option, i) => `- ${optionLetter(i)}) ${option}`).join('\n')
    : '';

const answerText = (accept: Accept): string =>
  sentence(rightAnswer(accept) ?? 'What your machine shows');

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const details = (summary: string, body: string): string =>
  `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;

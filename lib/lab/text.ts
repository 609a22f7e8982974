import { type Accept, optionLetter, rightAnswer } from './answer';
import { describeCheck } from './check';
import { type Topology, textDiagram } from './diagram';
import type { Lab, Solution, Stage, Step } from './format';

/** The heading below which a lab's text is rendered from its data. */
export const TASKS_HEADING = '## The tasks';

/**
 * Tasks, stages, and questions with their answers, as Markdown: the part of a lab's README that
 * must not drift from what is checked. What stands above it is written by hand.
 */
export function renderTasks(lab: Lab<string>, topology: Topology): string {
  const parts = [
    TASKS_HEADING,
    shell([`lab up ${lab.id}`, 'lab check', 'lab hint']),
    ...(lab.localLimits === undefined ? [] : [`On this machine: ${lab.localLimits}`]),
    ['```text', textDiagram(topology), '```'].join('\n'),
    '(The same as a picture: [topology.svg](topology.svg).)',
    ...lab.steps.map(renderStep),
    ...(lab.stages.length === 0 ? [] : [renderStages(lab.stages)]),
    ...(lab.questions.length === 0 ? [] : [renderQuestions(lab)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderStep(step: Step): string {
  const checks = step.checks.map((check) => `- ${describeCheck(check)}: ${check.because}.`);
  return [
    `**${step.id}.** ${step.task}`,
    ...step.checks.flatMap((check) =>
      check.kind === 'answer' ? [renderOptions(check.question.accept)] : [],
    ),
    details('What is checked', checks.join('\n')),
    details('Hints', step.hints.map((hint, i) => `${i + 1}. ${hint}`).join('\n')),
    details('Solution', `${renderSolution(step.solution, step)}\n\n${step.because}`),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function renderSolution(solution: Solution, step: Step): string {
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
      return step.checks
        .flatMap((check) =>
          check.kind === 'answer'
            ? [`*${answerText(check.question.accept)}* ${check.because}`]
            : [],
        )
        .join('\n');
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
  const all = lab.questions.map(({ ask, accept, because }, i) =>
    [
      `${i + 1}. ${ask}`,
      renderOptions(accept),
      details('Answer', `*${answerText(accept)}* ${because}`),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
  return ['## Questions', ...all].join('\n\n');
}

const renderOptions = (accept: Accept): string =>
  accept.kind === 'choice'
    ? accept.options.map((option, i) => `- ${optionLetter(i)}) ${option}`).join('\n')
    : '';

const answerText = (accept: Accept): string => {
  const answer = rightAnswer(accept) ?? 'What your machine shows';
  return /[.!?]$/.test(answer) ? answer : `${answer}.`;
};

const details = (summary: string, body: string): string =>
  `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;

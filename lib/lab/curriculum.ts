import type { Lab, Level } from './format';

/** What each level is about. */
export const LEVELS: Readonly<Record<Level, string>> = {
  1: 'Linux',
  2: 'CNI',
  3: 'Kubernetes networking',
  4: 'AWS',
  5: 'Zero trust, governance, mesh, observation',
};

/** All labs as Markdown tables, a table a level: goal, where each runs, and how much there is to do. */
export function renderCurriculum(labs: readonly Lab<string>[]): string {
  const levels = Object.entries(LEVELS).map(([level, name]) => {
    const rows = labs.filter((lab) => lab.level === Number(level)).map(row);
    return [
      `## Level ${level}: ${name}`,
      [
        '| lab | after it you can | runs on | steps | checks | questions |',
        '| --- | --- | --- | --- | --- | --- |',
        ...rows,
      ].join('\n'),
    ].join('\n\n');
  });
  const limited = labs.filter(({ localLimits }) => localLimits !== undefined);
  const limits = limited.map(
    ({ id, localLimits, targets }) =>
      `- **${id}** (${targets.includes('local') ? 'runs here, in part' : 'not here'}): ${localLimits}`,
  );
  return `${[...levels, '## What this machine cannot be', limits.join('\n')].join('\n\n')}\n`;
}

function row(lab: Lab<string>): string {
  const checks = lab.steps.reduce((sum, step) => sum + step.checks.length, 0);
  return `| [${lab.id}](${lab.id}/README.md) | ${lab.goal} | ${lab.targets.join(', ')} | ${lab.steps.length} | ${checks} | ${lab.questions.length} |`;
}

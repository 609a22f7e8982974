import { isPassed, runChecks } from '../checks/run';
import { settledChecks } from '../checks/settle';
import { CLUSTER_ONLY } from '../lab/check';
import type { CheckResult } from '../lab/check-result';
import type { Lab, Step } from '../lab/format';
import type { LabProgress } from '../lab/progress';
import type { SolutionTrial, WrongSolution } from '../lab/trial';
import { InputProblems, type SourceFile } from '../model/problem';
import { datapathAt, labNames, stageWorld } from '../session/lab-world';
import type { Local } from '../targets/local/local';
import { localTarget } from '../targets/local/target';

/** How many trials were made and which came out other than they must. */
export interface TrialTally {
  wrong: number;
  alternatives: number;
  readonly failures: string[];
}

/** A step of a cluster lab, and the stage that the lab is at before it. */
export interface TrialGround {
  readonly lab: Lab<string>;
  readonly local: Local;
  readonly step: Step;
  readonly before: string;
  /** Progress in which the step's questions are answered right. */
  readonly progress: LabProgress;
}

/** Every wrong solution of a step: those it lists, doing nothing, and each stage before this one. */
export function wrongOf(lab: Lab<string>, step: Step, before: string): readonly WrongSolution[] {
  const { solution, trials } = step;
  const listed = trials?.wrong ?? [];
  // What only a cluster can observe is not judged here, so doing nothing would pass.
  const isElsewhere = step.checks.some(({ kind }) => CLUSTER_ONLY.includes(kind));
  if (solution.kind === 'answers' || isElsewhere) return listed;
  const nothing: WrongSolution = { kind: 'nothing', acts: [], because: 'nothing was done' };
  if (solution.kind !== 'stage') return [nothing, ...listed];
  const place = lab.steps.indexOf(step);
  const walked = lab.steps
    .slice(0, place)
    .flatMap((one) => (one.solution.kind === 'stage' ? [one.solution.stage] : []));
  // A lab with limits here has stages that look alike on this machine, such as a tunnel it cannot build.
  const earlier = [...new Set([lab.start ?? '', ...walked])].filter(
    (stage) => stage !== before && stage !== solution.stage && lab.localLimits === undefined,
  );
  const back = earlier.map(
    (stage): WrongSolution => ({
      kind: 'earlier-stage',
      acts: [{ kind: 'stage', stage }],
      because: `stage ${stage} comes before this step`,
    }),
  );
  return [nothing, ...back, ...listed];
}

/** Tries one wrong solution: the checks must not pass. Leaves the lab as it was before the step. */
export async function tryWrong(
  ground: TrialGround,
  wrong: WrongSolution,
  tally: TrialTally,
): Promise<void> {
  tally.wrong += 1;
  const results = await resultsOf(ground, wrong, 'once');
  if (typeof results === 'string')
    tally.failures.push(`${titleOf(ground.step, wrong)} cannot be tried: ${results}`);
  else if (isPassed(results))
    tally.failures.push(`${titleOf(ground.step, wrong)} is accepted: ${wrong.because}`);
}

/** Tries a right solution that differs from the reference: the checks must pass. */
export async function tryAlternative(
  ground: TrialGround,
  alternative: SolutionTrial,
  tally: TrialTally,
): Promise<void> {
  tally.alternatives += 1;
  const results = await resultsOf(ground, alternative, 'settled');
  const title = `step ${ground.step.id}: the alternative '${alternative.because}'`;
  if (typeof results === 'string') tally.failures.push(`${title} cannot be tried: ${results}`);
  else if (!isPassed(results)) tally.failures.push(`${title} is rejected: ${sawOf(results)}`);
}

/** What a wrong solution of a step is called in a report. */
export const titleOf = ({ id }: Step, { kind, acts }: WrongSolution): string =>
  `step ${id}: wrong solution ${kind} (${acts.map(actText).join(', ') || 'no act'})`;

/** What wrong results saw, in one line. */
export const sawOf = (results: readonly CheckResult[]): string =>
  results
    .flatMap((one) => (one.kind === 'wrong' ? [(one.parts ?? [one.saw]).join(' / ')] : []))
    .join('; ');

const actText = (act: SolutionTrial['acts'][number]): string => {
  switch (act.kind) {
    case 'stage':
      return `stage ${act.stage}`;
    case 'apply':
      return (
        [...act.manifests.matchAll(/"name":"([^"]+)"/g)].map(([, name]) => `apply ${name}`)[0] ??
        'apply'
      );
    case 'patch':
      return `template ${Object.keys((JSON.parse(act.template) as { Resources: object }).Resources).join(', ')}`;
    case 'type':
      return act.lines.map(({ run }) => run).join('; ');
  }
};

/** The results after the acts of a trial, or why it cannot be tried. */
async function resultsOf(
  { lab, local, step, before, progress }: TrialGround,
  { acts }: SolutionTrial,
  patience: 'once' | 'settled',
): Promise<readonly CheckResult[] | string> {
  let stage = before;
  const applied: SourceFile[] = [];
  for (const [i, act] of acts.entries()) {
    if (act.kind === 'stage') stage = act.stage;
    if (act.kind === 'apply') applied.push({ path: `trial-${i}.yaml`, text: act.manifests });
    if (act.kind === 'patch')
      applied.push({ path: `trial-${i}.template.json`, text: act.template });
    if (act.kind === 'type') return 'a cluster lab has no machines to type in';
  }
  try {
    await local.moveTo(stageWorld(lab, stage, { applied }), { datapath: datapathAt(lab, stage) });
  } catch (error) {
    if (!(error instanceof InputProblems)) throw error;
    return error.problems.map(({ path, problem }) => `${path}: ${problem}`).join('; ');
  }
  const subject = { target: localTarget(local, labNames(lab)), progress };
  return patience === 'once'
    ? runChecks(step.checks, subject)
    : settledChecks(step.checks, subject);
}

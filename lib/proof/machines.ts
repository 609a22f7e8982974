import { type CheckSubject, runChecks } from '../checks/run';
import { judgeAnswer, rightAnswer, wrongAnswers } from '../lab/answer';
import type { Lab, Step } from '../lab/format';
import { advance, type LabProgress } from '../lab/progress';
import { Failure } from '../model/problem';
import type { Sandbox } from '../runtime/sandbox/sandbox';
import { bringUpMachines, typeLines } from '../targets/machines/bring-up';
import { machinesTarget } from '../targets/machines/target';
import type { Acceptance } from './acceptance';
import { tryOnMachines } from './machine-trials';
import type { TrialSample } from './trial-sample';
import type { TrialTally } from './trials';

interface Run {
  readonly lab: Lab<string>;
  readonly sandbox: Sandbox;
  readonly failures: string[];
  readonly tally: TrialTally;
  readonly sample: TrialSample;
  progress: LabProgress;
}

/**
 * Proves a Linux lab in an open sandbox: every step's checks fail before its lines are typed and
 * pass after; right answers are accepted and wrong ones refused.
 */
export async function acceptMachines(
  lab: Lab<string>,
  sandbox: Sandbox,
  sample: TrialSample,
): Promise<Acceptance> {
  const started = performance.now();
  await bringUpMachines(lab, sandbox);
  const failures: string[] = [];
  const tally: TrialTally = { wrong: 0, alternatives: 0, failures };
  const progress = advance(undefined, { kind: 'begun' });
  const run: Run = { lab, sandbox, failures, tally, sample, progress };
  for (const step of lab.steps) await acceptStep(run, step);
  for (const { id, accept } of lab.questions) acceptAnswer(run, id, accept);
  return {
    lab: lab.id,
    steps: lab.steps.length,
    checks: lab.steps.reduce((sum, step) => sum + step.checks.length, 0),
    stages: 0,
    flows: 0,
    seconds: (performance.now() - started) / 1000,
    failures: run.failures,
    elsewhere: 0,
    wrong: tally.wrong,
    alternatives: tally.alternatives,
  };
}

const subjectOf = ({ lab, sandbox, progress }: Run): CheckSubject => ({
  target: machinesTarget(lab, sandbox),
  progress,
});

async function acceptStep(run: Run, step: Step): Promise<void> {
  const before = await runChecks(step.checks, subjectOf(run));
  if (before.every(({ kind }) => kind === 'right'))
    run.failures.push(`step ${step.id}: its checks pass before the solution`);
  await solve(run, step);
  await tryOnMachines({ lab: run.lab, step, progress: run.progress }, run.sample, run.tally);
  for (const result of await runChecks(step.checks, subjectOf(run))) {
    if (result.kind === 'right') continue;
    const { saw, means } =
      result.kind === 'wrong' ? result : { saw: 'not checked', means: result.why };
    run.failures.push(`step ${step.id}: after the solution: ${saw}; ${means}`);
  }
}

async function solve(run: Run, step: Step): Promise<void> {
  try {
    if (step.solution.kind === 'commands') await typeLines(run.sandbox, step.solution.commands);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    run.failures.push(`step ${step.id}: its solution fails: ${error.problem}`);
  }
  for (const check of step.checks) {
    if (check.kind !== 'answer') continue;
    const { id, accept } = check.question;
    const answer = acceptAnswer(run, id, accept);
    run.progress = advance(run.progress, { kind: 'answered', question: id, answer });
  }
}

/** Every wrong answer must be refused and the right one taken; gives the right one. */
function acceptAnswer(run: Run, id: string, accept: Parameters<typeof rightAnswer>[0]): string {
  for (const typed of wrongAnswers(accept))
    if (judgeAnswer(accept, typed) === 'right')
      run.failures.push(`question ${id}: accepts the wrong answer '${typed}'`);
  const answer = rightAnswer(accept);
  if (answer === undefined || judgeAnswer(accept, answer) !== 'right')
    run.failures.push(`question ${id}: its right answer is refused`);
  return answer ?? '';
}

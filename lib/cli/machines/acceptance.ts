import { judgeAnswer, rightAnswer, wrongAnswers } from '../../lab/answer';
import type { Lab, Step } from '../../lab/format';
import { advance, type LabProgress } from '../../lab/progress';
import { Failure } from '../../model/problem';
import type { Sandbox } from '../../runtime/sandbox';
import type { Acceptance } from '../acceptance';
import { bringUpMachines, typeLines } from './bring-up';
import { runMachineChecks } from './check';

interface Run {
  readonly lab: Lab<string>;
  readonly sandbox: Sandbox;
  readonly failures: string[];
  progress: LabProgress;
}

/**
 * Proves a Linux lab in an open sandbox: every step's checks fail before its lines are typed and
 * pass after; right answers are accepted and wrong ones refused.
 */
export async function acceptMachines(lab: Lab<string>, sandbox: Sandbox): Promise<Acceptance> {
  const started = performance.now();
  await bringUpMachines(lab, sandbox);
  const run: Run = { lab, sandbox, failures: [], progress: advance(undefined, { kind: 'begun' }) };
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
  };
}

async function acceptStep(run: Run, step: Step): Promise<void> {
  const before = await runMachineChecks(step.checks, run);
  if (before.every(({ kind }) => kind === 'right'))
    run.failures.push(`step ${step.id}: its checks pass before the solution`);
  await solve(run, step);
  for (const result of await runMachineChecks(step.checks, run)) {
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

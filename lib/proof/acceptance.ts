import { observedValues } from '../checks/answer';
import { type CheckSubject, runChecks } from '../checks/run';
import { settledChecks } from '../checks/settle';
import { environmentOf, isCloudLab } from '../cloud/config/environments';
import { isInVpc } from '../dataplane/vpc/places';
import { type Accept, judgeAnswer, rightAnswer, wrongAnswers } from '../lab/answer';
import type { AnswerCheck, Check } from '../lab/check';
import type { CheckResult } from '../lab/check-result';
import { drawFault } from '../lab/fault';
import type { Lab, Step } from '../lab/format';
import type { LabProgress } from '../lab/progress';
import { advance } from '../lab/progress';
import type { SolutionTrial } from '../lab/trial';
import { allQuestions } from '../lab/validate';
import type { SourceFile } from '../model/problem';
import { discrepancyText } from '../report/comparison';
import type { Sandbox } from '../runtime/sandbox/sandbox';
import { datapathAt, labNames, stageWorld } from '../session/lab-world';
import { synthesizeTemplates } from '../session/synthesize';
import { bringUp, type Local } from '../targets/local/local';
import { localTarget } from '../targets/local/target';
import { prove } from './proof';
import { drawSample, type TrialSample } from './trial-sample';
import { type TrialTally, titleOf, tryAlternative, tryWrong, wrongOf } from './trials';

/** What the acceptance run found of one lab. */
export interface Acceptance {
  readonly lab: string;
  readonly steps: number;
  readonly checks: number;
  readonly stages: number;
  readonly flows: number;
  readonly seconds: number;
  /** What is wrong, each with its step or stage; none where the lab is proven. */
  readonly failures: readonly string[];
  /** Checks that only another target can answer. */
  readonly elsewhere: number;
  /** Wrong solutions tried: each must be rejected, or it is among the failures. */
  readonly wrong: number;
  /** Right solutions tried that differ from the reference: each must be accepted. */
  readonly alternatives: number;
}

interface Run {
  readonly lab: Lab<string>;
  readonly local: Local;
  readonly failures: string[];
  readonly tally: TrialTally;
  readonly sample: TrialSample;
  progress: LabProgress;
  /** The stage that the lab is at. */
  stage: string;
  flows: number;
  elsewhere: number;
}

/**
 * Proves a lab in an open sandbox: every stage's packets go as predicted; every step's checks fail
 * before its solution and pass after it; right answers are accepted and wrong ones refused.
 */
export async function accept(
  lab: Lab<string>,
  sandbox: Sandbox,
  sample: TrialSample,
): Promise<Acceptance> {
  const started = performance.now();
  const start = lab.start ?? '';
  const datapath = datapathAt(lab, start);
  const local = await bringUp(sandbox, stageWorld(lab, start), { datapath });
  const progress = advance(undefined, { kind: 'begun' });
  const failures: string[] = [];
  const tally: TrialTally = { wrong: 0, alternatives: 0, failures };
  const own = { lab, local, failures, tally, sample };
  const run: Run = { ...own, progress, stage: start, flows: 0, elsewhere: 0 };
  for (const { name } of lab.stages) await acceptStage(run, name);
  if (isCloudLab(lab.id) && environmentOf(lab.id).cluster === 'eks')
    await acceptInVpc(run, synthesizeTemplates(lab.id));
  await enter(run, start);
  for (const step of lab.steps) await acceptStep(run, step);
  await acceptFaults(run);
  for (const { id, accept: wanted } of lab.questions) acceptQuestion(run, id, wanted);
  return {
    lab: lab.id,
    steps: lab.steps.length,
    checks: lab.steps.reduce((sum, step) => sum + step.checks.length, 0),
    stages: lab.stages.length,
    flows: run.flows,
    seconds: (performance.now() - started) / 1000,
    failures: run.failures,
    elsewhere: run.elsewhere,
    wrong: run.tally.wrong,
    alternatives: run.tally.alternatives,
  };
}

/** Every other fault that the lab may draw: found and repaired like the first. */
async function acceptFaults(run: Run): Promise<void> {
  for (const [seed] of (run.lab.faults ?? []).entries()) {
    if (seed === 0) continue;
    const lab = drawFault(run.lab, seed);
    const drawn: Run = { ...run, lab, progress: advance(undefined, { kind: 'begun', seed }) };
    await enter(drawn, lab.start ?? '');
    const before = run.failures.length;
    for (const step of lab.steps) await acceptStep(drawn, step, seed);
    const found = run.failures.splice(before);
    run.failures.push(...found.map((failure) => `fault ${lab.start}: ${failure}`));
  }
}

async function enter(run: Run, stage: string): Promise<void> {
  const { lab, local } = run;
  await local.moveTo(stageWorld(lab, stage), { datapath: datapathAt(lab, stage) });
  run.stage = stage;
}

async function acceptStage(run: Run, name: string): Promise<void> {
  await enter(run, name);
  const { flows, differing } = await prove(run.local);
  run.flows += flows;
  for (const one of differing) run.failures.push(`stage ${name}: ${discrepancyText(one)}`);
}

/** The same stages once more, with the VPC of the lab's own templates around them. */
async function acceptInVpc(run: Run, templates: readonly SourceFile[]): Promise<void> {
  for (const { name } of run.lab.stages) {
    const world = stageWorld(run.lab, name, { templates });
    // Machines of another cluster are names for addresses inside a VPC: no namespace could send from them.
    if (world.outside.some(({ addresses }) => addresses.some((a) => isInVpc(world.vpcs, a))))
      return;
    await run.local.moveTo(world);
    const { flows, differing } = await prove(run.local);
    run.flows += flows;
    for (const one of differing) run.failures.push(`stage ${name}, VPC: ${discrepancyText(one)}`);
  }
}

async function acceptStep(run: Run, step: Step, seed = 0): Promise<void> {
  const before = await runChecks(step.checks, subjectOf(run));
  run.elsewhere += before.filter(({ kind }) => kind === 'elsewhere').length;
  const answerable = before.filter(({ kind }) => kind !== 'elsewhere');
  if (answerable.length > 0 && answerable.every(({ kind }) => kind === 'right')) {
    run.failures.push(`step ${step.id}: its checks pass before the solution`);
  }
  for (const check of step.checks.filter(isAnswer)) await answer(run, check);
  await tryTrials(run, step, seed);
  if (step.solution.kind === 'stage') await enter(run, step.solution.stage);
  const after = await settledChecks(step.checks, subjectOf(run));
  run.failures.push(...after.flatMap((result) => failureOf(step, result)));
  run.progress = advance(run.progress, { kind: 'step-passed', step: step.id });
}

/** The wrong solutions that the run's sample draws, and every alternative; then as before the step. */
async function tryTrials(run: Run, step: Step, seed: number): Promise<void> {
  const { lab, local, progress, stage: before, tally } = run;
  const ground = { lab, local, step, before, progress };
  const isOfSeed = (trial: SolutionTrial): boolean => (trial.seed ?? 0) === seed;
  const wrong = drawSample(wrongOf(lab, step, before), run.sample, (one) =>
    [lab.id, titleOf(step, one), one.because].join(' '),
  ).filter(isOfSeed);
  const alternatives = (step.trials?.alternatives ?? []).filter(isOfSeed);
  for (const one of wrong) await tryWrong(ground, one, tally);
  for (const one of alternatives) await tryAlternative(ground, one, tally);
  if (wrong.length + alternatives.length > 0) await enter(run, before);
}

const isAnswer = (check: Check): check is AnswerCheck => check.kind === 'answer';

/** Types the right answer, after every wrong one was refused. */
async function answer(run: Run, check: AnswerCheck): Promise<void> {
  const { id, accept: wanted } = check.question;
  const found = await observedValues(check, subjectOf(run).target);
  const observed = found.kind === 'answered' ? found.value : [];
  refuseWrong(run, { id, wanted, observed });
  const right = rightAnswer(wanted, observed);
  if (right === undefined) run.failures.push(`question ${id}: nothing to observe`);
  else run.progress = advance(run.progress, { kind: 'answered', question: id, answer: right });
}

function acceptQuestion(run: Run, id: string, wanted: Accept): void {
  refuseWrong(run, { id, wanted, observed: [] });
  const right = rightAnswer(wanted);
  if (right === undefined || judgeAnswer(wanted, right) !== 'right') {
    run.failures.push(`question ${id}: its right answer is refused`);
  }
}

interface Asked {
  readonly id: string;
  readonly wanted: Accept;
  readonly observed: readonly string[];
}

function refuseWrong(run: Run, { id, wanted, observed }: Asked): void {
  const taken = wrongAnswers(wanted).filter(
    (typed) => judgeAnswer(wanted, typed, observed) === 'right',
  );
  run.failures.push(...taken.map((typed) => `question ${id}: accepts the wrong answer '${typed}'`));
}

const subjectOf = ({ lab, local, progress }: Run): CheckSubject => ({
  target: localTarget(local, labNames(lab)),
  progress,
});

const failureOf = (step: Step, result: CheckResult): readonly string[] =>
  result.kind === 'wrong'
    ? [`step ${step.id}: after the solution: ${result.saw}; ${result.means}`]
    : [];

/** How many questions a lab asks, at its end and in its steps. */
export const questionsIn = (lab: Lab<string>): number => allQuestions(lab).length;

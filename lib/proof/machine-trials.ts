import { isPassed, runChecks } from '../checks/run';
import type { CheckResult } from '../lab/check-result';
import type { Lab, Step } from '../lab/format';
import type { LabProgress } from '../lab/progress';
import type { SolutionTrial } from '../lab/trial';
import { openSandbox } from '../runtime/sandbox/sandbox';
import { bringUpMachines, tryLines, typeLines } from '../targets/machines/bring-up';
import { machinesTarget } from '../targets/machines/target';
import { drawSample, type TrialSample } from './trial-sample';
import { sawOf, type TrialTally, titleOf, wrongOf } from './trials';

/** A step of a Linux lab, with its questions answered right. */
export interface MachineGround {
  readonly lab: Lab<string>;
  readonly step: Step;
  readonly progress: LabProgress;
}

/**
 * Tries the wrong solutions that a sample draws and every alternative, each on machines of its own, on
 * which the steps before this one are solved: what was typed cannot be taken back.
 */
export async function tryOnMachines(
  ground: MachineGround,
  sample: TrialSample,
  tally: TrialTally,
): Promise<void> {
  const { lab, step } = ground;
  const wrong = drawSample(wrongOf(lab, step, ''), sample, (one) =>
    [lab.id, titleOf(step, one), one.because].join(' '),
  );
  for (const one of wrong) {
    tally.wrong += 1;
    if (isPassed(await resultsAfter(ground, one)))
      tally.failures.push(`${titleOf(step, one)} is accepted: ${one.because}`);
  }
  for (const one of step.trials?.alternatives ?? []) {
    tally.alternatives += 1;
    const results = await resultsAfter(ground, one);
    if (!isPassed(results))
      tally.failures.push(
        `step ${step.id}: the alternative '${one.because}' is rejected: ${sawOf(results)}`,
      );
  }
}

async function resultsAfter(
  { lab, step, progress }: MachineGround,
  { acts }: SolutionTrial,
): Promise<readonly CheckResult[]> {
  const sandbox = await openSandbox({ mode: 'tied' });
  try {
    await bringUpMachines(lab, sandbox);
    for (const { solution } of lab.steps.slice(0, lab.steps.indexOf(step)))
      if (solution.kind === 'commands') await typeLines(sandbox, solution.commands);
    for (const act of acts) if (act.kind === 'type') await tryLines(sandbox, act.lines);
    return await runChecks(step.checks, { target: machinesTarget(lab, sandbox), progress });
  } finally {
    await sandbox.end();
  }
}

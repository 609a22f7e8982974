import type { Command } from 'commander';
import { labs } from '../../../labs';
import { shownStage } from '../../lab/fault';
import type { Lab } from '../../lab/format';
import { currentStep, type LabProgress, labState } from '../../lab/progress';
import { drawnLab } from '../../session/drawn';
import { allProgress, progressIn } from '../../session/learner';
import { runningLabs } from '../../session/local/running';
import { nameOf, remoteLabs } from '../../session/remote/known';
import { EXIT, type ExitCode } from '../common/exit';
import { printTask } from '../common/next';
import { jsonOption } from '../common/options';
import type { Terminal } from '../common/terminal';

/** `lab next`: where one is, in the lab that is up or in the curriculum, and what to type. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(program.command('next'))
    .description('where you are: the lab and step that come next, and what is left')
    .action(async (options: { readonly json?: true }) => ended(await next(terminal, options)));
}

async function next(terminal: Terminal, { json }: { readonly json?: true }): Promise<ExitCode> {
  const here = (await runningLabs()).map(({ lab, stage }) => ({ lab, stage }));
  const there = remoteLabs().map((one) => ({ lab: one.lab, stage: one.stage, as: nameOf(one) }));
  const up = [...here, ...there];
  if (json) {
    const running = up.map(({ lab }) => placeIn(drawnLab(lab), progressIn(lab)));
    terminal.out(JSON.stringify({ running, begin: toBegin()?.id ?? null }));
    return EXIT.right;
  }
  for (const { lab: id, stage } of up) {
    const lab = drawnLab(id);
    const at = stage === '' ? '' : `, stage ${shownStage(lab, stage)}`;
    terminal.out(`${id} is up${at}.`);
    printTask(terminal, { lab, progress: progressIn(id) });
  }
  if (up.length === 0) printBeginning(terminal);
  return EXIT.right;
}

/** Where a learner is in a lab. */
const placeIn = (lab: Lab<string>, progress: LabProgress | undefined) => ({
  lab: lab.id,
  step: currentStep(lab, progress)?.id ?? null,
  left: lab.steps.filter(({ id }) => !(progress?.done ?? []).includes(id)).map(({ id }) => id),
});

/** The first lab that was begun and is not done, else the first whose prerequisites are done, else any. */
function toBegin(): Lab<string> | undefined {
  const progress = allProgress();
  const state = (lab: Lab<string>) => labState(lab, progress[lab.id]);
  const isDone = (id: string): boolean =>
    labs.some((lab) => lab.id === id && state(lab) === 'done');
  const open = labs.filter((lab) => state(lab) !== 'done');
  return (
    open.find((lab) => state(lab) === 'begun') ??
    open.find(({ prerequisites }) => prerequisites.every(isDone)) ??
    open[0]
  );
}

function printBeginning(terminal: Terminal): void {
  const lab = toBegin();
  if (lab === undefined) {
    terminal.out('Every lab is done.\n\nNext: lab progress');
    return;
  }
  const done = allProgress()[lab.id]?.done.length ?? 0;
  const how = done === 0 ? 'not begun' : `${done} of ${lab.steps.length} steps done`;
  terminal.out(`No lab is up. The next one is ${lab.id}: ${lab.title} (${how}).`);
  const target = lab.targets.includes('local') ? '' : ` --target ${lab.targets[0] ?? ''}`;
  terminal.out(`\nNext: lab up ${lab.id}${target}`);
}

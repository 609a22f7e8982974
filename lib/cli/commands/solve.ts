import type { Command } from 'commander';
import { type Question, rightAnswer } from '../../lab/answer';
import type { Step } from '../../lab/format';
import { currentStep } from '../../lab/progress';
import { prove } from '../../proof/proof';
import { proveManifests } from '../../proof/stage';
import { stageLine } from '../../report/stage';
import { drawnLab } from '../../session/drawn';
import { refuseInExam } from '../../session/exam';
import { progressIn, record } from '../../session/learner';
import { withLocalSession } from '../../session/local/open';
import { runningLabs } from '../../session/local/running';
import { findLabId } from '../../session/open/find';
import { withUpLab } from '../../session/open/open';
import { solveStep } from '../../session/open/solve';
import { solutionFiles, solutionOf } from '../../session/solution';
import type { AppliedSolution, UpLab } from '../../session/types';
import { EXIT, type ExitCode } from '../common/exit';
import { labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

interface SolveFlags {
  readonly lab?: string;
  readonly show?: true;
  readonly onlyStep?: true;
  readonly clear?: true;
}

/** `lab solve`: applies the solution of the current step, and proves what it does; or only shows it. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  labOption(program.command('solve'))
    .description('applies the solution of the current step')
    .option('--show', 'prints the solution and changes nothing')
    .option('--only-step', 'applies what this step changes, on top of what is in force')
    .option('--clear', 'removes what you applied; without it, your files stay on top')
    .action(async (options: SolveFlags) => ended(await solve(terminal, options)));
}

async function solve(terminal: Terminal, options: SolveFlags): Promise<ExitCode> {
  const id = await findLabId(options);
  refuseInExam(id, 'lab solve');
  const step = currentStep(drawnLab(id), progressIn(id));
  if (step === undefined) {
    terminal.out('Every step is done.\n\nNext: lab down, then lab list');
    return EXIT.right;
  }
  const isStage = step.solution.kind === 'stage';
  const part = options.show || (options.onlyStep && isStage);
  if (part) record(id, { kind: 'solution-taken', step: step.id });
  if (options.show) show(terminal, id, step);
  else if (part) await onlyStep(terminal, id, step);
  else await withUpLab({ lab: id }, (up) => whole(terminal, up, options));
  for (const check of step.checks)
    if (check.kind === 'answer') terminal.out(answerLine(check.question));
  terminal.out(`\nNext: ${options.show ? 'lab solve applies it; ' : ''}lab check ${step.id}`);
  return EXIT.right;
}

/** What to type for a question; a value of this machine is for the learner to look up. */
const answerLine = ({ id, accept, because }: Question): string =>
  `lab answer ${id} '${rightAnswer(accept) ?? '<look it up>'}'  # ${because}`;

function show(terminal: Terminal, id: string, step: Step): void {
  const { solution } = step;
  if (solution.kind === 'commands') {
    for (const { in: machine, run } of solution.commands) terminal.out(`${machine}$ ${run}`);
    return;
  }
  const changes = solutionOf(drawnLab(id), step);
  if (changes === undefined) {
    terminal.out('This step is solved by the answers its checks ask for:');
    return;
  }
  terminal.out(`# the stage ${changes.stage}, against the one before it`);
  terminal.out(changes.objects.map(({ yaml }) => yaml.trimEnd()).join('\n---\n'));
  for (const name of changes.removed) terminal.out(`# removed: ${name}`);
  if (changes.template !== undefined) terminal.out(`# the VPC:\n${changes.template.trimEnd()}`);
}

const onlyStep = (terminal: Terminal, id: string, step: Step): Promise<void> =>
  withLocalSession(id, async (session) => {
    const changes = solutionOf(session.lab, step);
    if (changes === undefined) return;
    const files = solutionFiles(step, changes);
    const { proof } = await proveManifests(session, [...session.running.applied, ...files]);
    terminal.out(`applied: ${files.map(({ path }) => path).join(', ')}`);
    terminal.out(stageLine(session.running.stage, proof));
  });

async function whole(terminal: Terminal, up: UpLab, { clear }: SolveFlags): Promise<void> {
  const solved = await solveStep(up, { clear: clear === true });
  if (solved === undefined) return;
  const { applied } = solved;
  for (const line of await appliedLines(up.lab.id, applied)) terminal.out(line);
  if (applied.kind !== 'stage') return;
  const running = (await runningLabs()).find(({ lab }) => lab === up.lab.id);
  const files = (running?.applied ?? []).map(({ path }) => path).join(', ');
  if (files !== '') terminal.out(`still on top: ${files} (lab solve --clear removes them)`);
}

/** What was done, a line each; a stage on this machine is proven with real packets. */
async function appliedLines(lab: string, applied: AppliedSolution): Promise<readonly string[]> {
  switch (applied.kind) {
    case 'commands':
      return applied.lines;
    case 'answers':
      return ['This step is solved by the answers its checks ask for:'];
    case 'stage': {
      const { stage, local } = applied;
      if (local === undefined) return [`The solution is stage ${stage}: applied, and rolled out.`];
      const file = `dist/${lab}/${stage}.k8s.yaml`;
      return [
        `The solution is stage ${stage}: ${file} after npx cdk8s synth; lab solve --show prints it.`,
        stageLine(stage, await prove(local)),
      ];
    }
  }
}

import type { Command } from 'commander';
import { type Exam, type ExamResult, examSeeds, pointsOf } from '../../lab/exam';
import { drawFault } from '../../lab/fault';
import { currentStep } from '../../lab/progress';
import { Failure } from '../../model/problem';
import { findLab } from '../../session/catalogue';
import { drawnLab } from '../../session/drawn';
import { beginExam, endExam, nextRound, openExam } from '../../session/exam';
import { endLocal } from '../../session/local/end';
import { labRunning } from '../../session/local/running';
import { EXIT, type ExitCode } from '../common/exit';
import { printTask } from '../common/next';
import { jsonOption, seed as seedOf } from '../common/options';
import { startHere } from '../common/start-here';
import type { Terminal } from '../common/terminal';

interface ExamOptions {
  readonly seed?: number;
  readonly end?: true;
  readonly json?: true;
}

/** `lab exam <id>`: a lab without explain, hints and solutions; with a clock, a score and a result. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(program.command('exam [id]'))
    .description('a lab without explain, hints and solutions; without an id: goes on, or ends')
    .option('--seed <number>', 'draws the same faults again', seedOf)
    .option('--end', 'ends the exam as it is')
    .addHelpText('after', POINTS)
    .action(async (id: string | undefined, options: ExamOptions) =>
      ended(await exam(terminal, id, options)),
    );
}

const POINTS = `
A step counts 100 points at the first check, 20 less for each check that fails and each wrong answer before it
passes, at least 20; a step that does not pass counts 0. The score is the mean. A lab that draws a fault draws three.`;

async function exam(
  terminal: Terminal,
  id: string | undefined,
  options: ExamOptions,
): Promise<ExitCode> {
  const open = openExam();
  if (id !== undefined && !options.end) return begin(terminal, id, options);
  if (open === undefined) {
    throw new Failure('no-exam', 'no exam is under way', 'lab exam <id> begins one');
  }
  const lab = drawFault(findLab(open.lab), open.progress.seed ?? 0);
  if (!options.end && currentStep(lab, open.progress) !== undefined) {
    if ((await labRunning(open.lab)).length === 0) return round(terminal, open);
    printTask(terminal, { lab, progress: open.progress, json: options.json });
    return EXIT.right;
  }
  const after = options.end ? undefined : nextRound(lab, open);
  await endLabOf(open.lab);
  if (after !== undefined) return round(terminal, after);
  return printResult(terminal, endExam(lab, openExam() ?? open), options);
}

async function begin(
  terminal: Terminal,
  id: string,
  { seed = Math.floor(Math.random() * 1_000_000) }: ExamOptions,
): Promise<ExitCode> {
  const lab = findLab(id);
  const open = openExam();
  if (open !== undefined) {
    const problem = `an exam of ${open.lab} is under way`;
    throw new Failure('exam-open', problem, 'lab exam goes on; lab exam --end ends it');
  }
  if (!lab.targets.includes('local')) {
    throw new Failure('no-exam', `lab ${id} does not run on this machine`, 'choose another lab');
  }
  if ((await labRunning(id)).length > 0) {
    throw new Failure('already-up', `lab ${id} is up`, `lab down ${id}, then lab exam ${id}`);
  }
  return round(terminal, beginExam(id, examSeeds(lab, seed)));
}

async function round(terminal: Terminal, open: Exam): Promise<ExitCode> {
  const lab = drawnLab(open.lab);
  const seed = lab.faults === undefined ? undefined : (open.progress.seed ?? 0);
  try {
    await startHere(terminal, { lab, seed }, 8);
  } catch (error) {
    endExam(lab, open);
    throw error;
  }
  const of =
    open.seeds.length === 1 ? '' : `, part ${open.rounds.length + 1} of ${open.seeds.length}`;
  terminal.out(`${terminal.palette.strong(`Exam: ${lab.title}${of}`)}`);
  terminal.out('Without lab explain, lint, hint, solve and stage. lab exam --end ends it.');
  printTask(terminal, { lab, progress: open.progress });
  return EXIT.right;
}

async function endLabOf(id: string): Promise<void> {
  for (const running of await labRunning(id)) await endLocal(running);
}

function printResult(terminal: Terminal, result: ExamResult, { json }: ExamOptions): ExitCode {
  if (json) terminal.out(JSON.stringify(result));
  else {
    terminal.out(
      `Exam of ${result.lab}: ${result.score} of 100 points in ${result.minutes} minutes.`,
    );
    for (const [i, { steps }] of result.rounds.entries()) {
      for (const step of steps) {
        const part = result.rounds.length === 1 ? '' : `${i + 1}. `;
        const how = step.passed ? `${step.misses} misses` : 'not passed';
        terminal.out(`  ${part}${step.step}: ${pointsOf(step)} points (${how})`);
      }
    }
    terminal.out('\nNext: lab progress keeps it; lab list');
  }
  return result.rounds.every(({ steps }) => steps.every(({ passed }) => passed))
    ? EXIT.right
    : EXIT.differs;
}

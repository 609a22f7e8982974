import type { Command } from 'commander';
import { describeCheck } from '../lab/check';
import type { CheckResult } from '../lab/check-result';
import type { Lab, Step } from '../lab/format';
import { currentStep } from '../lab/progress';
import { Failure } from '../model/problem';
import { EXIT, type ExitCode } from './exit';
import { inUpLab } from './in-up-lab';
import { progressIn, record } from './learner';
import { printTask } from './next';
import type { Terminal } from './terminal';

interface CheckOptions {
  readonly lab?: string;
  readonly json?: true;
}

/** `lab check [step]`: observes, and tells what differs, what that means, and where to look. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('check [step]')
    .description('observes the current step with real packets; tells what differs and why')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--json', 'print the value instead of the text')
    .action(async (step: string | undefined, options: CheckOptions) =>
      ended(await check(terminal, step, options)),
    );
}

const check = (
  terminal: Terminal,
  named: string | undefined,
  { lab: running, json }: CheckOptions,
): Promise<ExitCode> =>
  inUpLab(running, async (up) => {
    const { lab } = up;
    const before = progressIn(lab.id);
    const step = named === undefined ? currentStep(lab, before) : stepOf(lab, named);
    if (step === undefined) {
      printTask(terminal, { lab, progress: before, json });
      return EXIT.right;
    }
    const results = await up.check(step.checks, before);
    const passed = results.every(({ kind }) => kind !== 'wrong');
    if (passed) record(lab.id, { kind: 'step-passed', step: step.id });
    if (json) terminal.out(JSON.stringify({ lab: lab.id, step: step.id, passed, results }));
    else print(terminal, { lab, step, results, passed });
    return passed ? EXIT.right : EXIT.differs;
  });

interface Checked {
  readonly lab: Lab<string>;
  readonly step: Step;
  readonly results: readonly CheckResult[];
  readonly passed: boolean;
}

function print(terminal: Terminal, { lab, step, results, passed }: Checked): void {
  for (const result of results) terminal.out(resultText(terminal, result));
  if (!passed) {
    terminal.out('\nNext: lab hint, then lab check again');
    return;
  }
  terminal.out(`\n${terminal.palette.good(`Step ${step.id} done.`)} ${step.because}`);
  printTask(terminal, { lab, progress: progressIn(lab.id) });
}

/** One check's result in words: never only "failed". */
export function resultText({ palette }: Terminal, result: CheckResult): string {
  const title = describeCheck(result.check);
  switch (result.kind) {
    case 'right':
      return `${palette.good('right')}  ${title}\n       ${palette.quiet(result.check.because)}`;
    case 'wrong':
      return [
        `${palette.bad('wrong')}  ${title}`,
        `       saw:   ${result.saw}`,
        `       means: ${result.means}`,
        `       look:  ${result.look}`,
      ].join('\n');
    case 'elsewhere':
      return `${palette.doubt('not here')}  ${title}\n       ${result.why}`;
  }
}

function stepOf(lab: Lab<string>, id: string): Step {
  const step = lab.steps.find((one) => one.id === id);
  if (step !== undefined) return step;
  const known = lab.steps.map((one) => one.id).join(', ');
  throw new Failure('unknown-step', `lab ${lab.id} has no step '${id}'`, `use ${known}`);
}

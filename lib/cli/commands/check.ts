import type { Command } from 'commander';
import type { Lab } from '../../lab/format';
import { checkResultText } from '../../report/check';
import { openExam } from '../../session/exam';
import { progressIn } from '../../session/learner';
import { type CheckedStep, checkStep } from '../../session/open/check';
import { withUpLab } from '../../session/open/open';
import { EXIT, type ExitCode } from '../common/exit';
import { printTask } from '../common/next';
import { jsonOption, labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

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
  jsonOption(labOption(program.command('check [step]')))
    .description('checks the current step with real packets, and says what differs and why')
    .action(async (step: string | undefined, options: CheckOptions) =>
      ended(await check(terminal, step, options)),
    );
}

const check = (
  terminal: Terminal,
  named: string | undefined,
  { lab: running, json }: CheckOptions,
): Promise<ExitCode> =>
  withUpLab({ lab: running }, async (up) => {
    const { lab } = up;
    const checked = await checkStep(up, named);
    if (checked === undefined) {
      printTask(terminal, { lab, progress: progressIn(lab.id), json });
      return EXIT.right;
    }
    const { step, results, passed } = checked;
    if (json) terminal.out(JSON.stringify({ lab: lab.id, step: step.id, passed, results }));
    else print(terminal, { lab, step, results, passed });
    return passed ? EXIT.right : EXIT.differs;
  });

interface Checked extends CheckedStep {
  readonly lab: Lab<string>;
}

function print(terminal: Terminal, { lab, step, results, passed }: Checked): void {
  for (const result of results) terminal.out(checkResultText(result, terminal.palette));
  if (!passed) {
    const help = openExam()?.lab === lab.id ? 'lab check again' : 'lab hint, then lab check again';
    terminal.out(`\nNext: ${help}`);
    return;
  }
  terminal.out(`\n${terminal.palette.good(`Step ${step.id} done.`)} ${step.because}`);
  printTask(terminal, { lab, progress: progressIn(lab.id) });
}

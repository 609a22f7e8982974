import type { Command } from 'commander';
import { labs } from '../../../labs';
import { progressHtml, progressSummary, progressText } from '../../report/progress';
import { examResults } from '../../session/exam';
import { allProgress } from '../../session/learner';
import { EXIT, type ExitCode } from '../common/exit';
import { writeText } from '../common/files';
import { jsonOption } from '../common/options';
import type { Terminal } from '../common/terminal';

interface ProgressOptions {
  readonly json?: true;
  readonly html?: string;
}

/** `lab progress`: what was done in all labs, and the results of exams. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(program.command('progress'))
    .description('what you did in all labs: steps, hints, wrong answers, exams')
    .option('--html <file>', 'writes it as a page to print')
    .action((options: ProgressOptions) => ended(progress(terminal, options)));
}

function progress(terminal: Terminal, { json, html }: ProgressOptions): ExitCode {
  const summary = progressSummary(labs, allProgress(), examResults());
  if (html !== undefined) writeText(html, progressHtml(summary, new Date().toISOString()));
  if (json) terminal.out(JSON.stringify(summary));
  else {
    terminal.out(progressText(summary));
    terminal.out(`\nNext: ${html === undefined ? 'lab next' : `open ${html}`}`);
  }
  return EXIT.right;
}

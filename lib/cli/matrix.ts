import type { Command } from 'commander';
import { discrepancyText } from '../report/comparison';
import { matrixText, squareOf } from '../report/matrix';
import { EXIT, type ExitCode } from './exit';
import { prove } from './proof';
import { inSession } from './session';
import type { Terminal } from './terminal';

interface MatrixOptions {
  readonly lab?: string;
  readonly json?: true;
}

/** `lab matrix`: predicted and observed reachability of a running lab, and where they differ. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('matrix')
    .description('predicted and observed reachability of all endpoints, and where they differ')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--json', 'print the value instead of the text')
    .action(async (options: MatrixOptions) => ended(await matrix(terminal, options)));
}

const matrix = (terminal: Terminal, { lab, json }: MatrixOptions): Promise<ExitCode> =>
  inSession(lab, async ({ local, running }) => {
    const { predicted, observed, flows, differing, millis } = await prove(local);
    if (json) {
      const squares = { predicted: squareOf(predicted), observed: squareOf(observed) };
      terminal.out(JSON.stringify({ stage: running.stage, flows, ...squares, differing }));
    } else {
      terminal.out(`${running.lab}, stage ${running.stage}\n`);
      terminal.out(matrixText(observed, terminal.palette));
      terminal.out(
        `\n${flows} flows observed in ${Math.round(millis)} ms, ${differing.length} differ from the prediction`,
      );
      for (const one of differing) terminal.out(discrepancyText(one));
      terminal.out('\nNext: lab explain <from> <to>:<port> says why for any flow');
    }
    return differing.length === 0 ? EXIT.right : EXIT.differs;
  });

import type { Command } from 'commander';
import { shownStage } from '../lab/fault';
import type { World } from '../model/world';
import { discrepancyText } from '../report/comparison';
import { matrixText, squareOf } from '../report/matrix';
import { findLab } from './catalogue';
import { EXIT, type ExitCode } from './exit';
import { INSTEAD_OF_A_LAB, type InputOptions, inputOptions, ownWorld } from './inputs';
import { bringUp } from './local';
import { type Proof, predictMatrix, prove } from './proof';
import { inSession } from './session';
import type { Terminal } from './terminal';
import { inSandbox } from './tied';

interface MatrixOptions extends InputOptions {
  readonly lab?: string;
  readonly observed?: true;
}

/** `lab matrix`: predicted and observed reachability of a running lab, and where they differ. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  inputOptions(program.command('matrix'), INSTEAD_OF_A_LAB)
    .description('predicted and observed reachability of all endpoints, and where they differ')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--observed', 'your own files: send every packet too')
    .option('--json', 'print the value instead of the text')
    .action(async (options: MatrixOptions) => {
      const own = ownWorld(options, terminal);
      ended(await (own === undefined ? ofLab(terminal, options) : ofFiles(terminal, own, options)));
    });
}

const ofLab = (terminal: Terminal, options: MatrixOptions): Promise<ExitCode> =>
  inSession(options.lab, async ({ local, running }) => {
    const { lab, stage } = running;
    return print(terminal, { ...(await prove(local)), lab, stage }, options);
  });

/** Files of a person's own may hold thousands of pods: packets are sent only where they are asked for. */
async function ofFiles(
  terminal: Terminal,
  world: World,
  options: MatrixOptions,
): Promise<ExitCode> {
  if (options.observed) {
    const proof = await inSandbox(async (sandbox) => prove(await bringUp(sandbox, world)));
    return print(terminal, proof, options);
  }
  const predicted = predictMatrix(world);
  if (options.json) terminal.out(JSON.stringify({ predicted: squareOf(predicted) }));
  else {
    terminal.out(matrixText(predicted, terminal.palette));
    terminal.out('\nNext: the same with --observed sends the packets; lab explain says why');
  }
  return EXIT.right;
}

/** A proof, and whose it is where it is a lab's. */
type Shown = Proof & { readonly lab?: string; readonly stage?: string };

function print(
  terminal: Terminal,
  { predicted, observed, flows, differing, millis, lab, stage }: Shown,
  { json }: MatrixOptions,
): ExitCode {
  if (json) {
    const squares = { predicted: squareOf(predicted), observed: squareOf(observed) };
    terminal.out(JSON.stringify({ stage, flows, ...squares, differing }));
  } else {
    if (lab !== undefined && stage !== undefined)
      terminal.out(`${lab}, stage ${shownStage(findLab(lab), stage)}\n`);
    terminal.out(matrixText(observed, terminal.palette));
    terminal.out(
      `\n${flows} flows observed in ${Math.round(millis)} ms, ${differing.length} differ from the prediction`,
    );
    for (const one of differing) terminal.out(discrepancyText(one));
    terminal.out('\nNext: lab explain <from> <to>:<port> says why for any flow');
  }
  return differing.length === 0 ? EXIT.right : EXIT.differs;
}

import type { Command } from 'commander';
import { shownStage } from '../../lab/fault';
import type { InputSummary } from '../../model/input-summary';
import type { World } from '../../model/world';
import { type Proof, predictMatrix, prove } from '../../proof/proof';
import { createEngine } from '../../reach/engine';
import { openings, type ProxyOpening } from '../../reach/questions/openings';
import { discrepancyText } from '../../report/comparison';
import { openingsText } from '../../report/http';
import { matrixText, squareOf } from '../../report/matrix';
import { findLab } from '../../session/catalogue';
import { withLocalSession } from '../../session/local/open';
import { bringUp } from '../../targets/local/local';
import { EXIT, type ExitCode } from '../common/exit';
import { type HtmlOptions, htmlOption, reportIn } from '../common/html';
import {
  INSTEAD_OF_A_LAB,
  type InputOptions,
  inputOptions,
  type OwnInput,
  ownInput,
} from '../common/inputs';
import { jsonOption, labOption } from '../common/options';
import { withSandbox } from '../common/sandbox';
import type { Terminal } from '../common/terminal';

interface MatrixOptions extends InputOptions, HtmlOptions {
  readonly lab?: string;
  readonly observed?: true;
}

/** `lab matrix`: predicted and observed reachability of a running lab, and where they differ. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(htmlOption(labOption(inputOptions(program.command('matrix'), INSTEAD_OF_A_LAB))))
    .description('predicted and observed reachability of all endpoints, and where they differ')
    .option('--observed', 'your own files: send every packet too')
    .action(async (options: MatrixOptions) => {
      const own = ownInput(options, terminal);
      ended(await (own === undefined ? ofLab(terminal, options) : ofFiles(terminal, own, options)));
    });
}

const ofLab = (terminal: Terminal, options: MatrixOptions): Promise<ExitCode> =>
  withLocalSession(options.lab, async ({ local, running }) => {
    const { lab, stage } = running;
    const http = openingsIn(local.world());
    const proof = await prove(local);
    reportIn(options, ({ matrixReport }) => matrixReport(local.world(), proof.predicted, proof));
    return print(terminal, { ...proof, http, lab, stage }, options);
  });

/** What proxies open beside the flows of the matrix. */
const openingsIn = (world: World): readonly ProxyOpening[] =>
  openings(world, createEngine(world, { staged: 'as-written' }));

/** Files may hold thousands of pods, so packets are sent only with `--observed`. */
async function ofFiles(
  terminal: Terminal,
  { world, read }: OwnInput,
  options: MatrixOptions,
): Promise<ExitCode> {
  if (options.observed) {
    const proof = await withSandbox(async (sandbox) => prove(await bringUp(sandbox, world)));
    reportIn(options, ({ matrixReport }) => matrixReport(world, proof.predicted, proof));
    return print(terminal, { ...proof, http: openingsIn(world), read }, options);
  }
  const predicted = predictMatrix(world);
  reportIn(options, ({ matrixReport }) => matrixReport(world, predicted));
  const http = openingsIn(world);
  if (options.json) terminal.out(JSON.stringify({ predicted: squareOf(predicted), http, read }));
  else {
    terminal.out(matrixText(predicted, terminal.palette));
    if (http.length > 0) terminal.out(openingsText(http, terminal.palette));
    terminal.out('\nNext: the same with --observed sends the packets; lab explain says why');
  }
  return EXIT.right;
}

/** A proof, and whose it is where it is a lab's. */
type Shown = Proof & {
  readonly lab?: string;
  readonly stage?: string;
  readonly http: readonly ProxyOpening[];
  readonly read?: InputSummary;
};

function print(
  terminal: Terminal,
  { predicted, observed, flows, differing, millis, lab, stage, http, read }: Shown,
  { json }: MatrixOptions,
): ExitCode {
  if (json) {
    const squares = { predicted: squareOf(predicted), observed: squareOf(observed) };
    terminal.out(JSON.stringify({ stage, flows, ...squares, differing, http, read }));
  } else {
    if (lab !== undefined && stage !== undefined)
      terminal.out(`${lab}, stage ${shownStage(findLab(lab), stage)}\n`);
    terminal.out(matrixText(observed, terminal.palette));
    if (http.length > 0) terminal.out(openingsText(http, terminal.palette));
    terminal.out(
      `\n${flows} flows observed in ${Math.round(millis)} ms, ${differing.length} differ from the prediction`,
    );
    for (const one of differing) terminal.out(discrepancyText(one));
    terminal.out('\nNext: lab explain <from> <to>:<port> says why for any flow');
  }
  return differing.length === 0 ? EXIT.right : EXIT.differs;
}

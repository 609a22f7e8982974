import type { Command } from 'commander';
import type { Evidence } from '../../model/explanation';
import type { Flow } from '../../model/flow';
import type { InputSummary } from '../../model/input-summary';
import { Failure, type SourceFile } from '../../model/problem';
import type { World } from '../../model/world';
import { predictFlow } from '../../proof/explained';
import { createEngine } from '../../reach/engine';
import { lookup } from '../../reach/questions/lookup';
import { explainRequest } from '../../reach/questions/request';
import { parseFlow } from '../../read/flows/flows';
import { observedAnswer, observedLine, predictedAnswer } from '../../report/answer';
import { compared, discrepancyText, type Seen } from '../../report/comparison';
import { explanationText } from '../../report/explanation';
import { requestAnswer, requestText } from '../../report/http';
import { refuseInExam } from '../../session/exam';
import { stageSources } from '../../session/lab-world';
import { withLocalSession } from '../../session/local/open';
import { requestOf } from '../../session/request';
import { EXIT, type ExitCode } from '../common/exit';
import { ENDS_HELP } from '../common/flow-help';
import { type HtmlOptions, htmlOption, reportIn } from '../common/html';
import {
  INSTEAD_OF_A_LAB,
  type InputOptions,
  inputOptions,
  type OwnInput,
  ownInput,
} from '../common/inputs';
import { observeAll } from '../common/judging';
import { type Located, locateEvidence, placeText } from '../common/located';
import { jsonOption, labOption } from '../common/options';
import { type SvgFileOptions, svgOptions, writeSvg } from '../common/svg-file';
import type { Terminal } from '../common/terminal';

interface ExplainOptions extends InputOptions, SvgFileOptions, HtmlOptions {
  readonly lab?: string;
  readonly observed?: true;
  readonly stagedAsEnforced?: true;
  readonly header: readonly string[];
  readonly method: string;
  readonly connectTo?: string;
}

const collect = (one: string, all: readonly string[]): readonly string[] => [...all, one];

/** `lab explain <from> <to>:<port>`: every hop there and back, and the rule that decided. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  const command = program.command('explain <from> <to>');
  jsonOption(htmlOption(labOption(svgOptions(inputOptions(command, INSTEAD_OF_A_LAB)))))
    .description(
      'every hop of a flow there and back, the rule that decided, and what would change it',
    )
    .option('-H, --header <header>', "of a request: 'name: value'; may be given again", collect, [])
    .option('-X, --method <method>', 'of a request', 'GET')
    .option('--connect-to <end>', 'of a request: name or address that the client connects to')
    .option('--observed', 'send the packet too, and show the rules that the kernel names')
    .option('--staged-as-enforced', 'judge as if every staged policy were enforced')
    .addHelpText(
      'after',
      `\n<to> is an end with its port: end:port or end:port/protocol; or a URL, such as http://shop.example.com/cart.\n${ENDS_HELP}`,
    )
    .action(async (from: string, to: string, options: ExplainOptions) =>
      ended(await explain(terminal, [from, to], options)),
    );
}

async function explain(
  terminal: Terminal,
  ends: readonly [string, string],
  options: ExplainOptions,
): Promise<ExitCode> {
  const own = ownInput(options, terminal);
  if (/^https?:\/\//.test(ends[1])) return explainUrl(terminal, { ends, own }, options);
  if (own === undefined) {
    return withLocalSession(options.lab, ({ lab, local, running }) => {
      refuseInExam(lab.id, 'lab explain');
      const world = local.world();
      const flow = flowOf(ends, world);
      const observe = (): Promise<readonly Seen[]> => local.observe([flow], 'on');
      const files = [...stageSources(lab, running.stage), ...running.applied];
      return explainFlow(terminal, { world, flow, files, observe }, options);
    });
  }
  const { world, read, files } = own;
  const flow = flowOf(ends, world);
  const observe = (): Promise<readonly Seen[]> => observeAll(world, [flow], 'on');
  return explainFlow(terminal, { world, read, flow, files, observe }, options);
}

/** `lab explain <from> <url>`: which listener, rule and backend a request gets. */
function explainUrl(
  terminal: Terminal,
  { ends, own }: { readonly ends: readonly [string, string]; readonly own: OwnInput | undefined },
  options: ExplainOptions,
): Promise<ExitCode> | ExitCode {
  const answer = (world: World, read?: InputSummary): ExitCode => {
    const staged = options.stagedAsEnforced ? 'as-enforced' : 'as-written';
    const question = requestOf(ends, world, options);
    const explained = explainRequest(world, createEngine(world, { staged }), question);
    if (options.json) terminal.out(JSON.stringify({ ...requestAnswer(explained), read }));
    else terminal.out(requestText(explained, terminal.palette));
    return EXIT.right;
  };
  if (own !== undefined) return answer(own.world, own.read);
  return withLocalSession(options.lab, async ({ lab, local }) => {
    refuseInExam(lab.id, 'lab explain');
    return answer(local.world());
  });
}

interface Asked {
  readonly world: World;
  readonly read?: InputSummary;
  readonly flow: Flow;
  /** The files that the world was read from. */
  readonly files: readonly SourceFile[];
  /** Sends it, and lets the kernel tell what it met. */
  readonly observe: () => Promise<readonly Seen[]>;
}

async function explainFlow(
  terminal: Terminal,
  { world, flow, files, observe, read }: Asked,
  options: ExplainOptions,
): Promise<ExitCode> {
  predicted(terminal, { world, flow, files, ...(read && { read }) }, options);
  const [seen] = options.observed ? await observe() : [];
  if (seen === undefined) return EXIT.right;
  if (options.json) terminal.out(JSON.stringify(observedAnswer(flow, seen)));
  else
    terminal.out(['', 'observed', `  ${observedLine(flow, seen)}`, ...metLines(seen)].join('\n'));
  const both = compared(createEngine(world, { staged: 'as-written' }).explain(flow), seen);
  if (both.agreement !== 'differs') return EXIT.right;
  terminal.err(discrepancyText(both));
  return EXIT.differs;
}

/** What the kernel says the packet met, a line a rule. */
const metLines = ({ met }: Seen): readonly string[] =>
  met.map(({ where, rule, verdict }) => `  ${where}: ${rule}: ${verdict}`);

function predicted(
  terminal: Terminal,
  { world, flow, files, read }: Omit<Asked, 'observe'>,
  options: ExplainOptions,
): void {
  const staged = options.stagedAsEnforced ? 'as-enforced' : 'as-written';
  const { engine, explanation: plain, flip: turned } = predictFlow(world, flow, staged);
  const named = lookup(world, engine, flow);
  reportIn(options, ({ explainReport }) => explainReport(plain, turned));
  const explanation = {
    ...plain,
    ...(turned && { flip: turned }),
    ...(named && { lookup: named }),
  };
  const by = locateEvidence(plain.by, files);
  const picture = options.svg === undefined ? undefined : loadPath().pathPictureOf(world, plain);
  if (picture !== undefined) writeSvg(picture, options.svg ?? '', options);
  if (options.json) {
    const answer = { ...predictedAnswer(plain), by, ...(turned && { flip: turned }), read };
    terminal.out(JSON.stringify({ ...answer, picture }));
    return;
  }
  terminal.out(explanationText(explanation, terminal.palette));
  for (const line of placeLines(by)) terminal.out(line);
  if (options.svg !== undefined) terminal.out(`\nwritten: ${options.svg}`);
  if (!options.observed) terminal.out('\nNext: the same with --observed asks the kernel');
}

/** Pictures are loaded only where one is asked for. */
const loadPath = () => require('../../picture/path') as typeof import('../../picture/path');

/** Where the cited rules stand in the files, a line each. */
function placeLines(by: readonly Located<Evidence>[]): readonly string[] {
  const lines = by.flatMap(({ at, object }) =>
    at === undefined ? [] : [`  ${placeText(at)}  ${object}`],
  );
  return lines.length === 0 ? [] : ['', 'in the files', ...new Set(lines)];
}

function flowOf([from, to]: readonly [string, string], world: World): Flow {
  const flow = parseFlow(from, to, world);
  if (!('problem' in flow)) return flow;
  throw new Failure('unknown-flow', flow.problem, flow.fix);
}

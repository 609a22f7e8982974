import type { Command } from 'commander';
import type { Flow } from '../model/flow';
import { Failure } from '../model/problem';
import type { World } from '../model/world';
import { createEngine } from '../reach/engine';
import { flip } from '../reach/flip';
import { lookup } from '../reach/lookup';
import { observedAnswer, observedLine, predictedAnswer } from '../report/answer';
import { compared, discrepancyText, type Seen } from '../report/comparison';
import { explanationText } from '../report/explanation';
import { parseFlow } from '../snapshot/flows';
import { EXIT, type ExitCode } from './exit';
import { INSTEAD_OF_A_LAB, type InputOptions, inputOptions, ownWorld } from './inputs';
import { observeAll } from './judging';
import { inSession } from './session';
import type { Terminal } from './terminal';

interface ExplainOptions extends InputOptions {
  readonly lab?: string;
  readonly observed?: true;
  readonly stagedAsEnforced?: true;
}

/** `lab explain <from> <to>:<port>`: every hop there and back, and the rule that decided. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  inputOptions(program.command('explain <from> <to>'), INSTEAD_OF_A_LAB)
    .description('every hop there and back, the rule that decided, what would change it')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--observed', 'send the packet too, and let the kernel name its rules')
    .option('--staged-as-enforced', 'judge as if every staged policy were enforced')
    .option('--json', 'print the value instead of the text')
    .addHelpText('after', '\n<to> is end:port or end:port/protocol; see lab predict for ends')
    .action(async (from: string, to: string, options: ExplainOptions) =>
      ended(await explain(terminal, [from, to], options)),
    );
}

async function explain(
  terminal: Terminal,
  ends: readonly [string, string],
  options: ExplainOptions,
): Promise<ExitCode> {
  const own = ownWorld(options, terminal);
  if (own === undefined) {
    return inSession(options.lab, ({ local }) => {
      const world = local.world();
      const flow = flowOf(ends, world);
      const observe = (): Promise<readonly Seen[]> => local.observe([flow], 'on');
      return explainFlow(terminal, { world, flow, observe }, options);
    });
  }
  const flow = flowOf(ends, own);
  const observe = (): Promise<readonly Seen[]> => observeAll(own, [flow], 'on');
  return explainFlow(terminal, { world: own, flow, observe }, options);
}

interface Asked {
  readonly world: World;
  readonly flow: Flow;
  /** Sends it, and lets the kernel tell what it met. */
  readonly observe: () => Promise<readonly Seen[]>;
}

async function explainFlow(
  terminal: Terminal,
  { world, flow, observe }: Asked,
  options: ExplainOptions,
): Promise<ExitCode> {
  predicted(terminal, { world, flow }, options);
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
  { world, flow }: Pick<Asked, 'world' | 'flow'>,
  options: ExplainOptions,
): void {
  const staged = options.stagedAsEnforced ? 'as-enforced' : 'as-written';
  const engine = createEngine(world, { staged });
  const plain = engine.explain(flow);
  const turned = flip(world, plain, { staged });
  const named = lookup(world, engine, flow);
  const explanation = {
    ...plain,
    ...(turned && { flip: turned }),
    ...(named && { lookup: named }),
  };
  if (options.json) {
    terminal.out(JSON.stringify({ ...predictedAnswer(plain), ...(turned && { flip: turned }) }));
    return;
  }
  terminal.out(explanationText(explanation, terminal.palette));
  if (!options.observed) terminal.out('\nNext: the same with --observed asks the kernel');
}

function flowOf([from, to]: readonly [string, string], world: World): Flow {
  const flow = parseFlow(from, to, world);
  if (!('problem' in flow)) return flow;
  throw new Failure('unknown-flow', flow.problem, flow.fix);
}

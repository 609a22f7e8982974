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
import { worldOf } from './inputs';
import { inSession } from './session';
import type { Terminal } from './terminal';

interface ExplainOptions {
  readonly lab?: string;
  readonly manifests?: readonly string[];
  readonly template?: readonly string[];
  readonly observed?: true;
  readonly stagedAsEnforced?: true;
  readonly json?: true;
}

/** `lab explain <from> <to>:<port>`: every hop there and back, and the rule that decided. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('explain <from> <to>')
    .description('every hop there and back, the rule that decided, what would change it')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--manifests <path...>', 'your own manifests instead of a running lab')
    .option('--template <path...>', 'synthesized CloudFormation templates: the VPC around them')
    .option('--observed', 'send the packet too, and let the kernel name its rules')
    .option('--staged-as-enforced', 'judge as if every staged policy were enforced')
    .option('--json', 'print the value instead of the text')
    .addHelpText('after', '\n<to> is end:port or end:port/protocol; see lab predict for ends')
    .action(async (from: string, to: string, options: ExplainOptions) =>
      ended(await explain(terminal, [from, to], options)),
    );
}

function explain(
  terminal: Terminal,
  ends: readonly [string, string],
  options: ExplainOptions,
): Promise<ExitCode> {
  const { manifests } = options;
  if (manifests !== undefined) {
    const world = worldOf({ ...options, manifests }, terminal);
    return Promise.resolve(predicted(terminal, { world, flow: flowOf(ends, world) }, options));
  }
  return inSession(options.lab, async ({ local }) => {
    const world = local.world();
    const flow = flowOf(ends, world);
    const code = predicted(terminal, { world, flow }, options);
    if (!options.observed) return code;
    const [seen] = await local.observe([flow], 'on');
    if (seen === undefined) return code;
    if (options.json) terminal.out(JSON.stringify(observedAnswer(flow, seen)));
    else
      terminal.out(['', 'observed', `  ${observedLine(flow, seen)}`, ...metLines(seen)].join('\n'));
    const both = compared(createEngine(world, { staged: 'as-written' }).explain(flow), seen);
    if (both.agreement !== 'differs') return code;
    terminal.err(discrepancyText(both));
    return EXIT.differs;
  });
}

/** What the kernel says the packet met, a line a rule. */
const metLines = ({ met }: Seen): readonly string[] =>
  met.map(({ where, rule, verdict }) => `  ${where}: ${rule}: ${verdict}`);

interface Asked {
  readonly world: World;
  readonly flow: Flow;
}

function predicted(terminal: Terminal, { world, flow }: Asked, options: ExplainOptions): ExitCode {
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
    return EXIT.right;
  }
  terminal.out(explanationText(explanation, terminal.palette));
  if (!options.observed) terminal.out('\nNext: the same with --observed asks the kernel');
  return EXIT.right;
}

function flowOf([from, to]: readonly [string, string], world: World): Flow {
  const flow = parseFlow(from, to, world);
  if (!('problem' in flow)) return flow;
  throw new Failure('unknown-flow', flow.problem, flow.fix);
}

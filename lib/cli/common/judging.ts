import type { Command } from 'commander';
import type { Explanation } from '../../model/explanation';
import type { Flow } from '../../model/flow';
import { Failure } from '../../model/problem';
import type { Worded } from '../../model/worded';
import type { World } from '../../model/world';
import { createEngine, type EngineOptions, type ExplainOptions } from '../../reach/engine';
import type { Seen } from '../../report/comparison';
import { type InputCounts, inputCounts } from '../../report/input-summary';
import { addressesIn, bringUp, type Tracing } from '../../targets/local/local';
import { EXIT, type ExitCode } from './exit';
import { ENDS_HELP } from './flow-help';
import { flowsOf, type InputOptions, inputOf, inputOptions, refuseSharedInput } from './inputs';
import { withSandbox } from './sandbox';
import type { Terminal } from './terminal';

/** Options of `predict`, `probe` and `compare`. */
export interface JudgingOptions extends InputOptions {
  readonly flows: string;
  readonly stagedAsEnforced?: true;
  readonly trace?: boolean;
}

/** The options that all three share. */
export const judgingOptions = (command: Command): Command =>
  inputOptions(command, 'files or folders of Kubernetes manifests')
    .requiredOption('--flows <file>', 'flows, one JSON object a line; - reads standard input')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', ENDS_HELP);

/** A person's world and flows, and what was read to make them. */
export interface AskedFlows {
  readonly world: World;
  readonly flows: readonly Flow[];
  readonly read: InputCounts;
}

/** What a person asked about: their world and their flows, both sound. */
export function asked(options: JudgingOptions, terminal: Terminal): AskedFlows {
  refuseSharedInput(options, options.flows);
  const { world, read } = inputOf(options, terminal);
  return { world, flows: flowsOf(options.flows, world, terminal), read: inputCounts(read) };
}

/** Predicts flows, in the order asked; each when it is asked for. */
export const predictAll = (
  world: World,
  flows: readonly Flow[],
  { staged, trace }: EngineOptions & ExplainOptions,
): Iterable<Explanation> =>
  createEngine(world, { staged }).explainAll(flows, trace === undefined ? {} : { trace });

/** The same as what its lines are written from. */
export const wordAll = (
  world: World,
  flows: readonly Flow[],
  { staged, trace }: EngineOptions & Required<ExplainOptions>,
): Iterable<Worded> => createEngine(world, { staged }).wordAll(flows, { trace });

/** Tries flows with real packets in a sandbox that is gone afterwards. */
export const observeAll = (
  world: World,
  flows: readonly Flow[],
  trace: Tracing,
): Promise<readonly Seen[]> => {
  if (world.leftOut !== undefined) {
    const problem = `packets would cross a network without ${world.leftOut.length} objects that were left out`;
    throw new Failure('left-out', problem, 'correct the objects, or ask lab predict --keep-going');
  }
  return withSandbox(async (sandbox) => {
    const local = await bringUp(sandbox, world, { extraAddresses: addressesIn(flows) });
    return local.observe(flows, trace);
  });
};

export type Ended = (code: ExitCode) => void;

export const exitFor = (differing: number): ExitCode => (differing > 0 ? EXIT.differs : EXIT.right);

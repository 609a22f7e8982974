import type { Command } from 'commander';
import type { Explanation } from '../model/explanation';
import type { Flow } from '../model/flow';
import type { World } from '../model/world';
import { createEngine } from '../reach/engine';
import type { Seen } from '../report/comparison';
import { EXIT, type ExitCode } from './exit';
import { flowsOf, type InputOptions, inputOptions, worldOf } from './inputs';
import { addressesIn, bringUp, type Tracing } from './local';
import type { Terminal } from './terminal';
import { inSandbox } from './tied';

/** Options of `predict`, `probe` and `compare`. */
export interface JudgingOptions extends InputOptions {
  readonly flows: string;
  readonly stagedAsEnforced?: true;
  readonly trace?: true;
}

/** The options that all three share. */
export const judgingOptions = (command: Command): Command =>
  inputOptions(command, 'files or folders of Kubernetes manifests')
    .requiredOption('--flows <file>', 'flows, one JSON object a line; - reads standard input')
    .option('--json', 'print one JSON object a line');

/** What a person asked about: their world and their flows, both sound. */
export function asked(
  options: JudgingOptions,
  terminal: Terminal,
): { readonly world: World; readonly flows: readonly Flow[] } {
  const world = worldOf(options, terminal);
  return { world, flows: flowsOf(options.flows, world, terminal) };
}

/** Predicts flows, in the order asked. */
export function predictAll(
  world: World,
  flows: readonly Flow[],
  staged: 'as-written' | 'as-enforced',
): readonly Explanation[] {
  const engine = createEngine(world, { staged });
  return flows.map(engine.explain);
}

/** Tries flows with real packets in a sandbox that is gone afterwards. */
export const observeAll = (
  world: World,
  flows: readonly Flow[],
  trace: Tracing,
): Promise<readonly Seen[]> =>
  inSandbox(async (sandbox) => {
    const local = await bringUp(sandbox, world, { extraAddresses: addressesIn(flows) });
    return local.observe(flows, trace);
  });

export type Ended = (code: ExitCode) => void;

export const exitFor = (differing: number): ExitCode => (differing > 0 ? EXIT.differs : EXIT.right);

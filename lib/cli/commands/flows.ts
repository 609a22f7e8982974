import { type Command, Option } from 'commander';
import type { Flow } from '../../model/flow';
import type { InputSummary } from '../../model/input-summary';
import type { World } from '../../model/world';
import { flowsToTry, type Recording, writeRecords } from '../../proof/recording';
import { RECORD_FORMATS, type RecordFormat } from '../../records/record';
import { comparedAnswer } from '../../report/answer';
import { discrepancyText } from '../../report/comparison';
import { applicationFlows, matrixFlows } from '../../session/application';
import { withLocalSession } from '../../session/local/open';
import { addressesIn, bringUp, type Local } from '../../targets/local/local';
import { EXIT, type ExitCode } from '../common/exit';
import { writeText } from '../common/files';
import { FLOWS_HELP } from '../common/flow-help';
import {
  flowsOf,
  INSTEAD_OF_A_LAB,
  type InputOptions,
  inputOptions,
  ownInput,
} from '../common/inputs';
import { jsonOption, labOption } from '../common/options';
import { withSandbox } from '../common/sandbox';
import type { Terminal } from '../common/terminal';

interface FlowsOptions extends InputOptions {
  readonly format: RecordFormat;
  readonly flows?: string;
  readonly all?: true;
  readonly lab?: string;
  readonly out?: string;
}

/** `lab flows`: tries flows with real packets and writes a record of each, as a flow log would. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  const command = labOption(inputOptions(program.command('flows'), INSTEAD_OF_A_LAB));
  jsonOption(command, 'print the records and what differs as one value')
    .description('flow records of an application, tried with real packets: ours, Calico or VPC')
    .addOption(
      new Option('--format <format>', 'how records are written')
        .choices(RECORD_FORMATS)
        .default('answers'),
    )
    .option(
      '--flows <file>',
      'flows to try; by default the calls of the lab’s application (see lab help flows)',
    )
    .option('--all', 'every pod against every declared port instead')
    .option('--out <file>', 'writes the records there instead of printing them')
    .addHelpText('after', FLOWS_HELP)
    .action(async (options: FlowsOptions) => {
      const own = ownInput(options, terminal);
      const recording = await (own === undefined
        ? fromLab(terminal, options)
        : fromFiles(terminal, options, own.world));
      ended(report(terminal, { ...recording, ...(own && { read: own.read }) }, options));
    });
}

const fromLab = (terminal: Terminal, options: FlowsOptions): Promise<Recording> =>
  withLocalSession(options.lab, ({ lab, local }) => {
    const world = local.world();
    const calls = options.all ? [] : applicationFlows(lab, world);
    return record(local, chosen(terminal, options, { world, calls }), options.format);
  });

function fromFiles(terminal: Terminal, options: FlowsOptions, world: World): Promise<Recording> {
  const flows = chosen(terminal, options, { world, calls: [] });
  return withSandbox(async (sandbox) => {
    const local = await bringUp(sandbox, world, { extraAddresses: addressesIn(flows) });
    return record(local, flows, options.format);
  });
}

interface Choice {
  readonly world: World;
  /** Calls that an application is known to make. */
  readonly calls: readonly Flow[];
}

/** The flows of a file; else the application's calls; else all there are. */
function chosen(terminal: Terminal, options: FlowsOptions, { world, calls }: Choice) {
  if (options.flows !== undefined) return flowsOf(options.flows, world, terminal);
  return calls.length > 0 ? calls : matrixFlows(world);
}

async function record(
  local: Local,
  asked: readonly Flow[],
  format: RecordFormat,
): Promise<Recording> {
  const flows = flowsToTry(local.world(), asked, format);
  const at = new Date();
  const seen = await local.observe(flows, 'off');
  return writeRecords(local.world(), { flows, seen, at }, format);
}

/** A recording, and what was read where a person's own files were. */
type ReportedFlows = Recording & { readonly read?: InputSummary };

/** Records to `out` or a file, everything else to `err`: what is printed can be piped. */
function report(terminal: Terminal, recording: ReportedFlows, options: FlowsOptions): ExitCode {
  const { lines, differing } = recording;
  const { out, format, json } = options;
  if (out !== undefined) writeText(out, `${lines.join('\n')}\n`);
  if (json) terminal.out(JSON.stringify(asValue(recording, format)));
  else if (out === undefined) terminal.out(lines.join('\n'));
  for (const one of differing) terminal.err(discrepancyText(one));
  const count = format === 'vpc' ? lines.length - 1 : lines.length;
  terminal.err(`${count} records, ${differing.length} flows not as predicted`);
  terminal.err(`Next: lab recommend --flows ${out ?? '<file>'}`);
  return differing.length === 0 ? EXIT.right : EXIT.differs;
}

const asValue = ({ lines, differing, read }: ReportedFlows, format: RecordFormat) => ({
  format,
  records: format === 'vpc' ? lines : lines.map((line): unknown => JSON.parse(line)),
  differing: differing.map(comparedAnswer),
  read,
});

import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { CalicoMinor } from '../../model/calico-release';
import type { World } from '../../model/world';
import { createEngine } from '../../reach/engine';
import { diff as diffOf, everyFlow } from '../../reach/questions/diff';
import { diffText } from '../../report/diff';
import { findLab } from '../../session/catalogue';
import { refuseInExam } from '../../session/exam';
import { stageWorld } from '../../session/lab-world';
import { findLabId } from '../../session/open/find';
import { EXIT, type ExitCode } from '../common/exit';
import { htmlOption, reportIn } from '../common/html';
import { calicoOption, KEEP_GOING, worldOf } from '../common/inputs';
import { jsonOption } from '../common/options';
import type { Terminal } from '../common/terminal';

interface DiffOptions {
  readonly from: string;
  readonly to: string;
  readonly lab?: string;
  readonly template?: readonly string[];
  readonly parameter?: readonly string[];
  readonly keepGoing?: true;
  readonly calico?: CalicoMinor;
  readonly stagedAsEnforced?: true;
  readonly json?: true;
  readonly html?: string;
}

/** `lab diff --from A --to B`: the flows that change from one stage, file or folder to another. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(htmlOption(program.command('diff')))
    .description('the flows that change between two stages, files or folders, by workload')
    .requiredOption('--from <stage|path>', 'before')
    .requiredOption('--to <stage|path>', 'after')
    .option('--lab <id>', 'lab that has the stages; by default the running one')
    .option('--template <path...>', 'synthesized CloudFormation templates around both')
    .option('--parameter <name=value...>', "the templates' parameters, as [stack:]Name=value")
    .option('--keep-going', KEEP_GOING)
    .addOption(calicoOption())
    .option('--staged-as-enforced', 'judge the second as if its staged policies were enforced')
    .action(async (options: DiffOptions) => ended(await diff(terminal, options)));
}

async function diff(terminal: Terminal, options: DiffOptions): Promise<ExitCode> {
  const before = await read(terminal, options.from, options);
  const after = await read(terminal, options.to, options);
  const staged = options.stagedAsEnforced ? 'as-enforced' : 'as-written';
  const old = { world: before, engine: createEngine(before, { staged: 'as-written' }) };
  const young = { world: after, engine: createEngine(after, { staged }) };
  const changes = diffOf(old, young);
  reportIn(options, ({ diffReport }) =>
    diffReport(
      changes,
      { world: before, matrix: old.engine.matrix(everyFlow(before)) },
      { ...young, matrix: young.engine.matrix(everyFlow(after)) },
    ),
  );
  if (options.json) terminal.out(JSON.stringify(changes));
  else
    terminal.out(
      `${diffText(changes, terminal.palette)}\n\nNext: lab explain asks about one of them`,
    );
  return EXIT.right;
}

/** A path that exists is a path; anything else is the name of a stage. */
async function read(
  terminal: Terminal,
  name: string,
  { lab, from, to, ...options }: DiffOptions,
): Promise<World> {
  if (existsSync(name)) return worldOf({ ...options, manifests: [name] }, terminal);
  const found = findLab(lab ?? (await findLabId({})));
  refuseInExam(found.id, 'lab diff');
  return stageWorld(found, name);
}

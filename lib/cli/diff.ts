import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { World } from '../model/world';
import { diff as diffOf } from '../reach/diff';
import { createEngine } from '../reach/engine';
import { diffText } from '../report/diff';
import { findLab } from './catalogue';
import { EXIT, type ExitCode } from './exit';
import { worldOf } from './inputs';
import { stageWorld } from './lab-world';
import { runningLab } from './running';
import type { Terminal } from './terminal';

interface DiffOptions {
  readonly from: string;
  readonly to: string;
  readonly lab?: string;
  readonly template?: readonly string[];
  readonly stagedAsEnforced?: true;
  readonly json?: true;
}

/** `lab diff --from A --to B`: the flows that change from one stage, file or folder to another. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('diff')
    .description('the flows that change between two stages, files or folders, by workload')
    .requiredOption('--from <stage|path>', 'before')
    .requiredOption('--to <stage|path>', 'after')
    .option('--lab <id>', 'whose stages; the running lab otherwise')
    .option('--template <path...>', 'synthesized CloudFormation templates around both')
    .option('--staged-as-enforced', 'judge the second as if its staged policies were enforced')
    .option('--json', 'print the value instead of the text')
    .action(async (options: DiffOptions) => ended(await diff(terminal, options)));
}

async function diff(terminal: Terminal, options: DiffOptions): Promise<ExitCode> {
  const before = await read(terminal, options.from, options);
  const after = await read(terminal, options.to, options);
  const staged = options.stagedAsEnforced ? 'as-enforced' : 'as-written';
  const changes = diffOf(
    { world: before, engine: createEngine(before, { staged: 'as-written' }) },
    { world: after, engine: createEngine(after, { staged }) },
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
  { lab, template }: DiffOptions,
): Promise<World> {
  if (existsSync(name)) {
    return worldOf(
      { manifests: [name], ...(template === undefined ? {} : { template }) },
      terminal,
    );
  }
  return stageWorld(findLab(lab ?? (await runningLab(undefined)).lab), name);
}

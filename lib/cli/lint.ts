import type { Command } from 'commander';
import { lint as lintWorld } from '../lint/lint';
import type { World } from '../model/world';
import { lintText } from '../report/lint';
import { EXIT, type ExitCode } from './exit';
import { worldOf } from './inputs';
import { inSession } from './session';
import type { Terminal } from './terminal';

interface LintOptions {
  readonly manifests?: readonly string[];
  readonly template?: readonly string[];
  readonly lab?: string;
  readonly json?: true;
}

/** `lab lint`: what is legal and probably not meant, in a running lab or anybody's manifests. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('lint')
    .description('policies, ACLs and groups that do not do what they seem to: where, why, fix')
    .option('--manifests <path...>', 'your own manifests instead of a running lab')
    .option('--template <path...>', 'synthesized CloudFormation templates: the VPC around them')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--json', 'print the value instead of the text')
    .action(async (options: LintOptions) => {
      const { manifests, lab } = options;
      const code =
        manifests === undefined
          ? await inSession(lab, async ({ local }) => lint(terminal, local.world(), options))
          : lint(terminal, worldOf({ ...options, manifests }, terminal), options);
      ended(code);
    });
}

/** Errors differ from what was meant; warnings and notes are for a person to weigh. */
function lint(terminal: Terminal, world: World, { json }: LintOptions): ExitCode {
  const findings = lintWorld(world);
  if (json) terminal.out(JSON.stringify(findings));
  else
    terminal.out(`${lintText(findings, terminal.palette)}\n\nNext: lab explain <from> <to>:<port>`);
  return findings.some(({ severity }) => severity === 'error') ? EXIT.differs : EXIT.right;
}

import type { Command } from 'commander';
import { lint as lintWorld } from '../lint/lint';
import type { World } from '../model/world';
import { lintText } from '../report/lint';
import { EXIT, type ExitCode } from './exit';
import { INSTEAD_OF_A_LAB, type InputOptions, inputOptions, ownWorld } from './inputs';
import { inSession } from './session';
import type { Terminal } from './terminal';

interface LintOptions extends InputOptions {
  readonly lab?: string;
}

/** `lab lint`: what is legal and probably not meant, in a running lab or anybody's manifests. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  inputOptions(program.command('lint'), INSTEAD_OF_A_LAB)
    .description('policies, ACLs and groups that do not do what they seem to: where, why, fix')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--json', 'print the value instead of the text')
    .action(async (options: LintOptions) => {
      const own = ownWorld(options, terminal);
      const code =
        own === undefined
          ? await inSession(options.lab, async ({ local }) =>
              lint(terminal, local.world(), options),
            )
          : lint(terminal, own, options);
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

import type { Command } from 'commander';
import { lint as lintWorld } from '../../lint/lint';
import { lintText } from '../../report/lint';
import { refuseInExam } from '../../session/exam';
import { stageSources } from '../../session/lab-world';
import { withLocalSession } from '../../session/local/open';
import { EXIT, type ExitCode } from '../common/exit';
import { type HtmlOptions, htmlOption, reportIn } from '../common/html';
import {
  INSTEAD_OF_A_LAB,
  type InputOptions,
  inputOptions,
  type OwnInput,
  ownInput,
} from '../common/inputs';
import { locateFindings } from '../common/located';
import { jsonOption, labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

interface LintOptions extends InputOptions, HtmlOptions {
  readonly lab?: string;
}

/** `lab lint`: what is legal and probably not meant, in a running lab or in any manifests. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(htmlOption(labOption(inputOptions(program.command('lint'), INSTEAD_OF_A_LAB))))
    .description('policies, network ACLs and security groups that do not do what they seem to do')
    .action(async (options: LintOptions) => {
      const own = ownInput(options, terminal);
      const code =
        own === undefined
          ? await withLocalSession(options.lab, async ({ lab, local, running }) => {
              refuseInExam(lab.id, 'lab lint');
              const files = [...stageSources(lab, running.stage), ...running.applied];
              return lint(terminal, { world: local.world(), files }, options);
            })
          : lint(terminal, own, options);
      ended(code);
    });
}

/** Errors differ from what was meant; warnings and notes are for a person to weigh. */
function lint(
  terminal: Terminal,
  { world, files }: Pick<OwnInput, 'world' | 'files'>,
  options: LintOptions,
): ExitCode {
  const findings = locateFindings(lintWorld(world), files);
  reportIn(options, ({ lintReport }) => lintReport(findings));
  if (options.json) terminal.out(JSON.stringify(findings));
  else
    terminal.out(`${lintText(findings, terminal.palette)}\n\nNext: lab explain <from> <to>:<port>`);
  return findings.some(({ severity }) => severity === 'error') ? EXIT.differs : EXIT.right;
}

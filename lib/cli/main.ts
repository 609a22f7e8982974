import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { Failure, InputProblems } from '../model/problem';
import { COMMANDS, GROUPS, isCommand } from './commands';
import { EXIT, type ExitCode } from './common/exit';
import { printable } from './common/printable';
import { printProblems } from './common/problems';
import { processTerminal, type Terminal } from './common/terminal';
import { SUMMARIES } from './summaries';

/**
 * Runs one command line and answers with the exit code. Failures a person can act on are printed as
 * problem and fix; anything else is a bug and is thrown.
 */
export async function main(
  argv: readonly string[],
  given: Terminal = processTerminal(),
): Promise<ExitCode> {
  const terminal = printable(given);
  try {
    return await run(terminal, argv);
  } catch (error) {
    return reported(terminal, error, argv.includes('--json'));
  }
}

/**
 * Only the command that was asked for is loaded, so that `lab` starts fast. Help of the whole program
 * shows summaries and loads none.
 */
async function run(terminal: Terminal, argv: readonly string[]): Promise<ExitCode> {
  const [word = '', of = ''] = argv.filter((arg) => !arg.startsWith('-'));
  const wanted = word === 'help' ? of : word;
  let code: ExitCode = EXIT.right;
  const setCode = (ended: ExitCode): void => {
    code = ended;
  };
  const program = emptyProgram(terminal);
  if (wanted === 'completion') {
    // It is written from the tree of all commands.
    for (const load of Object.values(COMMANDS)) load().register(program, terminal, setCode);
  } else if (isCommand(wanted)) {
    COMMANDS[wanted]().register(program, terminal, setCode);
  } else {
    addSummaries(program);
  }
  await program.parseAsync(argv, { from: 'user' });
  return code;
}

/** Every command by its summary; none of them can run. */
function addSummaries(program: Command): void {
  program.configureHelp({ subcommandTerm: (one) => `${one.name()} ${one.usage()}`.trimEnd() });
  for (const [heading, names] of Object.entries(GROUPS)) {
    program.commandsGroup(heading);
    for (const name of names) {
      const { usage, description } = SUMMARIES[name];
      program
        .command(name)
        .description(description)
        .usage(usage || ' ');
    }
  }
}

const emptyProgram = (terminal: Terminal): Command =>
  new Command('lab')
    .description('EKS networking labs: one definition, predicted and proven with real packets')
    .version(version, '-V, --version', 'which version this is')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .showHelpAfterError('Next: lab --help')
    .enablePositionalOptions();

/** Says what went wrong, as JSON where a script asked for JSON. */
function reported(terminal: Terminal, error: unknown, json: boolean): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.right : EXIT.unusable;
  if (error instanceof InputProblems) {
    if (json) terminal.out(JSON.stringify({ problems: error.problems }));
    else printProblems(terminal, error.problems);
    return EXIT.unusable;
  }
  if (error instanceof Failure) {
    const { code, problem, fix } = error;
    if (json) terminal.out(JSON.stringify({ error: { code, problem, fix } }));
    else terminal.err(`${terminal.palette.bad('problem')} ${problem}\n  fix: ${fix}`);
    return EXIT.unusable;
  }
  throw error;
}

import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { Failure } from '../model/problem';
import { COMMANDS, GROUPS, isCommand } from './commands';
import { EXIT, type ExitCode } from './exit';
import { InputProblems, printProblems } from './problems';
import { processTerminal, type Terminal } from './terminal';

/**
 * Runs one command line and answers with the exit code. Failures a person can act on are printed as
 * problem and fix; anything else is a bug and is thrown.
 */
export async function main(
  argv: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<ExitCode> {
  try {
    return await run(terminal, argv);
  } catch (error) {
    return reported(terminal, error, argv.includes('--json'));
  }
}

/**
 * Only the command that was asked for is loaded, so that `lab` starts fast; for help, and for a
 * word that is no command, all of them are.
 */
async function run(terminal: Terminal, argv: readonly string[]): Promise<ExitCode> {
  const word = argv.find((arg) => !arg.startsWith('-')) ?? '';
  let code: ExitCode = EXIT.right;
  const program = emptyProgram(terminal);
  for (const [heading, names] of isCommand(word)
    ? [['', [word]] as const]
    : Object.entries(GROUPS)) {
    if (heading !== '') program.commandsGroup(heading);
    for (const name of names) {
      COMMANDS[name]().register(program, terminal, (ended) => {
        code = ended;
      });
    }
  }
  await program.parseAsync(argv, { from: 'user' });
  return code;
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

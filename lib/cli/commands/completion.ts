import { Argument, type Command } from 'commander';
import { labs } from '../../../labs';
import { type CompletedShell, completionScript, SHELLS } from '../common/completion';
import { EXIT, type ExitCode } from '../common/exit';
import type { Terminal } from '../common/terminal';

/** `lab completion <shell>`: what makes a shell complete commands, options and the ids of labs. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .description('completion for your shell: source <(lab completion bash)')
    .addHelpText('after', HOW)
    .action((shell: CompletedShell) => {
      const ids = labs.map(({ id }) => id);
      terminal.out(completionScript(shell, program, ids));
      ended(EXIT.right);
    });
}

const HOW = `
bash: source <(lab completion bash)          zsh: source <(lab completion zsh)
fish: lab completion fish > ~/.config/fish/completions/lab.fish`;

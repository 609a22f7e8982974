import type { Command } from 'commander';
import { EXIT, type ExitCode } from './exit';
import { withHome } from './machines/bring-up';
import { inPlace } from './place';
import type { Terminal } from './terminal';

/** `lab shell <pod|node|namespace>`: a shell of the learner's own inside the lab's network. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('shell <place>')
    .description('your shell inside a pod, a node or a namespace; exit leaves it')
    .option('--lab <id>', 'which running lab, where several are up')
    .action(async (place: string, options: { readonly lab?: string }) =>
      ended(await shell(terminal, place, options.lab)),
    );
}

const shell = (terminal: Terminal, name: string, lab: string | undefined): Promise<ExitCode> =>
  inPlace({ name, lab }, async ({ sandbox, netns }) => {
    terminal.err(
      `in ${name}: ip, nft, ping, nc as you know them; \`exit\` leaves. Next: lab check`,
    );
    const prompt = Object.entries(promptFor(name)).map(([key, value]) => `${key}=${value}`);
    const command = ['env', ...prompt, process.env.SHELL ?? '/bin/sh'];
    await sandbox.interact(netns, withHome(command));
    return EXIT.right;
  });

/**
 * What makes a shell say where it is. sh reads PS1 from its environment; bash sets its own when it
 * starts, so it is told before its first prompt.
 */
const promptFor = (name: string): Readonly<Record<string, string>> => ({
  LAB_PLACE: name,
  PS1: `(${name}) $ `,
  PROMPT_COMMAND: 'PS1="($LAB_PLACE) $PS1"; unset PROMPT_COMMAND',
});

import type { Command } from 'commander';
import { withPlace } from '../../session/local/place';
import { shellIn } from '../../session/local/shell';
import { EXIT, type ExitCode } from '../common/exit';
import { labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

/** `lab shell <pod|node|namespace>`: a shell of the learner's own inside the lab's network. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  labOption(program.command('shell <place>'))
    .description('your shell inside a pod, a node or a namespace; exit leaves it')
    .action(async (place: string, options: { readonly lab?: string }) =>
      ended(await shell(terminal, place, options.lab)),
    );
}

const shell = (terminal: Terminal, name: string, lab: string | undefined): Promise<ExitCode> =>
  withPlace({ name, lab }, async ({ sandbox, netns }) => {
    terminal.err(
      `in ${name}: ip, nft, ping, nc as you know them; \`exit\` leaves. Next: lab check`,
    );
    await sandbox.interact(netns, shellIn(name));
    return EXIT.right;
  });

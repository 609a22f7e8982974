import type { Command } from 'commander';
import type { ExitCode } from './exit';
import { withHome } from './machines/bring-up';
import { inPlace } from './place';
import type { Terminal } from './terminal';

/** `lab exec <pod> -- <cmd>`: a command inside a pod's network namespace, with its resolv.conf. */
export function register(
  program: Command,
  _terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('exec <pod> <command...>')
    .description("a command inside the pod's (or node's) network namespace")
    .option('--lab <id>', 'which running lab, where several are up')
    .passThroughOptions()
    .action(async (pod: string, command: readonly string[], options: { readonly lab?: string }) =>
      ended(await exec({ pod, command: withoutMark(command), lab: options.lab })),
    );
}

interface Asked {
  readonly pod: string;
  /** What follows `--`; the mark itself is no part of it. */
  readonly command: readonly string[];
  readonly lab: string | undefined;
}

const withoutMark = ([first = '', ...rest]: readonly string[]): readonly string[] =>
  first === '--' ? rest : [first, ...rest];

/** The command's exit code is this one's: what it means is the command's to say. */
const exec = ({ pod, command, lab }: Asked): Promise<ExitCode> =>
  inPlace(
    { name: pod, lab },
    async ({ sandbox, netns }) => (await sandbox.interact(netns, withHome(command))) as ExitCode,
  );

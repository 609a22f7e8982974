import type { Command } from 'commander';
import { withPlace } from '../../session/local/place';
import { withTools } from '../../targets/machines/bring-up';
import type { ExitCode } from '../common/exit';
import { labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

/** `lab exec <pod> -- <cmd>`: a command inside a pod's network namespace, with its resolv.conf. */
export function register(
  program: Command,
  _terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  labOption(program.command('exec <pod> <command...>'))
    .description("a command inside the pod's (or node's) network namespace")
    .passThroughOptions()
    .action(async (pod: string, command: readonly string[], options: { readonly lab?: string }) =>
      ended(await exec({ pod, command: withoutMark(command), lab: options.lab })),
    );
}

interface ExecQuestion {
  readonly pod: string;
  /** What follows `--`; without the mark itself. */
  readonly command: readonly string[];
  readonly lab: string | undefined;
}

const withoutMark = ([first = '', ...rest]: readonly string[]): readonly string[] =>
  first === '--' ? rest : [first, ...rest];

/** The command's exit code is this one's: what it means is the command's to say. */
const exec = ({ pod, command, lab }: ExecQuestion): Promise<ExitCode> =>
  withPlace(
    { name: pod, lab },
    async ({ sandbox, netns }) => (await sandbox.interact(netns, withTools(command))) as ExitCode,
  );

import type { Command } from 'commander';
import { netnsOf } from '../dataplane/names';
import { Failure } from '../model/problem';
import type { Endpoint, World } from '../model/world';
import { parseEnd } from '../snapshot/ends';
import { isAt } from './checks/context';
import { EXIT, type ExitCode } from './exit';
import { inSession } from './session';
import type { Terminal } from './terminal';

/** `lab exec <pod> -- <cmd>`: a command inside a pod's network namespace, with its resolv.conf. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('exec <pod> <command...>')
    .description("a command inside the pod's (or node's) network namespace")
    .option('--lab <id>', 'which running lab, where several are up')
    .passThroughOptions()
    .action(async (pod: string, command: readonly string[], options: { readonly lab?: string }) =>
      // What follows `--` is the command; the mark itself is not.
      ended(await exec(terminal, { pod, command: withoutMark(command), lab: options.lab })),
    );
}

const withoutMark = ([first = '', ...rest]: readonly string[]): readonly string[] =>
  first === '--' ? rest : [first, ...rest];

interface Asked {
  readonly pod: string;
  readonly command: readonly string[];
  readonly lab: string | undefined;
}

const exec = (terminal: Terminal, { pod, command, lab }: Asked): Promise<ExitCode> =>
  inSession(lab, async ({ local }) => {
    const finished = await local.sandbox.exec(namespaceOf(pod, local.world()), command);
    terminal.out(finished.stdout.trimEnd());
    if (finished.stderr !== '') terminal.err(finished.stderr.trimEnd());
    return finished.code === 0 ? EXIT.right : EXIT.differs;
  });

/**
 * The network namespace of what a person named.
 * @throws Failure where nothing has that name, or it is no pod, node or outsider.
 */
export function namespaceOf(name: string, world: World): string {
  const end = parseEnd(name, world);
  if ('problem' in end) throw new Failure('unknown-end', end.problem, end.fix);
  const all: readonly Endpoint[] = [...world.pods, ...world.nodes, ...world.outside];
  const found = all.find((endpoint) => isAt(endpoint, end));
  if (found !== undefined) return netnsOf(found);
  throw new Failure('no-namespace', `${name} has no network namespace`, 'name a pod or a node');
}

import { join } from 'node:path';
import type { Plan } from '../../dataplane/commands/command';
import type { Lab, LabEnvironment } from '../../lab/format';
import type { ShellLine } from '../../lab/shell-line';
import { Failure } from '../../model/problem';
import type { Sandbox } from '../../runtime/sandbox/sandbox';

export type RunningMachines = Extract<LabEnvironment, { readonly kind: 'linux' }>;

/** A Linux lab's machines; throws where the lab is about a cluster. */
export function machinesOf(lab: Lab<string>): RunningMachines {
  if (lab.environment.kind === 'linux') return lab.environment;
  throw new Failure('no-machines', `lab ${lab.id} has pods, not machines`, 'name a pod of it');
}

/**
 * Makes a Linux lab's machines and types its preparation. The first machine is the one a learner
 * sits at; the others are namespaces with a name, as `ip netns add` makes them, so that its shell
 * can plug cables into them.
 */
export async function bringUpMachines(lab: Lab<string>, sandbox: Sandbox): Promise<void> {
  const { machines, prepare } = machinesOf(lab);
  const [own, ...others] = machines.map(({ name }) => name);
  if (own === undefined) throw new Error(`lab ${lab.id} has no machine`);
  await sandbox.run([
    { kind: 'add-netns', netns: own },
    { kind: 'set-link', netns: own, device: 'lo', state: 'up' },
  ]);
  const made = others.flatMap((name) => [`ip netns add ${name}`, `ip -n ${name} link set lo up`]);
  await typeLines(sandbox, [...made.map((run) => ({ in: own, run })), ...prepare]);
  const listening: Plan = machines.flatMap(({ name, listens = [] }) =>
    listens.length === 0
      ? []
      : [
          {
            kind: 'listen' as const,
            netns: name,
            listeners: listens.map((port) => ({ protocol: 'TCP' as const, port, banner: name })),
          },
        ],
  );
  await sandbox.run(listening);
}

/** The project's folder: lines find its CNI plugin at `$LAB_HOME/bin/lab-cni`. */
export const LAB_HOME = join(__dirname, '..', '..', '..');

/** A command that finds the project's folder in `LAB_HOME`, by way of env(1). */
export const withHome = (argv: readonly string[]): readonly string[] => [
  'env',
  `LAB_HOME=${LAB_HOME}`,
  ...argv,
];

/**
 * The same for a command that a person types: `lab`, `npx lab` and `tcpdump` are those of `bin/in-lab`, which
 * work inside a lab.
 */
export const withTools = (argv: readonly string[]): readonly string[] =>
  withHome([
    'sh',
    '-c',
    'PATH="$LAB_HOME/bin/in-lab:$PATH"; export PATH; exec "$@"',
    'sh',
    ...argv,
  ]);

/**
 * Types lines as a person would, one after the other, each in the shell of its machine, where
 * `LAB_HOME` names the project's folder.
 * @throws Failure `line-failed` at the first that does not work, with what it said.
 */
export async function typeLines(sandbox: Sandbox, lines: readonly ShellLine[]): Promise<void> {
  for (const line of lines) {
    const failed = await typeLine(sandbox, line);
    if (failed === undefined) continue;
    throw new Failure(
      'line-failed',
      `'${line.run}' on ${line.in} ended with ${failed.code}: ${failed.said}`,
      failed.said.includes('not found')
        ? 'install the program it names'
        : 'type it by hand to see why',
    );
  }
}

/**
 * Types all lines whatever they say: a learner may have done a part by hand, and what is there
 * already cannot be made again. Answers each line as in a terminal, with what it complained of.
 */
export async function tryLines(
  sandbox: Sandbox,
  lines: readonly ShellLine[],
): Promise<readonly string[]> {
  const typed: string[] = [];
  for (const line of lines) {
    const failed = await typeLine(sandbox, line);
    typed.push(`${line.in}$ ${line.run}`);
    if (failed !== undefined)
      typed.push(
        `  it said: ${failed.said || `exit code ${failed.code}`} (done before, or in the way?)`,
      );
  }
  return typed;
}

async function typeLine(
  sandbox: Sandbox,
  { in: machine, run }: ShellLine,
): Promise<{ readonly code: number; readonly said: string } | undefined> {
  const argv = withHome(['sh', '-c', run]);
  const { code, stderr, stdout } = await sandbox.exec(machine, argv, { timeoutMs: 60_000 });
  return code === 0 ? undefined : { code, said: (stderr || stdout).trim() };
}

import { spawn } from 'node:child_process';
import { withResolver } from '../kernel/exec';
import { codeOf, SEARCH_PATH } from '../kernel/spawn';
import type { Entrance } from './protocol';

/** A program and its arguments: what runs a command inside a namespace. */
export interface EntryCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** PATH that it needs: where a normal user's often does not look, and `ip` and `nft` live. */
  readonly path: string;
}

/**
 * The command that walks into the sandbox (nsenter(1)) and runs another one there. It is started as a
 * child of the caller, and ends with the sandbox.
 */
export const entryCommand = (entrance: Entrance, argv: readonly string[]): EntryCommand => ({
  file: 'nsenter',
  args: [...enterFlags(entrance), ...withDevices(withResolver(argv, entrance.resolvConf))],
  path: SEARCH_PATH,
});

/**
 * Runs a command inside a namespace at this very terminal, and answers its exit code. The command
 * is a child of this process that walks into the sandbox: terminal, signals and job control are the
 * person's own. While it runs, Ctrl-C is the command's.
 */
export function runInteractive(entrance: Entrance, argv: readonly string[]): Promise<number> {
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  const { file, args, path } = entryCommand(entrance, argv);
  const child = spawn(file, args, {
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(codeOf(code, signal)));
  }).finally(() => process.off('SIGINT', ignore));
}

/**
 * The command with a /sys of its network namespace: `/sys/class/net` shows the devices of the namespace in
 * which sysfs was mounted (sysfs(5)). Where that is forbidden, the command runs all the same. Mounts below
 * /run stay shared, so that `ip netns add` is seen by the whole lab.
 */
const withDevices = (argv: readonly string[]): readonly string[] => [
  ...['unshare', '--mount', '--propagation', 'unchanged'],
  ...['sh', '-c', 'mount -t sysfs sysfs /sys 2>/dev/null; exec "$@"', 'sh'],
  ...argv,
];

/** Every path is opened before the first namespace is entered, so all of them are the machine's own. */
const enterFlags = ({ pid, net, mode }: Entrance): readonly string[] => [
  `--target=${pid}`,
  ...(mode === 'rootless' ? ['--user', '--preserve-credentials'] : []),
  '--mount',
  '--uts',
  '--ipc',
  '--pid',
  `--net=/proc/${pid}/${net}`,
  '--',
];

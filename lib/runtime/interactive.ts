import { spawn } from 'node:child_process';
import { withResolver } from './exec';
import type { Entrance } from './protocol';
import { codeOf, SEARCH_PATH } from './spawn';

/**
 * Runs a command inside a namespace at this very terminal, and answers its exit code. The command
 * is a child of this process that walks into the sandbox (nsenter(1)): terminal, signals and job
 * control are the person's own. While it runs, Ctrl-C is the command's.
 */
export function runInteractive(entrance: Entrance, argv: readonly string[]): Promise<number> {
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  const child = spawn(
    'nsenter',
    [...enterFlags(entrance), ...withResolver(argv, entrance.resolvConf)],
    {
      stdio: 'inherit',
      env: { ...process.env, PATH: SEARCH_PATH },
    },
  );
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(codeOf(code, signal)));
  }).finally(() => process.off('SIGINT', ignore));
}

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

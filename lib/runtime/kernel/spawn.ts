import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants } from 'node:os';

/** How a command ended, and what it wrote. */
export interface Finished {
  /** Exit code; 128 + the signal's number where a signal ended it, 127 where it could not start. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnOptions {
  readonly stdin?: string;
  /** Kill it after this long; absent: never. */
  readonly timeoutMs?: number;
}

/** Where a normal user's PATH often does not look, and `nft` and `ip` live. */
export const SEARCH_PATH = [process.env.PATH ?? '/usr/bin:/bin', '/usr/sbin', '/sbin'].join(':');

/**
 * Starts a command and collects what it says. The child is forked by the calling thread before
 * this returns, so it is born in the network namespace that the thread stands in.
 */
export const run = (argv: readonly string[], options: SpawnOptions = {}): Promise<Finished> =>
  startIn(argv, options).ended;

/** Starts a command as `run` does, and lets go of it: who asked may end it. */
export function startIn(
  argv: readonly string[],
  options: SpawnOptions = {},
): { readonly child: ChildProcess; readonly ended: Promise<Finished> } {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { env: { ...process.env, PATH: SEARCH_PATH }, stdio: 'pipe' });
  return { child, ended: collect(child, options) };
}

// What a command left running in the background may hold its output open for hours: once the
// command itself has ended, so long a silence is the end of what it said.
const LINGER_MS = 200;

/** The exit code as a shell tells it: 128 and the signal's number where a signal ended it. */
export const codeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal]);

function collect(
  child: ChildProcessWithoutNullStreams,
  { stdin = '', timeoutMs }: SpawnOptions,
): Promise<Finished> {
  return new Promise((resolve) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const timers: NodeJS.Timeout[] = [];
    const finish = (code: number, more = '') => {
      for (const timer of timers) clearTimeout(timer);
      const stderr = Buffer.concat(err).toString() + more;
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr });
    };
    if (timeoutMs !== undefined) timers.push(setTimeout(() => child.kill('SIGKILL'), timeoutMs));
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => err.push(data));
    child.on('error', (error) => finish(127, error.message));
    child.on('close', (code, signal) => finish(codeOf(code, signal)));
    child.on('exit', (code, signal) => {
      const heard = () => out.length + err.length;
      const linger = (before: number): void => {
        const again = () => (heard() === before ? finish(codeOf(code, signal)) : linger(heard()));
        // Timers come before pipes in a turn of the event loop; what is in them must be read first.
        timers.push(setTimeout(() => setImmediate(again), LINGER_MS));
      };
      linger(heard());
    });
    // A command that never reads its input closes the pipe early; that is its right.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
  });
}

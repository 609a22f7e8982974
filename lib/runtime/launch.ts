import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Failure } from '../model/problem';
import { type Client, createClient } from './client';
import { SEARCH_PATH } from './spawn';

/** A holder that was started by this process and ends with it. */
export interface Launched {
  readonly client: Client;
  /** Closes the holder's standard input, which ends it. */
  release(): void;
  /** Lets a kept holder live on: this process no longer waits for it. */
  detach(): void;
  /** Resolves when every process of the sandbox is gone. */
  readonly ended: Promise<void>;
}

/**
 * Starts a holder. A namespace for users comes first, also for root: what happens inside then
 * cannot touch the machine. Where that is forbidden (a container's seccomp profile, AppArmor),
 * root can do without.
 *
 * Throws `Failure` `no-sandbox` where neither works.
 */
export async function launch(): Promise<Launched> {
  const root = process.getuid?.() === 0;
  const ways = root
    ? [[...AS_ROOT_OF_ITS_OWN, ...APART], APART]
    : [[...AS_ROOT_OF_ITS_OWN, ...APART]];
  const refusals: string[] = [];
  for (const flags of ways) {
    const launched = start(flags);
    try {
      await launched.client.ready;
      return launched;
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Failure(
    'no-sandbox',
    refusals.join('; '),
    'run `lab doctor`, which names what is missing',
  );
}

const AS_ROOT_OF_ITS_OWN = ['--user', '--map-root-user'];
// With --kill-child the holder dies with unshare, and with the holder every process of the lab.
const APART = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child'];

function start(flags: readonly string[]): Launched {
  const holder = [
    process.execPath,
    '--require',
    require.resolve('tsx/cjs'),
    join(__dirname, 'holder.ts'),
  ];
  // A session of its own: Ctrl-C reaches the client alone, and the client ends the holder.
  const child = spawn('unshare', [...flags, ...holder], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PATH: SEARCH_PATH, NODE_OPTIONS: '' },
  });
  const client = createClient(child.stdout, child.stdin);
  const ended = endOf(child, client);
  const release = (): void => {
    child.stdin.end();
  };
  const detach = (): void => {
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
    child.unref();
  };
  return { client, ended, release, detach };
}

/** Its last words on stderr say why it ended, where that was not asked for. */
function endOf(child: ChildProcess, client: Client): Promise<void> {
  let words = '';
  child.stderr?.on('data', (data: Buffer) => {
    words = (words + data.toString()).slice(-2000);
  });
  return new Promise((resolve) => {
    const gone = (why: string) => {
      client.lost(words.trim() === '' ? why : words.trim());
      resolve();
    };
    child.on('error', (error) => gone(`unshare: ${error.message}`));
    child.on('close', (code, signal) => gone(`the sandbox ended (${signal ?? code})`));
  });
}

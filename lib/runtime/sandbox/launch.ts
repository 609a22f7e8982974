import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../model/problem';
import { SEARCH_PATH } from '../kernel/spawn';
import { type Client, createClient } from './client';
import { explainRefusal } from './refusal';

/** A holder that was started by this process and ends with it. */
export interface Launched {
  readonly client: Client;
  /** `rootless`: in a user namespace of its own; `root`: without, which only root can. */
  readonly mode: 'rootless' | 'root';
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
  const modes = root ? (['rootless', 'root'] as const) : (['rootless'] as const);
  const words: string[] = [];
  for (const mode of modes) {
    const launched = start(mode);
    try {
      await launched.client.ready;
      return launched;
    } catch (error) {
      words.push(error instanceof Error ? error.message : String(error));
    }
  }
  const { why, fix } = explainRefusal({ words: words.join('; '), root, read: readIfThere });
  throw new Failure('no-sandbox', why, fix);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const AS_ROOT_OF_ITS_OWN = ['--user', '--map-root-user'];
// With --kill-child the holder dies with unshare, and with the holder every process of the lab.
const APART = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child'];

function start(mode: Launched['mode']): Launched {
  const flags = mode === 'rootless' ? [...AS_ROOT_OF_ITS_OWN, ...APART] : APART;
  const holder = [
    process.execPath,
    join(__dirname, '..', '..', '..', 'bin', 'lab-holder'),
    ...(mode === 'root' ? ['--root'] : []),
  ];
  // A session of its own: Ctrl-C reaches the client alone, and the client ends the holder.
  const child = spawn('unshare', [...flags, ...holder], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...WITHOUT_CACHE, PATH: SEARCH_PATH, NODE_OPTIONS: '' },
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
  return { client, mode, ended, release, detach };
}

/**
 * tsx keeps compiled files in a folder of /tmp that is named after the user, and runs what it finds
 * there, also what another user wrote: no program of ours uses it.
 */
const WITHOUT_CACHE = { TSX_DISABLE_CACHE: '1' } as const;

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

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { openAws } from '../../../lib/account/aws';

const MOTO = '5.2.5';
const cache = resolve(__dirname, '../../../.cache');
const home = join(cache, `moto-${MOTO}`);

/** Installs the emulator once into `.cache`; answers why it cannot, where Python is missing. */
export function installMoto(): string | undefined {
  if (existsSync(join(home, 'bin/moto_server'))) return undefined;
  const building = `${home}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    execFileSync('python3', ['-m', 'venv', building], { stdio: 'pipe' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const python = join(building, 'bin/python');
    execFileSync(python, [...pip, `moto[server]==${MOTO}`], { stdio: 'pipe', timeout: 300_000 });
    // Scripts name the venv's Python by its path, so it is called as a module from here on.
    renameSync(building, home);
    return undefined;
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    return `moto ${MOTO} cannot be installed: ${error instanceof Error ? error.message : error}`;
  }
}

export interface Moto {
  readonly endpoint: string;
  /** Forgets everything. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an emulator of AWS on a free port of the loopback address. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
  const env = { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' };
  const child = spawn(join(home, 'bin/python'), args, {
    stdio: process.env.MOTO_LOG === undefined ? 'ignore' : 'inherit',
    env,
  });
  await answers(`${endpoint}/moto-api/`, child);
  return {
    endpoint,
    reset: async () => {
      await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
    },
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done());
        child.kill('SIGKILL');
      }),
  };
}

/** Clients that talk to the emulator, or to a proxy in front of it. */
export const testAws = (endpoint: string, tries = 10) =>
  openAws({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    tries,
    pauseMs: 1,
  });

async function answers(url: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + 30_000;
  while (Date.now() < end && child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) return;
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error(`the emulator does not answer at ${url}`);
}

const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

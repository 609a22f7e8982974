import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Command, Netns } from '../dataplane/command';
import { Failure } from '../model/problem';
import type { Namespaces } from './namespaces';
import { run, startIn } from './spawn';

/** One nginx for each namespace that asks for it. */
export interface HttpServers {
  /**
   * Starts nginx, in place of one that runs there already; resolves when it listens. A new process
   * and no reload: a reload answers by old and new rules for a while.
   *
   * Throws `Failure` `no-program` where nginx or openssl is not installed, and `no-own-files` where
   * nothing may be mounted.
   */
  serve(wish: Extract<Command, { kind: 'serve-http' }>): Promise<void>;
  /** Ends it, if there is one, and resolves when its ports are free. */
  stop(netns: Netns): Promise<void>;
}

/** No server yet. */
export function createHttpServers(
  namespaces: Namespaces,
  mounts: 'mounted' | 'forbidden',
): HttpServers {
  const running = new Map<Netns, ChildProcess>();
  const stop = async (netns: Netns): Promise<void> => {
    const child = running.get(netns);
    running.delete(netns);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  let count = 0;
  return {
    stop,
    async serve({ netns, config, certificateFor }) {
      if (mounts === 'forbidden') throw noFiles();
      await stop(netns);
      count += 1;
      const folder = `${FOLDER}/${count}`;
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${folder}/nginx.conf`, config);
      if (certificateFor.length > 0) await makeCertificate(folder, certificateFor);
      const argv = ['nginx', '-p', folder, '-c', 'nginx.conf'];
      const { child, ended } = namespaces.enter(netns, () => startIn(argv));
      running.set(netns, child);
      child.once('exit', () => rmSync(folder, { recursive: true, force: true }));
      const failed = ended.then(({ code, stderr }) => {
        if (code === NOT_STARTED) throw noProgram('nginx', 'nginx-light');
        throw new Error(`serve-http ${netns}: nginx ended (${code}): ${stderr.trim()}`);
      });
      await Promise.race([failed, listening(`${folder}/nginx.pid`)]);
      failed.catch(() => undefined);
    },
  };
}

// On the sandbox's own tmpfs: gone with it.
const FOLDER = '/run/lab/nginx';
const NOT_STARTED = 127;
const TICK_MS = 5;
const DEADLINE_MS = 10_000;

/** nginx writes its process number once its sockets listen (ngx_init_cycle comes before it). */
async function listening(pidFile: string): Promise<void> {
  for (const deadline = Date.now() + DEADLINE_MS; Date.now() < deadline; ) {
    if (existsSync(pidFile)) return;
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  throw new Error(`nginx did not come up in ${DEADLINE_MS / 1000} s`);
}

/** A certificate that nobody signed but itself, for a day: names are checked, trust is not. */
async function makeCertificate(folder: string, names: readonly string[]): Promise<void> {
  const { code, stderr } = await run([
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    ...['-nodes', '-days', '1', '-subj', '/CN=lab'],
    ...['-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`],
    ...['-keyout', `${folder}/key.pem`, '-out', `${folder}/certificate.pem`],
  ]);
  if (code === NOT_STARTED) throw noProgram('openssl', 'openssl');
  if (code !== 0) throw new Error(`openssl: ${stderr.trim()}`);
}

const noProgram = (name: string, install: string): Failure =>
  new Failure('no-program', `${name} is not installed`, `apt-get install ${install}`);

const noFiles = (): Failure =>
  new Failure(
    'no-own-files',
    'this machine forbids mounts, so nginx has no folder of its own',
    'lab doctor says what forbids them; as root outside a container they work',
  );

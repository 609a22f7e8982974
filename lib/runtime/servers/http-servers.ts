import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Command, HttpCertificate, Netns } from '../../dataplane/commands/command';
import { Failure } from '../../model/problem';
import type { Namespaces } from '../kernel/namespaces';
import { run, startIn } from '../kernel/spawn';
import { findEnvoy } from './envoy';

/** One Envoy for each namespace that asks for it. */
export interface HttpServers {
  /**
   * Starts Envoy, in place of one that runs there already; resolves when it listens. A new process
   * has no connection that still follows old rules. Where it does not start, the one that ran
   * before is started again, and the error says why.
   *
   * Throws `Failure` `no-program` where Envoy or openssl is not installed, and `no-own-files` where
   * nothing may be mounted.
   */
  serve(wish: ServeHttp): Promise<void>;
  /** Ends it, if there is one, and resolves when its ports are free. */
  stop(netns: Netns): Promise<void>;
}

type ServeHttp = Extract<Command, { kind: 'serve-http' }>;

/** A process, and what it was started with. */
interface RunningServer {
  readonly child: ChildProcess;
  readonly wish: ServeHttp;
}

/** No server yet. */
export function createHttpServers(
  namespaces: Namespaces,
  mounts: 'mounted' | 'forbidden',
): HttpServers {
  const running = new Map<Netns, RunningServer>();
  const stop = async (netns: Netns): Promise<void> => {
    const child = running.get(netns)?.child;
    running.delete(netns);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  let count = 0;
  const start = async (wish: ServeHttp): Promise<void> => {
    count += 1;
    const folder = `${FOLDER}/${count}`;
    await writeFiles(folder, wish);
    const { child, ended } = namespaces.enter(wish.netns, () => startIn(commandIn(folder)));
    running.set(wish.netns, { child, wish });
    child.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const failed = ended.then(({ code, stderr }) => {
      if (running.get(wish.netns)?.child === child) running.delete(wish.netns);
      throw new Error(`serve-http ${wish.netns}: Envoy ended (${code}): ${lastLines(stderr)}`);
    });
    failed.catch(() => undefined);
    await Promise.race([failed, listening(child, wish)]);
  };
  return {
    stop,
    async serve(wish) {
      if (mounts === 'forbidden') throw noFiles();
      const before = running.get(wish.netns)?.wish;
      await stop(wish.netns);
      try {
        await start(wish);
      } catch (error) {
        if (before !== undefined) await start(before);
        throw error;
      }
    },
  };
}

// On the sandbox's own tmpfs: gone with it.
const FOLDER = '/run/lab/http';
const NOT_STARTED = 127;
const TICK_MS = 5;
const DEADLINE_MS = 15_000;

/** Paths in the bootstrap are relative to its folder. */
function commandIn(folder: string): readonly string[] {
  const envoy = findEnvoy();
  if (envoy === undefined) throw noEnvoy();
  const options = ['--concurrency', '1', '--disable-hot-restart', '--log-level', 'error'];
  const start = 'cd "$0" && exec "$@"';
  return ['sh', '-c', start, folder, envoy, '-c', 'bootstrap.json', ...options];
}

async function writeFiles(folder: string, { bootstrap, certificates }: ServeHttp): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/bootstrap.json`, bootstrap);
  await Promise.all(certificates.map((one) => makeCertificate(folder, one)));
}

/** Envoy has no file that says it is ready: its namespace's list of sockets does. */
async function listening(child: ChildProcess, { ports }: ServeHttp): Promise<void> {
  for (const deadline = Date.now() + DEADLINE_MS; Date.now() < deadline; ) {
    const open = child.pid === undefined ? new Set() : openPorts(child.pid);
    if (ports.every((port) => open.has(port))) return;
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  throw new Error(`Envoy did not listen on ${ports.join(', ')} in ${DEADLINE_MS / 1000} s`);
}

/** TCP ports in state LISTEN (10) in a process's network namespace (proc_net_tcp). */
function openPorts(pid: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (const table of ['tcp', 'tcp6']) {
    for (const line of linesOf(`/proc/${pid}/net/${table}`)) {
      const [, local = '', , state] = line.trim().split(/\s+/);
      if (state === '0A') found.add(Number.parseInt(local.split(':').at(-1) ?? '', 16));
    }
  }
  return found;
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(1);
  } catch {
    return [];
  }
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-3).join(' ');

/** A certificate signed by itself, for a day: names are checked, trust is not. */
async function makeCertificate(folder: string, { file, hosts }: HttpCertificate): Promise<void> {
  const { code, stderr } = await run([
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    ...['-nodes', '-days', '1', '-subj', '/CN=lab'],
    ...['-addext', `subjectAltName=${hosts.map((name) => `DNS:${name}`).join(',')}`],
    ...['-keyout', `${folder}/${file}.key`, '-out', `${folder}/${file}.pem`],
  ]);
  if (code === NOT_STARTED) throw noOpenssl();
  if (code !== 0) throw new Error(`openssl: ${stderr.trim()}`);
}

const noEnvoy = (): Failure =>
  new Failure(
    'no-program',
    'Envoy is not installed',
    'lab up k8s-6-ingress offers to install it; or name one in $ENVOY',
  );

const noOpenssl = (): Failure =>
  new Failure('no-program', 'openssl is not installed', 'apt-get install openssl');

const noFiles = (): Failure =>
  new Failure(
    'no-own-files',
    'this machine forbids mounts, so Envoy has no folder of its own',
    'lab doctor says what forbids them; as root outside a container they work',
  );

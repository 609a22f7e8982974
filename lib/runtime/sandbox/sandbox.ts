import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { Netns, Plan } from '../../dataplane/commands/command';
import type { Observation, Probe } from '../../dataplane/probe';
import { Failure } from '../../model/problem';
import type { Finished, SpawnOptions } from '../kernel/spawn';
import type { Captured, CaptureWish } from '../probes/captured';
import type { HttpAnswer, HttpQuestion } from '../probes/http-ask';
import type { Inquiry, Resolution } from '../probes/resolve';
import { type Client, createClient } from './client';
import { type EntryCommand, entryCommand, runInteractive } from './interactive';
import { type Launched, launch } from './launch';
import { checkEntrance, ownPeer } from './peer';
import type { Description, ProbeRunOptions, Shown } from './protocol';

/** A place of our own in the kernel: namespaces, cables, rules, listeners, and nothing of the machine's. */
export interface Sandbox {
  /** Carries out a plan; rejects at the first command that fails, and names it. */
  run(plan: Plan, options?: RunOptions): Promise<void>;
  /** Tries every probe with real packets; answers in the order asked. */
  probe(probes: readonly Probe[], options: ProbeRunOptions): Promise<readonly Observation[]>;
  /** Runs a command inside a namespace, with its resolv.conf, and collects what it writes. */
  exec(netns: Netns, argv: readonly string[], options?: SpawnOptions): Promise<Finished>;
  /** Runs a command inside a namespace at this process's own terminal; answers its exit code. */
  interact(netns: Netns, argv: readonly string[]): Promise<number>;
  /**
   * The command that runs another one inside a namespace, for a caller that has a terminal of its own
   * to start it in.
   */
  entry(netns: Netns, argv: readonly string[]): Promise<EntryCommand>;
  /** Shows packets as they pass; answers how many there were. */
  capture(wish: CaptureWish, show: (packet: Captured) => void): Promise<number>;
  /** Asks for a name from inside a namespace, through its resolv.conf and with a real query. */
  resolve(inquiry: Inquiry): Promise<Resolution>;
  /** Makes one HTTP request from inside a namespace, over a real connection. */
  askHttp(question: HttpQuestion): Promise<HttpAnswer>;
  describe(): Promise<Description>;
  /** Moves the hour at which a kept sandbox ends: milliseconds since the epoch. */
  extend(expiresAt: number): Promise<void>;
  /** Writes the note that `describe` shows: what this sandbox is. */
  note(text: string): Promise<void>;
  /** Lets go: a sandbox that was not kept ends; a kept one continues. Resolves when that is done. */
  close(): Promise<void>;
  /** Ends it, kept or not, and resolves when nothing is left. */
  end(): Promise<void>;
}

/** What goes with a plan. */
export interface RunOptions {
  readonly onProgress?: (done: number) => void;
  /**
   * The note that holds once the plan is done: written by the sandbox itself, so that it is true
   * even if the client is killed meanwhile.
   */
  readonly note?: string;
  /** The world that the sandbox shows from then on: containers become pods of it (`cni`). */
  readonly shows?: Shown;
}

/** A sandbox that can outlive the process that opened it. */
export interface KeepableSandbox extends Sandbox {
  /**
   * The sandbox is ready: from now on it lives until its hour or `end`, and others reach it by its
   * socket. Until this resolves it dies with the process that opened it, and no file exists.
   */
  keep(): Promise<void>;
}

export interface TiedOptions {
  readonly mode: 'tied';
}

export interface BackgroundOptions {
  readonly mode: 'background';
  /** Path of the unix socket to attach by; its folder must exist. At most 107 bytes (unix(7)). */
  readonly socket: string;
  /** When it ends by itself, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /**
   * After `keep` too it ends with the process that opened it, `kill -9` included; others reach it by its
   * socket until then. @default false
   */
  readonly endsWithOpener?: boolean;
}

/**
 * Opens an empty sandbox. `tied`: it ends with this process, whatever ends that, `kill -9`
 * included. `background`: the same until `keep`.
 *
 * Throws `Failure` `no-sandbox` where the machine allows none.
 */
export function openSandbox(options: TiedOptions): Promise<Sandbox>;
export function openSandbox(options: BackgroundOptions): Promise<KeepableSandbox>;
export async function openSandbox(
  options: TiedOptions | BackgroundOptions,
): Promise<Sandbox | KeepableSandbox> {
  const launched = await launch();
  const sandbox = tiedSandbox(launched);
  if (options.mode === 'tied') return sandbox;
  const { socket, expiresAt, endsWithOpener = false } = options;
  let close = sandbox.close;
  const keep = async (): Promise<void> => {
    await launched.client.ask('keep', { socket, expiresAt, endsWithOpener });
    close = async () => (endsWithOpener ? undefined : launched.detach());
  };
  return { ...sandbox, keep, close: () => close() };
}

/** Attaches to a kept sandbox. Throws `Failure` `not-running` if no holder listens on the socket; a stale socket is removed. */
export function attachSandbox(socket: string): Promise<Sandbox> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    const client = createClient(connection, connection, 'kept');
    client.ready.catch(() => undefined);
    const closed = new Promise<void>((done) => connection.once('close', () => done()));
    connection.once('close', () => client.lost('the sandbox ended'));
    connection.once('connect', () => {
      const close = async () => {
        connection.end();
        // A holder that is stopped never closes its end.
        setTimeout(() => connection.destroy(), 500).unref();
        await closed;
      };
      const end = async () => {
        const { pid } = await client.ask('describe', {});
        await client.ask('end', {}).catch(() => undefined);
        await closed;
        await processGone(pid);
      };
      const interact: Sandbox['interact'] = async (netns, argv) => {
        const entrance = await client.ask('enter', { netns });
        checkEntrance(connection, entrance);
        const code = await runInteractive(entrance, argv);
        if (connection.closed) throw ENDED_WITH_IT;
        return code;
      };
      const entry: Sandbox['entry'] = async (netns, argv) => {
        const entrance = await client.ask('enter', { netns });
        checkEntrance(connection, entrance);
        return entryCommand(entrance, argv);
      };
      resolve({ ...operations(client), interact, entry, close, end });
    });
    connection.once('error', (error: NodeJS.ErrnoException) => {
      // Only this says that no process listens; any other error says nothing about the lab.
      if (error.code === 'ECONNREFUSED') rmSync(socket, { force: true });
      reject(cannotAttach(error));
    });
  });
}

/** A command in a lab is one of its processes: it ends with the lab, never on the machine itself. */
const ENDED_WITH_IT = new Failure(
  'lab-ended',
  'the lab ended, and with it what ran in it',
  'lab status, or lab up <id>',
);

/**
 * Ends a kept sandbox that does not answer: kills the process that holds it, and with it everything of
 * the lab. The kernel names the process.
 * @throws Failure `not-running`, or `stranger` where another user listens on the socket
 */
export async function killSandbox(socket: string): Promise<void> {
  const pid = await new Promise<number>((resolve, reject) => {
    const connection = connect(socket);
    connection.once('error', (error: NodeJS.ErrnoException) => reject(cannotAttach(error)));
    connection.once('connect', () => {
      try {
        resolve(ownPeer(connection).pid);
      } catch (error) {
        reject(error);
      }
      connection.destroy();
    });
  });
  process.kill(pid, 'SIGKILL');
  await processGone(pid);
  rmSync(socket, { force: true });
}

function cannotAttach({ code, message }: NodeJS.ErrnoException): Failure {
  if (code === 'ECONNREFUSED' || code === 'ENOENT') {
    return new Failure('not-running', `no lab runs here (${message})`, 'start one: lab up <id>');
  }
  const fix = 'raise the limit of open files (ulimit -n), or check the permissions of the socket';
  return new Failure('cannot-attach', `cannot connect to the lab (${message})`, fix);
}

function tiedSandbox({ client, release, ended }: Launched): Sandbox {
  const close = async (): Promise<void> => {
    release();
    await ended;
  };
  const end = async (): Promise<void> => {
    await client.ask('end', {}).catch(() => undefined);
    await ended;
  };
  return { ...operations(client), close, end };
}

const operations = (client: Client): Omit<Sandbox, 'close' | 'end'> => ({
  run: async (plan, { onProgress, ...what } = {}) => {
    await client.ask('run', { plan, ...what }, onProgress);
  },
  probe: (probes, options) => client.ask('probe', { probes, options }),
  exec: (netns, argv, options = {}) => client.ask('exec', { netns, argv, options }),
  interact: async (netns, argv) => runInteractive(await client.ask('enter', { netns }), argv),
  entry: async (netns, argv) => entryCommand(await client.ask('enter', { netns }), argv),
  capture: (wish, show) => client.ask('capture', wish, show),
  resolve: (inquiry) => client.ask('resolve', inquiry),
  askHttp: (question) => client.ask('askHttp', question),
  describe: () => client.ask('describe', {}),
  note: async (note) => {
    await client.ask('note', { note });
  },
  extend: async (expiresAt) => {
    await client.ask('extend', { expiresAt });
  },
});

/** The holder's connection closes a moment before its process is gone. */
async function processGone(pid: number): Promise<void> {
  for (const deadline = Date.now() + 5000; Date.now() < deadline; ) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

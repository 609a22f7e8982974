import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { Netns, Plan } from '../dataplane/command';
import type { Observation, Probe } from '../dataplane/probe';
import { Failure } from '../model/problem';
import { type Client, createClient } from './client';
import type { HttpAnswer, HttpQuestion } from './http-ask';
import { runInteractive } from './interactive';
import { type Launched, launch } from './launch';
import type { Captured, CaptureWish, Description, ProbeOptions, Shown } from './protocol';
import type { Inquiry, Resolution } from './resolve';
import type { Finished, SpawnOptions } from './spawn';

/** A place of our own in the kernel: namespaces, cables, rules, listeners, and nothing of the machine's. */
export interface Sandbox {
  /** Carries out a plan; rejects at the first command that fails, and names it. */
  run(plan: Plan, options?: RunOptions): Promise<void>;
  /** Tries every probe with real packets; answers in the order asked. */
  probe(probes: readonly Probe[], options: ProbeOptions): Promise<readonly Observation[]>;
  /** Runs a command inside a namespace, with its resolv.conf, and collects what it writes. */
  exec(netns: Netns, argv: readonly string[], options?: SpawnOptions): Promise<Finished>;
  /** Runs a command inside a namespace at this process's own terminal; answers its exit code. */
  interact(netns: Netns, argv: readonly string[]): Promise<number>;
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
  /** Lets go: a sandbox that nobody kept ends; a kept one lives on. Resolves when that is done. */
  close(): Promise<void>;
  /** Ends it, kept or not, and resolves when nothing is left. */
  end(): Promise<void>;
}

/** What goes with a plan. */
export interface RunOptions {
  readonly onProgress?: (done: number) => void;
  /**
   * The note that holds once the plan is done: written by the sandbox itself, so that it is true
   * even where whoever asked is killed meanwhile.
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
  const { socket, expiresAt } = options;
  let close = sandbox.close;
  const keep = async (): Promise<void> => {
    await launched.client.ask('keep', { socket, expiresAt });
    close = async () => launched.detach();
  };
  return { ...sandbox, keep, close: () => close() };
}

/** Attaches to a kept sandbox. Throws `Failure` `not-running` where nobody listens; a stale socket is removed. */
export function attachSandbox(socket: string): Promise<Sandbox> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    const client = createClient(connection, connection);
    client.ready.catch(() => undefined);
    const closed = new Promise<void>((done) => connection.once('close', () => done()));
    connection.once('close', () => client.lost('the sandbox ended'));
    connection.once('connect', () => {
      const close = async () => {
        connection.end();
        await closed;
      };
      const end = async () => {
        const { pid } = await client.ask('describe', {});
        await client.ask('end', {}).catch(() => undefined);
        await closed;
        await processGone(pid);
      };
      resolve({ ...operations(client), close, end });
    });
    connection.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') rmSync(socket, { force: true });
      reject(
        new Failure('not-running', `no lab runs here (${error.message})`, 'start one: lab up <id>'),
      );
    });
  });
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

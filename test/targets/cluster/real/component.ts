import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PROGRAM } from './install';

/** A component of Kubernetes that runs here; it ends with this process, however that ends. */
export interface Component {
  readonly name: string;
  /** The last lines of its log. */
  log(): string;
  hasEnded(): boolean;
  stop(): Promise<void>;
}

/** Starts a component, on this machine or inside another; its log goes to a file of the folder. */
export function startComponent(
  name: string,
  flags: Readonly<Record<string, string>>,
  { folder, inside }: { readonly folder: string; readonly inside: readonly string[] },
): Component {
  const file = join(folder, `${name}.log`);
  const log = openSync(file, 'a');
  const flagged = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
  const [program = '', ...args] = [...inside, PROGRAM, name, ...flagged];
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  return {
    name,
    log: () => readFileSync(file, 'utf8').trim().split('\n').slice(-15).join('\n'),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: async () => {
      // Nothing of it is kept, so nothing needs an orderly end.
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Asks until it is so; throws with the component's own words where it ends or takes too long. */
export async function waitFor(
  isSo: () => Promise<boolean>,
  component: Component,
  deadlineMs = 90_000,
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await isSo())) {
    if (component.hasEnded()) throw new Error(`${component.name} ended:\n${component.log()}`);
    if (Date.now() > end) throw new Error(`${component.name} is not ready:\n${component.log()}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}

/** A port of the loopback address that nobody listens on. */
export const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

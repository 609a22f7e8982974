import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RoleMapping } from './admitted';
import { AUTHENTICATOR } from './install';

export interface Authenticator {
  /** What the API server's `--authentication-token-webhook-config-file` names. */
  readonly kubeconfig: string;
  /** Replaces its mappings, which it reads again at once. */
  admit(mappings: readonly RoleMapping[]): Promise<void>;
  log(): string;
  stop(): Promise<void>;
}

/** Starts the token verifier of EKS where the API server runs; it admits none before it is told. */
export async function startAuthenticator(at: {
  readonly folder: string;
  readonly inside: readonly string[];
  readonly port: number;
  readonly cluster: string;
  readonly env: Readonly<Record<string, string>>;
}): Promise<Authenticator> {
  const { folder, inside, cluster, env } = at;
  const config = join(folder, 'authenticator.yaml');
  const logFile = join(folder, 'authenticator.log');
  const mappings = join(folder, 'authenticator-mappings.json');
  const settings = { backendMode: ['DynamicFile'], dynamicfilepath: mappings };
  writeFileSync(config, JSON.stringify({ clusterID: cluster, server: settings }));
  writeFileSync(mappings, JSON.stringify({ mapRoles: [] }));
  const read = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  const log = openSync(logFile, 'a');
  const [program = '', ...args] = [...inside, AUTHENTICATOR, 'server', ...flagsOf(at, config)];
  const child = spawn(program, args, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
  });
  closeSync(log);
  await said(read, 'listening on', child);
  return {
    kubeconfig: join(folder, 'authenticator.kubeconfig'),
    log: read,
    admit: async (mapRoles) => {
      const before = read().length;
      writeFileSync(mappings, JSON.stringify({ mapRoles }));
      await said(() => read().slice(before), 'LoadDynamicFile', child);
    },
    // Whoever started it inside the machine ends it with the machine.
    stop: async () => void child.kill('SIGKILL'),
  };
}

const flagsOf = (
  { folder, port }: { readonly folder: string; readonly port: number },
  config: string,
): readonly string[] => [
  `--config=${config}`,
  `--state-dir=${folder}`,
  `--generate-kubeconfig=${join(folder, 'authenticator.kubeconfig')}`,
  `--port=${port}`,
];

async function said(read: () => string, words: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + 30_000;
  while (!read().includes(words)) {
    if (child.exitCode !== null || Date.now() > end) {
      throw new Error(`the authenticator did not say '${words}':\n${read()}`);
    }
    await new Promise((next) => setTimeout(next, 100));
  }
}

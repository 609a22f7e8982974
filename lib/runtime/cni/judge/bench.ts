import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';

/** How a call of a plugin ended. */
export interface PluginCallEnd {
  /** Exit code; 124 where it did not end in time. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Parameters of one call, by the names of the specification. */
export interface PluginCall {
  readonly command: string;
  /** Container and namespace have one name here; absent: CNI_CONTAINERID is not set. */
  readonly pod?: string;
  /** Path in CNI_NETNS. @default /run/netns/<pod> */
  readonly netns?: string;
  /** @default eth0 */
  readonly ifname?: string;
  readonly config: object;
}

/** Where a plugin is tried: its namespaces and its data, gone when the trial ends. */
export interface PluginBench {
  /** Configuration with the subnet of this trial, which no other trial has. */
  readonly config: (more?: object) => object;
  readonly call: (call: PluginCall) => PluginCallEnd;
  readonly callAll: (calls: readonly PluginCall[]) => Promise<readonly PluginCallEnd[]>;
  /** Makes a namespace of this trial, and answers its name. */
  readonly pod: () => string;
  /** Removes a namespace as a crash does, without DEL. */
  readonly crash: (pod: string) => void;
  /** Runs a program in the host's namespace. */
  readonly run: (...argv: readonly string[]) => PluginCallEnd;
}

const TIMEOUT_MS = 10_000;
/** Pods of trials have this prefix, so that none of a learner's own is met. */
const PREFIX = 'judge';

/**
 * Gives a bench to a trial, and takes away what it left: namespaces, devices whose peers are gone, and its data.
 * @param subnet third part of 10.x.y.0, so that a plugin with a fixed address is found out
 */
export async function withBench<T>(
  { plugin, subnet }: { readonly plugin: string; readonly subnet: string },
  work: (bench: PluginBench) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync('/run/cni-judge-');
  const pods: string[] = [];
  const stamp = `${process.pid}-${Date.now() % 100_000}`;
  const bench: PluginBench = {
    config: (more = {}) => ({
      cniVersion: '1.1.0',
      name: `judge-${stamp}`,
      type: plugin.split('/').at(-1) ?? 'plugin',
      subnet,
      dataDir: `${folder}/data`,
      ...more,
    }),
    call: (call) => {
      const { status, signal, stdout, stderr } = spawnSync(plugin, {
        env: environment(call, plugin),
        input: JSON.stringify(call.config),
        encoding: 'utf8',
        timeout: TIMEOUT_MS,
      });
      const code = status ?? (signal === null ? 127 : 124);
      return { code, stdout: stdout ?? '', stderr: stderr ?? '' };
    },
    callAll: (calls) => Promise.all(calls.map((call) => callBeside(call, plugin))),
    pod: () => {
      const name = `${PREFIX}-${stamp}-${pods.length}`;
      run('ip', 'netns', 'add', name);
      run('ip', '-n', name, 'link', 'set', 'lo', 'up');
      pods.push(name);
      return name;
    },
    crash: (pod) => void run('ip', 'netns', 'del', pod),
    run,
  };
  try {
    return await work(bench);
  } finally {
    for (const pod of pods) {
      bench.call({ command: 'DEL', pod, config: bench.config() });
      run('ip', 'netns', 'del', pod);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(...argv: readonly string[]): PluginCallEnd {
  const [file = '', ...args] = argv;
  const { status, stdout, stderr } = spawnSync(file, args, {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  return { code: status ?? 127, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** The environment of a runtime: no variable of the learner's shell but PATH and the project's folder. */
function environment(
  { command, pod, netns, ifname = 'eth0' }: PluginCall,
  plugin: string,
): NodeJS.ProcessEnv {
  const { PATH, LAB_HOME } = process.env;
  return {
    PATH,
    LAB_HOME,
    CNI_COMMAND: command,
    CNI_IFNAME: ifname,
    CNI_PATH: plugin.replace(/\/[^/]*$/, '') || '/',
    ...(pod === undefined ? {} : { CNI_CONTAINERID: pod, CNI_NETNS: netns ?? `/run/netns/${pod}` }),
  };
}

function callBeside(call: PluginCall, plugin: string): Promise<PluginCallEnd> {
  return new Promise((resolve) => {
    const child = spawn(plugin, { env: environment(call, plugin), timeout: 3 * TIMEOUT_MS });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.on('error', () => resolve({ code: 127, stdout, stderr }));
    child.on('close', (code) => resolve({ code: code ?? 124, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(call.config));
  });
}

import { type Finished, SEARCH_PATH } from '../../lib/runtime/kernel/spawn';
import type { Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { PLUGINS } from './install';

/** A plugin under test on a host of its own. */
export interface PluginHost {
  readonly plugin: PluginName;
  readonly netns: string;
  /** Does libcni answer `ok`, or with which code? Options replace those of the row's network. */
  call(op: string, container: string, more?: CallOptions): Promise<string>;
  /** The result of the last ADD that ended well. */
  last(): CniAnswer;
  /**
   * One process of the plugin, without libcni: `ok`, `code 7`, or what else it did. A refusal that leaves a
   * device on the host is told as well.
   */
  direct(call?: DirectCall): Promise<string>;
  /** Standard output of the last direct call, as JSON. */
  said(): CniSaid;
  /** A line of shell that calls the plugin on the host: `$PLUGIN` with `$CONFIG`, a file, as its input. */
  shell(line: string, call?: DirectCall): Promise<string>;
  /** Runs a line of shell on the host; answers what it prints. */
  sh(line: string, stdin?: string): Promise<string>;
  /** Does the container have this interface? */
  has(container: string, device?: string): Promise<boolean>;
  /** Addresses of a container's interface, with their prefixes left out. */
  addresses(container: string, device?: string): Promise<readonly string[]>;
  /** Does a port that is closed there refuse, so that both ways are proven? */
  reaches(from: string, to: string): Promise<boolean>;
}

export interface CallOptions {
  readonly ifname?: string;
  readonly netns?: string;
  readonly capabilities?: object;
  readonly args?: readonly (readonly [string, string])[];
  /** Containers that are alive, for GC. */
  readonly valid?: readonly string[];
  /** Fields of the plugin's own configuration. */
  readonly config?: object;
  readonly pool?: string;
  readonly version?: string;
  /** Plugins behind this one in the chain. */
  readonly chain?: readonly object[];
  readonly name?: string;
}

/** A call as a person or a runtime without libcni makes it. */
export interface DirectCall {
  /** @default ADD */
  readonly command?: string;
  /** @default the row's first container */
  readonly container?: string;
  /** Variables in place of the usual ones; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Fields in place of the usual ones; `undefined` takes one away. */
  readonly config?: object;
  /** The network's pool, for both plugins. */
  readonly pool?: string;
  /** The whole input in place of a configuration. */
  readonly stdin?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: results and errors are read as JSON
export type CniSaid = any;

interface CniAnswer {
  readonly interfaces: readonly { readonly name: string; readonly mac: string }[];
  readonly ips: readonly { readonly address: string }[];
}

export type PluginName = 'lab-cni' | 'ptp';

/** What the two plugins call the same thing. */
const configOf = (plugin: PluginName, pool: string, dataDir: string): object =>
  plugin === 'lab-cni'
    ? { type: 'lab-cni', ipam: { pools: [pool], node: 'a', dataDir } }
    : {
        type: 'ptp',
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: pool }]],
          routes: [{ dst: '0.0.0.0/0' }],
          dataDir,
        },
      };

interface HostOptions {
  readonly netns: string;
  readonly plugin: PluginName;
  /** The container of direct calls that name none. */
  readonly container: string;
}

/** What a process said, in a word or two (specification, section 5: errors are JSON on standard output). */
export function outcomeOf({ code, stdout, stderr }: Finished, plugin: PluginName): string {
  if (code === 0) return stderr === '' ? 'ok' : 'ok, with words on standard error';
  const said = jsonIn(stdout);
  // The reference's errors lack cniVersion, which the specification wants.
  const hasVersion = plugin === 'ptp' || typeof said.cniVersion === 'string';
  const isError = hasVersion && typeof said.code === 'number' && typeof said.msg === 'string';
  if (!isError) return `no JSON: ${stdout}${stderr}`;
  return stderr === '' ? `code ${said.code}` : `code ${said.code}, but said ${stderr.trim()}`;
}

function jsonIn(text: string): CniSaid {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

const NODE_PATH = `PATH=${PLUGINS}:${SEARCH_PATH}`;

/** A host in a namespace of the sandbox. */
export function pluginHost(
  sandbox: Sandbox,
  { netns, plugin, container: first }: HostOptions,
): PluginHost {
  const folder = `/run/${netns.replaceAll('/', '-')}`;
  let last: CniAnswer | undefined;
  let said: CniSaid = {};
  const inputOf = ({ config = {}, pool = '10.88.0.0/24', stdin }: DirectCall): string =>
    stdin ??
    JSON.stringify({
      cniVersion: '1.1.0',
      name: 'net',
      ...configOf(plugin, pool, `${folder}/data`),
      ...config,
    });
  const variablesOf = ({ command = 'ADD', container = first, env = {} }: DirectCall) => {
    const usual: Readonly<Record<string, string>> = {
      CNI_COMMAND: command,
      CNI_CONTAINERID: container,
      CNI_NETNS: `/run/netns/${container}`,
      CNI_IFNAME: 'eth0',
      CNI_PATH: PLUGINS,
    };
    return Object.entries({ ...usual, ...env })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${value}`);
  };
  const direct = async (call: DirectCall = {}): Promise<string> => {
    const argv = ['env', '-i', NODE_PATH, ...variablesOf(call), `${PLUGINS}/${plugin}`];
    const isAdd = (call.command ?? 'ADD') === 'ADD';
    const devices = "ip -br link | cut -d' ' -f1";
    const before = isAdd ? await sh(devices) : '';
    const end = await sandbox.exec(netns, argv, { stdin: inputOf(call), timeoutMs: 20_000 });
    said = jsonIn(end.stdout);
    const isLeft = isAdd && end.code !== 0 && (await sh(devices)) !== before;
    return isLeft ? `${outcomeOf(end, plugin)}, a device stays` : outcomeOf(end, plugin);
  };
  const sh = async (line: string, stdin = ''): Promise<string> => {
    const { stdout, stderr } = await sandbox.exec(netns, ['sh', '-c', line], {
      stdin,
      timeoutMs: 20_000,
    });
    return `${stdout}${stderr}`.trim();
  };
  return {
    plugin,
    netns,
    sh,
    direct,
    said: () => said,
    async shell(line, call = {}) {
      const set = [`PLUGIN=${PLUGINS}/${plugin}`, `CONFIG=${folder}/config.json`];
      await sandbox.exec(netns, ['mkdir', '-p', folder]);
      await sh(`cat > ${folder}/config.json`, inputOf(call));
      const argv = [
        'env',
        '-i',
        NODE_PATH,
        ...variablesOf(call),
        ...set,
        'bash',
        '--norc',
        '-c',
        line,
      ];
      const { stdout, stderr } = await sandbox.exec(netns, argv, { timeoutMs: 60_000 });
      return `${stdout}${stderr}`.trim();
    },
    last: () => last ?? { interfaces: [], ips: [] },
    async call(op, container, more = {}) {
      const { pool = '10.88.0.0/24', version = '1.1.0', config = {}, chain = [] } = more;
      const own = { ...configOf(plugin, pool, `${folder}/data`), ...config };
      const list = { cniVersion: version, name: more.name ?? 'net', plugins: [own, ...chain] };
      const request = {
        op,
        list,
        containerID: container,
        netns: more.netns ?? `/run/netns/${container}`,
        ifname: more.ifname ?? 'eth0',
        args: more.args ?? [],
        capabilities: more.capabilities ?? {},
        valid: (more.valid ?? []).map((containerID) => ({ containerID, ifname: 'eth0' })),
        path: [PLUGINS],
        cache: `${folder}/cache`,
      };
      const line = `${PLUGINS}/cni-judge 2>/dev/null`; // what plugins log is no answer
      const answer = JSON.parse(await sh(line, JSON.stringify(request)));
      if (answer.result !== undefined && answer.result !== null) last = answer.result;
      return answer.error === undefined ? 'ok' : `code ${answer.code ?? '?'}`;
    },
    has: async (container, device = 'eth0') =>
      (await sh(`ip -n ${container} -br link show dev ${device} 2>/dev/null`)) !== '',
    addresses: async (container, device = 'eth0') =>
      (await sh(`ip -n ${container} -br -4 address show dev ${device} 2>/dev/null`))
        .split(/\s+/)
        .filter((word) => word.includes('/'))
        .map((word) => word.replace(/\/.*$/, '')),
    reaches: async (from, to) =>
      (await sh(`ip netns exec ${from} timeout 2 bash -c 'echo > /dev/tcp/${to}/9'`)).includes(
        'refused',
      ),
  };
}

import type { Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { PLUGINS } from './install';

/** A plugin under test on a host of its own. */
export interface PluginHost {
  /** Does libcni answer `ok`, or with which code? Options replace those of the row's network. */
  call(op: string, container: string, more?: CallOptions): Promise<string>;
  /** The result of the last ADD that ended well. */
  last(): CniAnswer;
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

/** A host in a namespace of the sandbox. */
export function pluginHost(sandbox: Sandbox, netns: string, plugin: PluginName): PluginHost {
  const folder = `/run/${netns.replaceAll('/', '-')}`;
  let last: CniAnswer | undefined;
  const sh = async (line: string, stdin = ''): Promise<string> => {
    const { stdout, stderr } = await sandbox.exec(netns, ['sh', '-c', line], {
      stdin,
      timeoutMs: 20_000,
    });
    return `${stdout}${stderr}`.trim();
  };
  return {
    sh,
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
      const answer = JSON.parse(await sh(`${PLUGINS}/cni-judge`, JSON.stringify(request)));
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

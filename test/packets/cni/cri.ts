import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type Client,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { SEARCH_PATH } from '../../../lib/runtime/kernel/spawn';
import { findProgram } from '../kernel';

/** A containerd of our own: its network, mounts and processes are apart and end with it. */
export interface Containerd {
  /** Calls the container runtime interface. */
  call<T>(method: string, request: object): Promise<T>;
  /** Runs a command on containerd's host, or inside the namespace of a process there. */
  host(...argv: readonly string[]): string;
  /** Every call that the runtime made of the plugin: command, then namespace or `-`. */
  pluginCalls(): readonly string[];
  readonly dataDir: string;
  /** Calls the plugin as the runtime would, with this more in its configuration. */
  plugin(command: string, containerId: string, more: object): string;
  stop(): Promise<void>;
}

/** Starts containerd with a network of the plugin and four standard plugins behind it. */
export async function startContainerd(plugins: readonly object[]): Promise<Containerd> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-cri-'));
  writeSetup(folder, networkOf(folder), plugins);
  const child = spawn(
    'unshare',
    [
      '--net',
      '--mount',
      '--pid',
      '--uts',
      '--ipc',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'sh',
      '-c',
      BOOT,
      'sh',
      folder,
    ],
    { stdio: 'ignore', detached: true, env: { ...process.env, PATH: SEARCH_PATH } },
  );
  const address = `${folder}/containerd.sock`;
  const { call, close } = await connectCri(address);
  const pid = holderOf(child);
  const host = (...argv: readonly string[]): string =>
    execFileSync('nsenter', [`--target=${pid}`, '--net', '--mount', '--pid', '--', ...argv], {
      encoding: 'utf8',
      timeout: 20_000,
      env: { ...process.env, PATH: SEARCH_PATH },
    });
  host(...importImage(folder));
  const stop = async (): Promise<void> => {
    close();
    // Its first process ends all others; unshare, which waits for it, ends then.
    process.kill(Number(pid), 'SIGKILL');
    await new Promise((over) => child.once('exit', over));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const plugin = (command: string, containerId: string, more: object): string => {
    const parameters = [
      `CNI_COMMAND=${command}`,
      `CNI_CONTAINERID=${containerId}`,
      'CNI_IFNAME=eth0',
      `CNI_NETNS=/run/netns/${containerId}`,
    ];
    const config = JSON.stringify({ ...networkOf(folder), cniVersion: '1.1.0', ...more });
    const script = 'config=$1; shift; printf %s "$config" | env "$@"';
    return host('sh', '-c', script, 'sh', config, ...parameters, `${folder}/bin/lab-cni`);
  };
  const pluginCalls = () => readFileSync(`${folder}/calls`, 'utf8').trim().split('\n');
  return { call, host, plugin, pluginCalls, dataDir: `${folder}/leases`, stop };
}

/** containerd's runtime interface, once it answers. */
export async function connectCri(
  address: string,
): Promise<{ readonly call: Containerd['call']; close(): void }> {
  const proto = loadPackageDefinition(loadSync(join(__dirname, 'cri.proto'), { keepCase: true }));
  const service = (
    proto as unknown as { runtime: { v1: { RuntimeService: ServiceClientConstructor } } }
  ).runtime.v1.RuntimeService;
  const client: Client = new service(`unix://${address}`, credentials.createInsecure());
  const call = <T>(method: string, request: object): Promise<T> =>
    new Promise((done, fail) => {
      const stub = client as unknown as Record<
        string,
        (request: object, back: (error: Error | null, answer: T) => void) => void
      >;
      stub[method]?.(request, (error, answer) => (error === null ? done(answer) : fail(error)));
    });
  await new Promise<void>((ready, fail) =>
    client.waitForReady(Date.now() + 20_000, (error) =>
      error === undefined ? ready() : fail(error),
    ),
  );
  return { call, close: () => client.close() };
}

/** How to load the image, once containerd answers. */
export const importImage = (folder: string): readonly string[] => [
  'ctr',
  `--address=${folder}/containerd.sock`,
  '--namespace=k8s.io',
  'images',
  'import',
  `${folder}/image.tar`,
];

/** The first process of the new process namespace: unshare's only child. */
const holderOf = ({ pid }: ChildProcess): string =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();

/** The machine's own /run and /var/lib are hidden, so nothing is written there. */
const BOOT = `mount -t tmpfs tmpfs /run && mkdir -p /run/netns /run/lock &&
mount -t tmpfs tmpfs /var/lib && ip link set lo up && ip address add 192.168.7.1/32 dev lo &&
exec containerd --config "$1/containerd.toml" --log-level warn >"$1/log" 2>&1`;

/** Where Debian's containernetworking-plugins installs the CNI project's own plugins. */
const PLUGIN_FOLDER = '/usr/lib/cni';

const PLUGINS = ['loopback', 'portmap', 'bandwidth', 'firewall', 'tuning', 'host-local'];

/** CNI plugins that containerd needs and this machine lacks, as reasons to skip. */
export const missingPlugins = (): readonly string[] => {
  const missing = PLUGINS.filter((name) => !existsSync(join(PLUGIN_FOLDER, name)));
  const what = `${PLUGIN_FOLDER} has no ${missing.join(', ')}`;
  return missing.length === 0 ? [] : [`${what}: apt-get install containernetworking-plugins`];
};

/**
 * Everything that containerd needs in a folder, an image and the plugin with a note of each call
 * among it. It runs as root, or as what a user namespace calls so.
 */
export function writeSetup(
  folder: string,
  network: { readonly name: string; readonly [field: string]: unknown },
  plugins: readonly object[],
): void {
  for (const name of ['bin', 'net.d', 'image']) mkdirSync(join(folder, name));
  for (const name of PLUGINS) symlinkSync(join(PLUGIN_FOLDER, name), join(folder, 'bin', name));
  const plugin = resolve(__dirname, '../../../bin/lab-cni');
  const noting = `#!/bin/sh\necho "$CNI_COMMAND \${CNI_NETNS:--}" >>${folder}/calls\nexec ${process.execPath} ${plugin}\n`;
  writeFileSync(join(folder, 'bin/lab-cni'), noting, { mode: 0o755 });
  const { name, ...own } = network;
  const list = { cniVersion: '1.0.0', name, plugins: [own, ...plugins] };
  writeFileSync(join(folder, 'net.d/10-lab.conflist'), JSON.stringify(list));
  writeFileSync(join(folder, 'bin/runc'), RUNC, { mode: 0o755 });
  writeFileSync(join(folder, 'containerd.toml'), configOf(folder));
  writeImage(folder);
}

/**
 * runc, told of no group of terminals: containerd asks for group 5 (`gid=5` of devpts), which a user
 * namespace of one user does not know.
 */
const RUNC = `#!/bin/sh
for word; do
  [ "$before" = --bundle ] && sed -i 's/,"gid=5"//' "$word/config.json"
  before=$word
done
exec runc "$@"
`;

const networkOf = (folder: string) => ({
  name: 'lab',
  type: 'lab-cni',
  ipam: { pools: ['10.244.0.0/24'], node: 'a', dataDir: `${folder}/leases` },
});

const configOf = (folder: string): string => `version = 2
root = "${folder}/root"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
address = "${folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
disable_cgroup = true
disable_apparmor = true
restrict_oom_score_adj = true
sandbox_image = "${IMAGE}"
stream_server_port = "0"
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "native"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
BinaryName = "${folder}/bin/runc"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "${folder}/bin"
conf_dir = "${folder}/net.d"
`;

const IMAGE = 'docker.io/library/lab-pause:1';

/** An image without a registry: one static program, which greets on port 80 of its pod. */
function writeImage(folder: string): void {
  const image = join(folder, 'image');
  mkdirSync(join(image, 'layer'));
  copyFileSync(findProgram('busybox') ?? '', join(image, 'layer/busybox'));
  execFileSync('tar', [
    ...['-C', join(image, 'layer'), '--owner=0', '--group=0'],
    ...['-cf', join(image, 'layer.tar'), 'busybox'],
  ]);
  const digest = execFileSync('sha256sum', [join(image, 'layer.tar')], { encoding: 'utf8' }).slice(
    0,
    64,
  );
  const serve = ['/busybox', 'nc', '-ll', '-p', '80', '-e', '/busybox', 'hostname'];
  const config = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Entrypoint: serve },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  };
  writeFileSync(join(image, 'config.json'), JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: [IMAGE], Layers: ['layer.tar'] }];
  writeFileSync(join(image, 'manifest.json'), JSON.stringify(manifest));
  execFileSync('tar', [
    '-C',
    image,
    '-cf',
    join(folder, 'image.tar'),
    'manifest.json',
    'config.json',
    'layer.tar',
  ]);
}

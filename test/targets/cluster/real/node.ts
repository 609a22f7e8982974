import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock as clock } from '../../../../lib/model/clock';
import type { ControlPlane } from './control-plane';
import { PAUSE_IMAGE, writeImages } from './images';
import { type Machine, NODE_ADDRESS } from './machine';

export const NODE = 'node-a';

/** Programs that a node needs beside Kubernetes' own. */
export const NODE_PROGRAMS = [
  'containerd',
  'ctr',
  'runc',
  'busybox',
  'ip',
  'nft',
  'setpriv',
  'dig',
  'curl',
];

/**
 * Makes a machine a node: containerd, this project's CNI plugin, kubelet and kube-proxy, and a
 * scheduler to send pods there. Resolves when the node says it is ready.
 */
export async function startNode(machine: Machine, plane: ControlPlane): Promise<void> {
  const { folder } = machine;
  writeNetwork(folder);
  const config = (name: string, value: object): string => {
    writeFileSync(join(folder, name), JSON.stringify(value));
    return join(folder, name);
  };
  writeFileSync(join(folder, 'containerd.toml'), containerdConfig(folder));
  writeFileSync(join(folder, 'resolv.conf'), `nameserver ${NODE_ADDRESS}\n`);
  const socket = join(folder, 'containerd.sock');
  const boot = `exec containerd --config ${folder}/containerd.toml >${folder}/containerd.log 2>&1`;
  machine.run('sh', '-c', `(${boot}) & until [ -e ${socket} ]; do sleep 0.05; done`);
  const ctr = ['ctr', '--address', socket, '--namespace', 'k8s.io'];
  machine.run(...ctr, 'images', 'import', writeImages(folder));
  const { kubeconfig } = plane;
  plane.run('kube-scheduler', { kubeconfig, 'leader-elect': 'false', 'secure-port': '0' });
  plane.run('kubelet', {
    kubeconfig,
    config: config('kubelet.json', kubeletConfig(folder)),
    'hostname-override': NODE,
    'node-ip': NODE_ADDRESS,
    'root-dir': join(folder, 'kubelet'),
    'cert-dir': join(folder, 'kubelet-certificates'),
  });
  const proxy = config('kube-proxy.json', proxyConfig(kubeconfig));
  plane.run('kube-proxy', { config: proxy, 'hostname-override': NODE });
  const end = Date.now() + 60_000;
  for (;;) {
    const ready = await plane.kubectl(
      ['wait', 'node', NODE, '--for=condition=Ready', '--timeout=1s'], //
    );
    if (ready.code === 0) return;
    if (Date.now() > end) throw new Error(`${NODE} is not ready: ${ready.stderr}`);
    await clock.sleep(200);
  }
}

function writeNetwork(folder: string): void {
  for (const name of ['bin', 'net.d']) mkdirSync(join(folder, name));
  symlinkSync('/usr/lib/cni/loopback', join(folder, 'bin/loopback'));
  const plugin = resolve(__dirname, '../../../../bin/lab-cni');
  const script = `#!/bin/sh\nexec ${process.execPath} ${plugin}\n`;
  writeFileSync(join(folder, 'bin/lab-cni'), script, { mode: 0o755 });
  const ipam = { pools: ['10.244.0.0/24'], node: NODE, dataDir: join(folder, 'leases') };
  const network = { cniVersion: '1.0.0', name: 'lab', plugins: [{ type: 'lab-cni', ipam }] };
  writeFileSync(join(folder, 'net.d/10-lab.conflist'), JSON.stringify(network));
}

const containerdConfig = (folder: string): string => `version = 2
root = "${folder}/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
address = "${folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
disable_cgroup = true
disable_apparmor = true
restrict_oom_score_adj = true
sandbox_image = "${PAUSE_IMAGE}"
stream_server_port = "0"
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "overlayfs"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "${folder}/bin"
conf_dir = "${folder}/net.d"
`;

/** Only what a machine without groups and disks of its own asks for; nobody outside reaches it. */
const kubeletConfig = (folder: string): object => ({
  kind: 'KubeletConfiguration',
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
  authorization: { mode: 'AlwaysAllow' },
  containerRuntimeEndpoint: `unix://${folder}/containerd.sock`,
  address: NODE_ADDRESS,
  clusterDNS: ['10.96.0.10'],
  clusterDomain: 'cluster.local',
  resolvConf: join(folder, 'resolv.conf'),
  failSwapOn: false,
  failCgroupV1: false,
  cgroupDriver: 'cgroupfs',
  cgroupsPerQOS: false,
  enforceNodeAllocatable: [],
  localStorageCapacityIsolation: false,
  evictionHard: { 'memory.available': '0%', 'nodefs.available': '0%', 'imagefs.available': '0%' },
  healthzPort: 0,
  volumePluginDir: join(folder, 'volume-plugins'),
  podLogsDir: join(folder, 'pod-logs'),
});

/** Limits of the connection table belong to the whole machine, so they are left alone. */
const proxyConfig = (kubeconfig: string): object => ({
  kind: 'KubeProxyConfiguration',
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  clientConnection: { kubeconfig },
  mode: 'nftables',
  clusterCIDR: '10.244.0.0/24',
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
});

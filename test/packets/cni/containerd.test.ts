import { readFileSync } from 'node:fs';
import { describeUnless, needsRoot } from '../../skip';
import { describePackets, missingPrograms } from '../kernel';
import { type Containerd, missingPlugins, startContainerd } from './cri';

interface Status {
  readonly status: { readonly network: { readonly ip: string } };
  readonly info: Readonly<Record<string, string>>;
}

const chain = [
  { type: 'portmap', capabilities: { portMappings: true }, snat: true },
  {
    type: 'bandwidth',
    ingressRate: 100_000_000,
    ingressBurst: 10_000_000,
    egressRate: 100_000_000,
    egressBurst: 10_000_000,
  },
  { type: 'firewall', backend: 'iptables' },
  { type: 'tuning', sysctl: { 'net.core.somaxconn': '512' } },
];

const missing = [
  ...missingPrograms('containerd', 'runc', 'ctr', 'busybox', 'iptables', 'ip', 'tc'),
  ...missingPlugins(),
];

/** A real runtime starts real containers: that takes root, also in CI, and a normal user has none. */
const describeAsRoot = needsRoot === undefined ? describePackets : describeUnless(needsRoot);

describeAsRoot(
  'the CNI plugin, called by containerd',
  () => {
    let containerd: Containerd;
    const pods = new Map<
      string,
      { readonly id: string; readonly ip: string; readonly pid: number }
    >();
    beforeAll(async () => {
      containerd = await startContainerd(chain);
    }, 60_000);
    afterAll(() => containerd?.stop());

    async function runPod(name: string, hostPort?: number) {
      const { pod_sandbox_id: id } = await containerd.call<{ pod_sandbox_id: string }>(
        'RunPodSandbox',
        {
          config: {
            metadata: { name, uid: `uid-${name}`, namespace: 'shop', attempt: 0 },
            hostname: name,
            log_directory: '/tmp',
            dns_config: {
              servers: ['10.96.0.10'],
              searches: ['shop.svc.cluster.local'],
              options: ['ndots:5'],
            },
            port_mappings:
              hostPort === undefined ? [] : [{ container_port: 80, host_port: hostPort }],
            linux: {},
          },
        },
      );
      const { status, info } = await containerd.call<Status>('PodSandboxStatus', {
        pod_sandbox_id: id,
        verbose: true,
      });
      const { pid } = JSON.parse(info.info ?? '{}') as { pid: number };
      pods.set(name, { id, ip: status.network.ip, pid });
    }
    const podOf = (name: string) => pods.get(name) ?? { id: '', ip: '', pid: 0 };
    const greeting =
      (...from: readonly string[]) =>
      (host: string, port: number) =>
        containerd.host(...from, 'timeout', '5', 'busybox', 'nc', host, String(port)).trim();
    const inside = (name: string) => ['nsenter', `--net=/proc/${podOf(name).pid}/ns/net`, '--'];
    const holders = (): readonly string[] => {
      const { holders } = JSON.parse(readFileSync(`${containerd.dataDir}/lab.json`, 'utf8'));
      return Object.values<{ containerId: string }>(holders)
        .map(({ containerId }) => containerId)
        .sort();
    };

    test('pods come up with addresses of ours, four of them at once', async () => {
      await Promise.all([runPod('web', 8080), runPod('api'), runPod('db'), runPod('gone')]);
      const ips = [...pods.values()].map(({ ip }) => ip).sort();
      expect(ips).toEqual(['10.244.0.1', '10.244.0.2', '10.244.0.3', '10.244.0.4']);
    }, 60_000);

    test('the host reaches a pod, a pod reaches a pod, and the mapped port leads to its pod', () => {
      expect(greeting()(podOf('api').ip, 80)).toBe('api');
      expect(greeting(...inside('api'))(podOf('db').ip, 80)).toBe('db');
      expect(greeting()('192.168.7.1', 8080)).toBe('web');
    });

    test('the plugins behind it found what they need', () => {
      const somaxconn = containerd.host(...inside('web'), 'cat', '/proc/sys/net/core/somaxconn');
      const shaping = containerd.host('tc', 'qdisc', 'show');
      expect({ somaxconn: somaxconn.trim(), shaped: shaping.includes('tbf') }).toEqual({
        somaxconn: '512',
        shaped: true,
      });
    });

    test('the runtime calls DEL twice, the second time without a namespace, and both are fine', async () => {
      const { id } = podOf('gone');
      await containerd.call('StopPodSandbox', { pod_sandbox_id: id });
      expect(holders()).not.toContain(id);
      await containerd.call('RemovePodSandbox', { pod_sandbox_id: id });
      const calls = containerd.pluginCalls().map((line) => line.replace(/\/\S+/, '<path>'));
      expect(calls).toEqual([...Array(4).fill('ADD <path>'), 'DEL <path>', 'DEL -']);
    });

    test('a released address rests, and the pods that stayed are untouched', async () => {
      const before = podOf('gone').ip;
      await runPod('next');
      expect(podOf('next').ip).not.toBe(before);
      expect(greeting(...inside('next'))(podOf('db').ip, 80)).toBe('db');
    }, 30_000);

    test('GC takes back what nobody deleted, and only that', () => {
      containerd.host('ip', 'netns', 'add', 'leaked');
      containerd.plugin('ADD', 'leaked', {});
      containerd.host('ip', 'netns', 'del', 'leaked');
      expect(holders()).toContain('leaked');
      const alive = ['api', 'db', 'next', 'web'].map((name) => podOf(name).id).sort();
      const valid = alive.map((containerID) => ({ containerID, ifname: 'eth0' }));
      containerd.plugin('GC', 'none', { 'cni.dev/valid-attachments': valid });
      expect(holders()).toEqual(alive);
      expect(greeting(...inside('next'))('192.168.7.1', 8080)).toBe('web');
    });
  },
  missing,
);

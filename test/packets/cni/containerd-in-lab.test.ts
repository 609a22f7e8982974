import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { World } from '../../../lib/model/world';
import { readWorld } from '../../../lib/read/world';
import { type KeepableSandbox, openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { bringUp, type Local } from '../../../lib/targets/local/local';
import { describePackets, missingPrograms } from '../kernel';
import { connectCri, importImage, missingPlugins, writeSetup } from './cri';

const pod = (name: string, node: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { nodeName: ${node}, containers: [{ name: c, image: x, ports: [{ containerPort: 80 }] }] }
---`;

const OPEN = `${pod('web', 'node-a')}${pod('api', 'node-a')}${pod('client', 'node-b')}
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 8080, targetPort: 80 }] }
`;

/** Only `api` may call `web`. */
const CUT = `${OPEN}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: api } } }] }]
`;

function worldOf(text: string): World {
  const reading = readWorld({ manifests: [{ path: 'shop.yaml', text }] });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

/** Hides what containerd would write to on the machine; /run is the lab's own already. */
const BOOT = `mount -t tmpfs tmpfs /var/lib && mkdir -p /run/lock &&
exec containerd --config "$0/containerd.toml" --log-level warn >"$0/log" 2>&1`;

const CHAIN = [{ type: 'bandwidth', ingressRate: 100_000_000, ingressBurst: 10_000_000 }];

/** containerd on a node of a running lab, without root: its containers are pods of the lab. */
describePackets(
  'containerd on a node of a lab',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-cri-'));
    const socket = join(folder, 'lab.sock');
    const [open, cut] = [worldOf(OPEN), worldOf(CUT)];
    let sandbox: KeepableSandbox;
    let local: Local;
    let cri: Awaited<ReturnType<typeof connectCri>>;
    const ids = new Map<string, string>();

    beforeAll(async () => {
      sandbox = await openSandbox({ mode: 'background', socket, expiresAt: Date.now() + 300_000 });
      local = await bringUp(sandbox, open);
      await sandbox.keep();
      writeSetup(folder, { name: 'shop', type: 'lab-cni', lab: socket }, CHAIN);
      const runtime = sandbox.exec('node/node-a', ['unshare', '--mount', 'sh', '-c', BOOT, folder]);
      runtime.catch(() => undefined);
      cri = await connectCri(`${folder}/containerd.sock`);
      const { code, stderr } = await sandbox.exec('node/node-a', importImage(folder));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      await Promise.all(['web', 'api'].map(runPod));
    }, 60_000);
    afterAll(async () => {
      cri?.close();
      // Its containers' processes are the lab's: they end with it.
      await sandbox?.end();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    async function runPod(name: string): Promise<void> {
      const metadata = { name, uid: `uid-${name}`, namespace: 'shop', attempt: 0 };
      const config = { metadata, hostname: `container-${name}`, log_directory: '/tmp', linux: {} };
      const answer = await cri.call<{ pod_sandbox_id: string }>('RunPodSandbox', { config });
      ids.set(name, answer.pod_sandbox_id);
    }
    /** What somebody in the lab hears on connecting; nothing where no answer comes in two seconds. */
    async function hears(from: string, host: string, port: number): Promise<string> {
      const ask = `exec 3<>/dev/tcp/${host}/${port} && cat <&3`;
      const { stdout } = await sandbox.exec(from, ['timeout', '2', 'bash', '-c', ask]);
      return stdout.trim();
    }
    /** A container that was just started listens a moment later. */
    async function hearsAtLast(wanted: string, ...ask: Parameters<typeof hears>): Promise<string> {
      const deadline = Date.now() + 10_000;
      let said = await hears(...ask);
      while (said !== wanted && Date.now() < deadline) said = await hears(...ask);
      return said;
    }
    const addressOf = (name: string): string =>
      open.pods.find((one) => one.name === name)?.addresses[0] ?? '';
    const calls = () => readFileSync(`${folder}/calls`, 'utf8').match(/^\w+/gm);

    test('the runtime was told the addresses that the lab’s manifests give', async () => {
      for (const name of ['web', 'api']) {
        const { status } = await cri.call<{ status: { network: { ip: string } } }>(
          'PodSandboxStatus',
          { pod_sandbox_id: ids.get(name) },
        );
        expect(status.network.ip).toBe(addressOf(name));
      }
      const { containers } = await sandbox.describe();
      expect(containers.map(({ name, containerId }) => [name, containerId]).sort()).toEqual(
        [...ids].sort(),
      );
    });

    test('a pod of the lab on another node reaches the container, by address and by Service', async () => {
      const service = open.services[0]?.clusterIps[0] ?? '';
      const web = ['pod/shop/client', addressOf('web'), 80] as const;
      expect(await hearsAtLast('container-web', ...web)).toBe('container-web');
      expect(await hears('pod/shop/client', service, 8080)).toBe('container-web');
    });

    test('a container reaches the lab’s pods and other containers', async () => {
      expect(await hears('pod/shop/web', addressOf('client'), 80)).toBe('shop/client');
      const api = ['pod/shop/web', addressOf('api'), 80] as const;
      expect(await hearsAtLast('container-api', ...api)).toBe('container-api');
    });

    test('a plugin behind it in the chain found the cable on the node', async () => {
      const { stdout } = await sandbox.exec('node/node-a', ['tc', 'qdisc', 'show']);
      expect(stdout).toMatch(/tbf .* dev eni[0-9a-f]{11}/);
    });

    test('the lab’s policy stage cuts the container, for whom it names and no others', async () => {
      await local.moveTo(cut);
      expect(await hears('pod/shop/client', addressOf('web'), 80)).toBe('');
      expect(await hears('pod/shop/api', addressOf('web'), 80)).toBe('container-web');
      await local.moveTo(open);
      expect(await hears('pod/shop/client', addressOf('web'), 80)).toBe('container-web');
    });

    test('when the runtime takes it away, the lab’s own pod stands there again', async () => {
      const request = { pod_sandbox_id: ids.get('web') };
      await cri.call('StopPodSandbox', request);
      await cri.call('RemovePodSandbox', request);
      expect(calls()).toEqual(['ADD', 'ADD', 'DEL', 'DEL']);
      expect(await hears('pod/shop/client', addressOf('web'), 80)).toBe('shop/web');
      await runPod('web');
      const web = ['pod/shop/client', addressOf('web'), 80] as const;
      expect(await hearsAtLast('container-web', ...web)).toBe('container-web');
    });
  },
  missingPrograms('containerd', 'runc', 'ctr', 'busybox', 'tc', 'bash').concat(missingPlugins()),
);

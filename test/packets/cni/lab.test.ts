import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { World } from '../../../lib/model/world';
import { readWorld } from '../../../lib/read/world';
import { SEARCH_PATH } from '../../../lib/runtime/kernel/spawn';
import {
  attachSandbox,
  type KeepableSandbox,
  openSandbox,
} from '../../../lib/runtime/sandbox/sandbox';
import { bringUp, type Local } from '../../../lib/targets/local/local';
import { needsRoot, testUnless } from '../../skip';
import { describePackets, missingPrograms } from '../kernel';

const deployment = (name: string, replicas: number, node: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      nodeName: ${node}
      containers: [{ name: c, image: x, ports: [{ containerPort: 8080 }] }]
---`;

const SHOP = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
${deployment('web', 1, 'node-a')}
${deployment('client', 1, 'node-b')}
${deployment('crowd', 50, 'node-a')}
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: kube-dns, namespace: kube-system }
spec: { clusterIP: 10.96.0.10, selector: { k8s-app: kube-dns }, ports: [{ name: dns, port: 53, protocol: UDP }] }
---
apiVersion: v1
kind: Pod
metadata: { name: coredns, namespace: kube-system, labels: { k8s-app: kube-dns } }
spec: { nodeName: node-b, containers: [{ name: c, image: x, ports: [{ containerPort: 53, protocol: UDP }] }] }
`;

const CUT = `${SHOP}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress] }
`;

function worldOf(text: string): World {
  const reading = readWorld({ manifests: [{ path: 'shop.yaml', text }] });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

/** The lab's own process answers the plugin: a container becomes a pod of the world it shows. */
describePackets(
  'the CNI plugin in a running lab',
  () => {
    const plugin = resolve(__dirname, '../../../bin/lab-cni');
    const folder = mkdtempSync(join(tmpdir(), 'lab-cni-'));
    const socket = join(folder, 'lab.sock');
    const [open, cut] = [worldOf(SHOP), worldOf(CUT)];
    const conf = { cniVersion: '1.1.0', name: 'shop', type: 'lab-cni', lab: socket };
    let sandbox: KeepableSandbox;
    let local: Local;

    beforeAll(async () => {
      sandbox = await openSandbox({
        mode: 'background',
        socket,
        expiresAt: Date.now() + 300_000,
      });
      local = await bringUp(sandbox, open);
      await sandbox.keep();
      const names = ['c1', 'c2', ...Array.from({ length: 50 }, (_, i) => `p${i}`)];
      await on('node-a', 'sh', '-c', names.map((name) => `ip netns add ${name}`).join(' && '));
    });
    afterAll(async () => {
      await sandbox?.end();
      rmSync(folder, { recursive: true });
    });

    const on = (node: string, ...argv: readonly string[]) =>
      sandbox.exec(`node/${node}`, argv, { timeoutMs: 30_000 });

    interface Call {
      readonly pod?: string;
      readonly node?: string;
      readonly more?: object;
      readonly netns?: string;
      readonly ifname?: string;
    }
    async function call(command: string, id: string, asked: Call = {}) {
      const { pod = 'web', node = 'node-a', more = {}, ifname = 'eth0' } = asked;
      const env = [
        `CNI_COMMAND=${command}`,
        `CNI_CONTAINERID=${id}`,
        `CNI_IFNAME=${ifname}`,
        `CNI_NETNS=${asked.netns ?? `/run/netns/${id}`}`,
        `CNI_ARGS=K8S_POD_NAMESPACE=shop;IgnoreUnknown=1;K8S_POD_NAME=${pod}`,
      ];
      const { code, stdout, stderr } = await sandbox.exec(`node/${node}`, ['env', ...env, plugin], {
        stdin: JSON.stringify({ ...conf, ...more }),
      });
      expect(stderr).toBe('');
      return { code, answer: stdout === '' ? undefined : JSON.parse(stdout) };
    }
    const fine = { code: 0, answer: undefined };

    const SERVE = `require('node:net').createServer((c) => c.end('the container')).listen(8080)`;
    const serve = (container: string) =>
      on(
        'node-a',
        ...['sh', '-c', 'ip netns exec "$0" "$1" -e "$2" >/dev/null 2>&1 &'],
        ...[container, process.execPath, SERVE],
      );
    /** What a pod of the lab hears when it connects, by address or by name. */
    async function hears(host: string, port: number, from = 'pod/shop/client-0'): Promise<string> {
      const script = `exec 3<>/dev/tcp/${host}/${port} && cat <&3`;
      const { stdout } = await sandbox.exec(from, ['timeout', '2', 'bash', '-c', script]);
      return stdout.trim();
    }
    const until = async (wanted: string, ask: () => Promise<string>): Promise<string> => {
      const deadline = Date.now() + 10_000;
      let said = await ask();
      while (said !== wanted && Date.now() < deadline) said = await ask();
      return said;
    };

    const podOf = (name: string) => {
      const found = open.pods.find((pod) => pod.name === name);
      if (found === undefined) throw new Error(`no pod ${name}`);
      return found;
    };
    const address = podOf('web-0').addresses[0] ?? '';
    const mac = expect.stringMatching(/^02(:[0-9a-f]{2}){5}$/);
    let result: object;

    test('STATUS and VERSION', async () => {
      expect(await call('STATUS', '')).toEqual(fine);
      expect((await call('VERSION', '')).answer.supportedVersions).toContain('1.1.0');
    });

    test('before: the lab stands in for the pod itself', async () => {
      expect(await hears(address, 8080)).toBe('shop/web-0');
    });

    test('ADD: the container has the pod’s address, its cable, its resolver', async () => {
      const { code, answer } = await call('ADD', 'c1');
      expect({ code, answer }).toEqual({
        code: 0,
        answer: {
          cniVersion: '1.1.0',
          interfaces: [
            { name: expect.stringMatching(/^eni[0-9a-f]{11}$/), mac, mtu: 1500 },
            { name: 'eth0', mac, mtu: 1500, sandbox: '/run/netns/c1' },
          ],
          ips: [{ address: `${address}/32`, gateway: '169.254.1.1', interface: 1 }],
          routes: [{ dst: '0.0.0.0/0', gw: '169.254.1.1' }],
          dns: {
            nameservers: ['10.96.0.10'],
            search: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
            options: ['ndots:5'],
          },
        },
      });
      result = answer;
      const { containers } = await sandbox.describe();
      expect(containers).toEqual([{ namespace: 'shop', name: 'web-0', containerId: 'c1' }]);
    });

    test('it is reached as the pod: by its address and through the Service’s name, across nodes', async () => {
      await serve('c1');
      expect(await until('the container', () => hears(address, 8080))).toBe('the container');
      const found = await sandbox.resolve({
        netns: 'pod/shop/client-0',
        name: 'web',
        type: 'A',
        timeoutMs: 1000,
      });
      const service = open.services.find(({ name }) => name === 'web')?.clusterIps[0] ?? '';
      expect(JSON.stringify(found)).toContain(service);
      expect(await hears(service, 80)).toBe('the container');
    });

    test('it reaches the lab’s pods, and its namespace is the pod’s to whoever asks', async () => {
      const client = podOf('client-0').addresses[0] ?? '';
      expect(await hears(client, 8080, 'pod/shop/web-0')).toBe('shop/client-0');
      const { stdout } = await sandbox.exec('pod/shop/web-0', ['readlink', '/proc/self/ns/net']);
      const mine = await on('node-a', 'ip', 'netns', 'exec', 'c1', 'readlink', '/proc/self/ns/net');
      expect(stdout).toBe(mine.stdout);
    });

    test('the lab’s policies cut it, and let it go again', async () => {
      await local.moveTo(cut);
      expect(await hears(address, 8080)).toBe('');
      const flow = {
        from: { kind: 'pod', namespace: 'shop', name: 'client-0' },
        to: { kind: 'pod', namespace: 'shop', name: 'web-0' },
        protocol: 'TCP',
        port: 8080,
      } as const;
      const [seen] = await local.observe([flow], 'on');
      expect(seen?.outcome).toBe('timed-out');
      expect(JSON.stringify(seen?.met)).toContain('default-deny');
      await local.moveTo(open);
      expect(await hears(address, 8080)).toBe('the container');
    });

    test('whoever attaches later sees it too', async () => {
      const other = await attachSandbox(socket);
      const { containers } = await other.describe();
      expect(containers).toHaveLength(1);
      await other.close();
    });

    test.each`
      what                       | id      | asked                                           | code  | msg
      ${'a pod nobody declared'} | ${'c2'} | ${{ pod: 'nobody' }}                            | ${7}  | ${/no such pod/}
      ${'a pod of another node'} | ${'c2'} | ${{ pod: 'client' }}                            | ${4}  | ${/another node/}
      ${'from the other node'}   | ${'c2'} | ${{ node: 'node-b' }}                           | ${4}  | ${/another node/}
      ${'a pod that is taken'}   | ${'c2'} | ${{}}                                           | ${11} | ${/is another container/}
      ${'ADD twice'}             | ${'c1'} | ${{}}                                           | ${7}  | ${/called twice/}
      ${'no such namespace'}     | ${'c9'} | ${{ pod: 'crowd' }}                             | ${4}  | ${/invalid environment/}
      ${'what is no namespace'}  | ${'c2'} | ${{ pod: 'crowd', netns: '/proc/self/ns/uts' }} | ${4}  | ${/invalid environment/}
      ${'a second interface'}    | ${'c2'} | ${{ pod: 'crowd', ifname: 'net1' }}             | ${4}  | ${/invalid environment/}
      ${'addresses of its own'}  | ${'c2'} | ${{ more: { ipam: {} } }}                       | ${7}  | ${/invalid network/}
    `('ADD refuses $what', async ({ id, asked, code, msg }) => {
      expect(await call('ADD', id, asked)).toEqual({
        code: 1,
        answer: {
          cniVersion: '1.1.0',
          code,
          msg: expect.stringMatching(msg),
          details: expect.any(String),
        },
      });
      expect(await hears(address, 8080)).toBe('the container');
    });

    const hostCall = (...way: readonly string[]) => {
      const env = {
        ...process.env,
        PATH: SEARCH_PATH,
        CNI_COMMAND: 'ADD',
        CNI_CONTAINERID: 'host1',
        CNI_NETNS: '/proc/self/ns/net',
        CNI_IFNAME: 'eth0',
        CNI_ARGS: 'K8S_POD_NAMESPACE=shop;K8S_POD_NAME=crowd',
      };
      const [program = plugin, ...argv] = [...way, plugin];
      const input = JSON.stringify(conf);
      const { stdout, stderr } = spawnSync(program, argv, { env, input, encoding: 'utf8' });
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    };
    const outside = {
      code: 4,
      msg: 'the runtime stands outside the lab',
      details: expect.stringMatching(/user namespace of its own.* lab exec <node> -- <runtime>/),
    };

    test('ADD says what to do where the runtime is outside the lab', () => {
      expect(hostCall()).toMatchObject(outside);
    });

    const asRoot = testUnless(needsRoot);
    asRoot('and for a namespace of the machine’s in the lab’s own sight', async () => {
      const { pid } = await sandbox.describe();
      const nearby = ['nsenter', `--target=${pid}`, '--mount', '--pid', 'unshare', '--net'];
      expect(hostCall(...nearby)).toMatchObject(outside);
    });

    test.each`
      damage                                                                                  | missing
      ${'ip -n c1 route del default'}                                                         | ${'the route to 0.0.0.0/0 via 169.254.1.1 on eth0'}
      ${'ip -n c1 neigh replace 169.254.1.1 lladdr 02:00:00:00:00:99 dev eth0 nud permanent'} | ${/^missing: the neighbour 169.254.1.1 at .* on eth0$/}
      ${'ip route del WEB'}                                                                   | ${/^missing: the route to [\d.]+\/32 on eni\w+$/}
    `('CHECK notices, and DEL and ADD repair: $damage', async ({ damage, missing }) => {
      const prevResult = result;
      expect(await call('CHECK', 'c1', { more: { prevResult } })).toEqual(fine);
      const { code } = await on('node-a', 'sh', '-c', damage.replace('WEB', address));
      expect(code).toBe(0);
      const details =
        typeof missing === 'string' ? `missing: ${missing}` : expect.stringMatching(missing);
      expect(await call('CHECK', 'c1', { more: { prevResult } })).toMatchObject({
        answer: { code: 103, details },
      });
      expect(await call('DEL', 'c1')).toEqual(fine);
      expect((await call('ADD', 'c1')).answer).toEqual(result);
      expect(await hears(address, 8080)).toBe('the container');
    });

    test('another data path builds everything anew, the container’s cable too', async () => {
      await local.moveTo(open, { datapath: 'flannel-vxlan' });
      expect(await hears(address, 8080)).toBe('the container');
      await local.moveTo(open, { datapath: 'vpc-cni' });
      expect(await hears(address, 8080)).toBe('the container');
    });

    test('GC of one node’s runtime minds its own containers only', async () => {
      const none = { more: { 'cni.dev/valid-attachments': [] } };
      expect(await call('GC', '', { ...none, node: 'node-b' })).toEqual(fine);
      expect(await call('GC', '', { more: { ...none.more, name: 'other' } })).toEqual(fine);
      expect(await hears(address, 8080)).toBe('the container');
      expect(await call('GC', '', none)).toEqual(fine);
      expect(await hears(address, 8080)).toBe('shop/web-0');
    });

    test('DEL gives the place back, as often as it is called, and with the namespace gone', async () => {
      await call('ADD', 'c1');
      expect(await call('DEL', 'c1')).toEqual(fine);
      expect(await call('DEL', 'c1', { netns: '' })).toEqual(fine);
      expect(await hears(address, 8080)).toBe('shop/web-0');
      const { stdout } = await on('node-a', 'ip', '-n', 'c1', '-br', 'link');
      expect(stdout).not.toContain('eth0');
      expect((await sandbox.describe()).containers).toEqual([]);
    });

    test('fifty at once become fifty pods, and leave again', async () => {
      const ids = Array.from({ length: 50 }, (_, i) => `p${i}`);
      const added = await Promise.all(ids.map((id) => call('ADD', id, { pod: 'crowd' })));
      const given = added.map(({ answer }) => answer.ips?.[0].address).sort();
      const crowd = open.pods.filter(({ workload }) => workload === 'Deployment/crowd');
      expect(given).toEqual(crowd.map(({ addresses }) => `${addresses[0]}/32`).sort());
      expect((await sandbox.describe()).containers).toHaveLength(50);
      await call('GC', '', { more: { 'cni.dev/valid-attachments': [] } });
      expect((await sandbox.describe()).containers).toEqual([]);
    });

    test('a lab that is gone: DEL and GC have nothing to do, ADD and STATUS say so', async () => {
      const gone = { more: { lab: join(folder, 'none.sock'), 'cni.dev/valid-attachments': [] } };
      expect(await call('DEL', 'c1', gone)).toEqual(fine);
      expect(await call('GC', '', gone)).toEqual(fine);
      expect(await call('ADD', 'c1', gone)).toMatchObject({ answer: { code: 11 } });
      expect(await call('STATUS', '', gone)).toMatchObject({ answer: { code: 50 } });
    });
  },
  missingPrograms('ip', 'bash'),
);

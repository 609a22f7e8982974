import { join, resolve } from 'node:path';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox';
import { describePackets, missingPrograms } from './kernel';

/** The plugin as a runtime starts it, on a host of our own: a namespace inside the sandbox. */
describePackets(
  'the CNI plugin, called directly',
  () => {
    const plugin = resolve(__dirname, '../../bin/lab-cni');
    const dataDir = '/run/lab-cni';
    const base = {
      cniVersion: '1.1.0',
      name: 'lab',
      type: 'lab-cni',
      dns: { nameservers: ['10.96.0.10'] },
      ipam: { pools: ['10.244.0.0/24', 'fd00:10::/112'], node: 'a', dataDir },
    };
    let sandbox: Sandbox;
    beforeAll(async () => {
      sandbox = await openSandbox({ mode: 'tied' });
      await sandbox.run([{ kind: 'add-netns', netns: 'host' }]);
      for (const name of ['c1', 'c2', 'c3']) await inside('ip', 'netns', 'add', name);
    });
    afterAll(() => sandbox.close());

    const inside = (...argv: readonly string[]) =>
      sandbox.exec('host', argv, { timeoutMs: 10_000 });

    async function call(command: string, container: string, more: object = {}, netns = true) {
      const env = [
        `CNI_COMMAND=${command}`,
        `CNI_CONTAINERID=${container}`,
        'CNI_IFNAME=eth0',
        `CNI_NETNS=${netns ? join('/run/netns', container) : ''}`,
        'CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAME=web;K8S_POD_NAMESPACE=shop',
        'CNI_PATH=/opt/cni/bin',
      ];
      const stdin = JSON.stringify({ ...base, ...more });
      const { code, stdout, stderr } = await sandbox.exec('host', ['env', ...env, plugin], {
        stdin,
      });
      expect(stderr).toBe('');
      return { code, answer: stdout === '' ? undefined : JSON.parse(stdout) };
    }
    /** A refusal is an answer: the packet came there, and another one back. */
    const reaches = async (from: string, to: string) => {
      const attempt = `echo > /dev/tcp/${to}/9`;
      const { stderr } = await inside(
        'ip',
        'netns',
        'exec',
        from,
        'timeout',
        '2',
        'bash',
        '-c',
        attempt,
      );
      return stderr.includes('Connection refused');
    };

    const mac = expect.stringMatching(/^02(:[0-9a-f]{2}){5}$/);
    let results: object[] = [];

    test('VERSION', async () => {
      expect(await call('VERSION', '')).toEqual({
        code: 0,
        answer: { cniVersion: '1.1.0', supportedVersions: ['0.4.0', '1.0.0', '1.1.0'] },
      });
    });

    test('ADD: an interface with an address of each family, its MACs, its MTU, routes and DNS', async () => {
      const first = await call('ADD', 'c1');
      expect(first).toEqual({
        code: 0,
        answer: {
          cniVersion: '1.1.0',
          interfaces: [
            { name: expect.stringMatching(/^lab[0-9a-f]{11}$/), mac, mtu: 1500 },
            { name: 'eth0', mac, mtu: 1500, sandbox: '/run/netns/c1' },
          ],
          ips: [
            { address: '10.244.0.1/32', gateway: '169.254.1.1', interface: 1 },
            { address: 'fd00:10::1/128', gateway: 'fe80::1', interface: 1 },
          ],
          routes: [
            { dst: '0.0.0.0/0', gw: '169.254.1.1' },
            { dst: '::/0', gw: 'fe80::1' },
          ],
          dns: { nameservers: ['10.96.0.10'] },
        },
      });
      const second = await call('ADD', 'c2');
      expect(second.answer.ips[0].address).toBe('10.244.0.2/32');
      results = [first.answer, second.answer];
    });

    test('the containers reach each other by both families', async () => {
      const seen = [await reaches('c1', '10.244.0.2'), await reaches('c2', 'fd00:10::1')];
      expect(seen).toEqual([true, true]);
    });

    test('ADD in a chain keeps what came before', async () => {
      const prevResult = {
        interfaces: [{ name: 'other0', mac: '02:00:00:00:00:09' }],
        ips: [{ address: '192.0.2.1/24', interface: 0 }],
      };
      const { answer } = await call('ADD', 'c3', { cniVersion: '0.4.0', prevResult });
      expect(answer).toMatchObject({
        cniVersion: '0.4.0',
        interfaces: [{ name: 'other0' }, { name: expect.stringMatching(/^lab/) }, { name: 'eth0' }],
        ips: [
          { address: '192.0.2.1/24', interface: 0 },
          { version: '4', address: '10.244.0.3/32', interface: 2 },
          { version: '6', address: 'fd00:10::3/128', interface: 2 },
        ],
      });
    });

    test('ADD twice is an error, and so is an interface that is there already', async () => {
      expect(await call('ADD', 'c1')).toMatchObject({ code: 1, answer: { code: 7 } });
      await inside('ip', 'netns', 'add', 'c4');
      await inside('ip', 'netns', 'exec', 'c4', 'ip', 'link', 'add', 'eth0', 'type', 'bridge');
      const refused = await call('ADD', 'c4');
      expect(refused).toMatchObject({
        code: 1,
        answer: { code: 102, details: expect.stringContaining('EEXIST') },
      });
      expect(await leased()).not.toContain('c4');
    });

    const leased = async () => (await inside('cat', `${dataDir}/lab.json`)).stdout;

    test('CHECK: fine as left, and names what somebody removed', async () => {
      expect(await call('CHECK', 'c1', { prevResult: results[0] })).toEqual({
        code: 0,
        answer: undefined,
      });
      const ip = async (...argv: readonly string[]) =>
        expect(await inside('ip', ...argv)).toMatchObject({ code: 0 });
      await ip('-n', 'c2', 'addr', 'del', '10.244.0.2/32', 'dev', 'eth0');
      expect(await call('CHECK', 'c2', { prevResult: results[1] })).toMatchObject({
        code: 1,
        answer: {
          code: 103,
          details: expect.stringMatching(/^missing: 10.244.0.2\/32 on eth0, the route to /),
        },
      });
      expect(await call('CHECK', 'c1')).toMatchObject({ code: 1, answer: { code: 7 } });
    });

    const gateway4 = 'the neighbour 169.254.1.1 at <mac> on eth0';
    const gateway6 = 'the neighbour fe80::1 at <mac> on eth0';
    const way4 = 'the route to 0.0.0.0/0 via 169.254.1.1 on eth0';
    const way6 = 'the route to ::/0 via fe80::1 on eth0';
    const everything = [
      'ip -n cX route replace default dev eth0 scope link',
      'ip -n cX -6 route del default',
      'ip -n cX neigh replace 169.254.1.1 lladdr 02:00:00:00:00:99 dev eth0 nud permanent',
      'ip -n cX neigh del fe80::1 dev eth0',
      'ip -n cX link set lo down',
      'ip neigh del 10.244.0.1 dev HOST',
      'ip -6 route del fd00:10::1 dev HOST',
    ];
    test.each`
      what                      | damage                                                  | missing
      ${'a default route'}      | ${['ip -n cX route del default']}                       | ${[way4]}
      ${'another MAC address'}  | ${['ip -n cX link set eth0 address 02:00:00:00:00:99']} | ${['eth0 with MAC <mac>', gateway4, gateway6]}
      ${'each of many at once'} | ${everything}                                           | ${['lo up', way4, gateway4, way6, gateway6, 'the neighbour 10.244.0.1 at <mac> on <host>', 'the route to fd00:10::1/128 on <host>']}
    `('CHECK notices $what', async ({ damage, missing }) => {
      await call('DEL', 'c1');
      const { answer } = await call('ADD', 'c1');
      const host = answer.interfaces[0].name;
      const lines = damage.join(' && ').replaceAll('cX', 'c1').replaceAll('HOST', host);
      const { code, stderr } = await inside('sh', '-c', lines);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const checked = await call('CHECK', 'c1', { prevResult: answer });
      const said = checked.answer?.details
        .replaceAll(/02(:[0-9a-f]{2}){5}/g, '<mac>')
        .replaceAll(host, '<host>');
      expect({ code: checked.code, said }).toEqual({
        code: 1,
        said: `missing: ${missing.join(', ')}`,
      });
    });

    test('CHECK minds nothing that somebody added', async () => {
      await call('DEL', 'c1');
      const { answer } = await call('ADD', 'c1');
      await inside('ip', '-n', 'c1', 'addr', 'add', '192.0.2.9/24', 'dev', 'eth0');
      await inside('ip', '-n', 'c1', 'route', 'add', '198.51.100.0/24', 'dev', 'eth0');
      expect(await call('CHECK', 'c1', { prevResult: answer })).toEqual({ code: 0 });
    });

    test('STATUS tells whether another container fits', async () => {
      expect(await call('STATUS', '')).toEqual({ code: 0, answer: undefined });
      const full = { ipam: { pools: ['10.9.9.0/31'], dataDir }, name: 'full' };
      expect(await call('STATUS', '', full)).toMatchObject({ code: 1, answer: { code: 50 } });
      expect(await call('ADD', 'c4', full)).toMatchObject({ code: 1, answer: { code: 101 } });
    });

    test('DEL takes everything back, as often as it is called, and with the namespace gone', async () => {
      expect(await call('DEL', 'c1')).toEqual({ code: 0, answer: undefined });
      expect(await call('DEL', 'c1', {}, false)).toEqual({ code: 0, answer: undefined });
      await inside('ip', 'netns', 'del', 'c2');
      expect(await call('DEL', 'c2', {}, false)).toEqual({ code: 0, answer: undefined });
      expect(await leased()).not.toMatch(/"c[12]"/);
      const { stdout } = await inside('ip', '-br', 'link', 'show', 'type', 'veth');
      expect(stdout.trim().split('\n')).toHaveLength(1);
    });

    test('GC drops whom the runtime does not know', async () => {
      await call('ADD', 'c1');
      const list = { 'cni.dev/valid-attachments': [{ containerID: 'c1', ifname: 'eth0' }] };
      expect(await call('GC', '', list)).toEqual({ code: 0, answer: undefined });
      expect(JSON.parse(await leased())).toEqual({
        blocks: { '10.244.0.0/26': 'a', 'fd00:10::/122': 'a' },
        holders: {
          '10.244.0.1': { containerId: 'c1', ifname: 'eth0' },
          'fd00:10::1': { containerId: 'c1', ifname: 'eth0' },
        },
      });
      const { stdout } = await inside('ip', '-br', 'link', 'show', 'type', 'veth');
      expect(stdout.trim().split('\n')).toHaveLength(1);
    });

    test('eight at once get eight addresses', async () => {
      const names = Array.from({ length: 8 }, (_, i) => `p${i}`);
      await inside('sh', '-c', names.map((name) => `ip netns add ${name}`).join(' && '));
      const added = await Promise.all(names.map((name) => call('ADD', name)));
      const addresses = added.map(({ answer }) => answer.ips[0].address);
      expect(new Set(addresses).size).toBe(8);
    });
  },
  missingPrograms('ip', 'bash'),
);

import { join, resolve } from 'node:path';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describePackets, missingPrograms } from '../kernel';

interface How {
  readonly ifname?: string;
  readonly netns?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: results are read as JSON
type Result = any;

/** The plugin as a runtime starts it, on a host of our own: a namespace inside the sandbox. */
describePackets(
  'the CNI plugin, called directly',
  () => {
    const plugin = resolve(__dirname, '../../../bin/lab-cni');
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

    async function call(command: string, container: string, more: object = {}, how: How = {}) {
      const env = [
        `CNI_COMMAND=${command}`,
        `CNI_CONTAINERID=${container}`,
        `CNI_IFNAME=${how.ifname ?? 'eth0'}`,
        `CNI_NETNS=${how.netns ?? join('/run/netns', container)}`,
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
        answer: {
          cniVersion: '1.1.0',
          supportedVersions: ['0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'],
        },
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

    const way4 = 'the route to 0.0.0.0/0 via 169.254.1.1';
    const way6 = 'the route to ::/0 via fe80::1';
    const everything = [
      'ip -n cX route replace default dev eth0 scope link',
      'ip -n cX -6 route del default',
      'ip -n cX link set lo down',
      'ip -6 route del fd00:10::1 dev HOST',
      'ip address del 169.254.1.1/32 dev HOST',
    ];
    test.each`
      what                      | damage                                                  | missing
      ${'a default route'}      | ${['ip -n cX route del default']}                       | ${[way4]}
      ${'another MAC address'}  | ${['ip -n cX link set eth0 address 02:00:00:00:00:99']} | ${['eth0 with MAC <mac>']}
      ${'each of many at once'} | ${everything}                                           | ${['lo up', way4, way6, '169.254.1.1/32 on <host>', 'the route to 10.244.0.X/32 on <host>', 'the route to fd00:10::X/128 on <host>']}
    `('CHECK notices $what', async ({ damage, missing }) => {
      await call('DEL', 'c1');
      const { answer } = await call('ADD', 'c1');
      const host = answer.interfaces[0].name;
      const six = answer.ips[1].address.split('/')[0];
      const lines = damage
        .join(' && ')
        .replaceAll('cX', 'c1')
        .replaceAll('HOST', host)
        .replaceAll('fd00:10::1', six);
      const { code, stderr } = await inside('sh', '-c', lines);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const checked = await call('CHECK', 'c1', { prevResult: answer });
      const said = checked.answer?.details
        .replaceAll(/02(:[0-9a-f]{2}){5}/g, '<mac>')
        .replaceAll(host, '<host>')
        .replaceAll(six, 'fd00:10::X')
        .replace(/10\.244\.0\.\d+/, '10.244.0.X');
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

    test.each`
      what                        | change
      ${'no interface'}           | ${() => ({})}
      ${'another address'}        | ${(r: Result) => ({ ...r, ips: [{ ...r.ips[0], address: '10.244.0.99/32' }, r.ips[1]] })}
      ${'another MAC address'}    | ${(r: Result) => ({ ...r, interfaces: [r.interfaces[0], { ...r.interfaces[1], mac: '02:00:00:00:00:77' }] })}
      ${'another namespace'}      | ${(r: Result) => ({ ...r, interfaces: [r.interfaces[0], { ...r.interfaces[1], sandbox: '/run/netns/c3' }] })}
      ${'another interface name'} | ${(r: Result) => ({ ...r, interfaces: [r.interfaces[0], { ...r.interfaces[1], name: 'eth9' }] })}
      ${'another route'}          | ${(r: Result) => ({ ...r, routes: [{ dst: '10.9.0.0/16' }] })}
    `('CHECK refuses prevResult with $what', async ({ change }) => {
      await call('DEL', 'c1');
      const { answer } = await call('ADD', 'c1');
      const checked = await call('CHECK', 'c1', { prevResult: change(answer) });
      expect(checked).toMatchObject({ code: 1, answer: { code: 103 } });
    });

    test('a plugin that changes the MAC address later: both ends find each other, CHECK agrees', async () => {
      await call('DEL', 'c1');
      const { answer } = await call('ADD', 'c1');
      await inside('ip', '-n', 'c1', 'link', 'set', 'eth0', 'address', '02:00:00:00:00:66');
      const [host, container] = answer.interfaces;
      const prevResult = {
        ...answer,
        interfaces: [host, { ...container, mac: '02:00:00:00:00:66' }],
      };
      expect(await call('CHECK', 'c1', { prevResult })).toEqual({ code: 0 });
      const [four, six] = answer.ips.map((one: { address: string }) => one.address.split('/')[0]);
      expect([await reaches('c3', four), await reaches('c3', six)]).toEqual([true, true]);
    });

    test('the address and the MAC that a runtime requests', async () => {
      await call('DEL', 'c1');
      const runtimeConfig = { ips: ['10.244.0.50/24'], mac: '02:00:00:00:00:50' };
      const { answer } = await call('ADD', 'c1', { runtimeConfig });
      expect(answer).toMatchObject({
        interfaces: [{}, { name: 'eth0', mac: '02:00:00:00:00:50' }],
        ips: [{ address: '10.244.0.50/32' }, {}],
      });
      expect(await call('CHECK', 'c1', { prevResult: answer })).toEqual({ code: 0 });
      await inside('ip', 'netns', 'add', 'c6');
      expect(await call('ADD', 'c6', { runtimeConfig })).toMatchObject({
        answer: { code: 101, details: '10.244.0.50 is taken' },
      });
      const outside = { runtimeConfig: { ips: ['192.168.9.9'] } };
      expect(await call('ADD', 'c6', outside)).toMatchObject({ answer: { code: 7 } });
    });

    test('a second interface reaches its own pool and leaves the first alone', async () => {
      await call('DEL', 'c1');
      await call('ADD', 'c1');
      const second = {
        name: 'second',
        ipam: { pools: ['10.245.0.0/24', 'fd00:11::/112'], node: 'a', dataDir },
      };
      const { code, answer } = await call('ADD', 'c1', second, { ifname: 'net1' });
      expect({ code, routes: answer.routes }).toEqual({
        code: 0,
        routes: [
          { dst: '10.245.0.0/24', gw: '169.254.1.1' },
          { dst: 'fd00:11::/112', gw: 'fe80::1' },
        ],
      });
      const prevResult = answer;
      expect(await call('CHECK', 'c1', { ...second, prevResult }, { ifname: 'net1' })).toEqual({
        code: 0,
      });
      expect(await call('DEL', 'c1', second, { ifname: 'net1' })).toEqual({ code: 0 });
      expect(await reaches('c1', '10.244.0.3')).toBe(true);
    });

    test.each`
      what                       | netns                   | code
      ${"the plugin's own"}      | ${'/proc/self/ns/net'}  | ${8}
      ${'a file'}                | ${'/etc/hostname'}      | ${4}
      ${'a folder'}              | ${'/etc'}               | ${4}
      ${'another kind'}          | ${'/proc/self/ns/mnt'}  | ${4}
      ${'one that is not there'} | ${'/run/netns/nowhere'} | ${4}
    `('ADD and CHECK refuse a namespace that is $what', async ({ netns, code }) => {
      await inside('ip', 'netns', 'add', 'c7');
      const added = await call('ADD', 'c7', {}, { netns });
      expect(added).toMatchObject({ code: 1, answer: { code } });
      expect(await leased()).not.toContain('c7');
      await call('ADD', 'c7');
      const checked = await call('CHECK', 'c7', { prevResult: {} }, { netns });
      expect(checked).toMatchObject({ code: 1, answer: { code } });
      await call('DEL', 'c7');
      await inside('ip', 'netns', 'del', 'c7');
    });

    test('a container without IPv6 gets its address all the same', async () => {
      await inside('ip', 'netns', 'add', 'c8');
      const off = 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6';
      await inside('ip', 'netns', 'exec', 'c8', 'sh', '-c', off);
      expect(await call('ADD', 'c8')).toMatchObject({ code: 0, answer: { ips: [{}, {}] } });
      await call('DEL', 'c8');
    });

    test("the host's own address and a foreign route's are not given", async () => {
      const name = 'crowded';
      const ipam = { pools: ['10.246.0.0/29'], dataDir };
      const lines = [
        'ip link add up0 type bridge',
        'ip link set up0 up',
        'ip address add 10.246.0.1/24 dev up0',
        'ip route add 10.246.0.2/32 dev up0',
      ];
      await inside('sh', '-c', lines.join(' && '));
      await inside('ip', 'netns', 'add', 'c9');
      const { answer } = await call('ADD', 'c9', { name, ipam });
      expect(answer.ips[0].address).toBe('10.246.0.3/32');
      const other = { name, ipam: { ...ipam, pools: ['10.247.0.0/24'] } };
      await inside('ip', 'netns', 'add', 'c10');
      const changed = await call('ADD', 'c10', other);
      expect(changed.answer.ips[0].address).toBe('10.247.0.1/32');
      for (const one of ['c9', 'c10']) await call('DEL', one, { name, ipam });
      await inside('ip', 'link', 'del', 'up0');
    });

    test('DEL removes the interface where the host end has another name', async () => {
      await inside('ip', 'netns', 'add', 'c11');
      const { answer } = await call('ADD', 'c11');
      const host = answer.interfaces[0].name;
      await inside('sh', '-c', `ip link set ${host} down && ip link set ${host} name other0`);
      expect(await call('DEL', 'c11')).toEqual({ code: 0 });
      const { stdout } = await inside('ip', '-n', 'c11', '-br', 'link');
      expect(stdout).not.toContain('eth0');
    });

    test.each(['', '{', '[]', '{"blocks":5,"holders":{}}', '{"blocks":{"x":"a"},"holders":{}}'])(
      'a store that is %p: DEL ends well, ADD begins anew and leaves living containers alone',
      async (text) => {
        const own = { name: 'lost', ipam: { pools: ['10.248.0.0/24'], node: 'a', dataDir } };
        for (const one of ['d1', 'd2']) await inside('ip', 'netns', 'add', one);
        const first = await call('ADD', 'd1', own);
        expect(first).toMatchObject({ code: 0 });
        await sandbox.exec('host', ['sh', '-c', `cat > ${dataDir}/lost.json`], { stdin: text });
        expect(await call('ADD', 'd1', own)).toMatchObject({ answer: { code: 7 } });
        const second = await call('ADD', 'd2', own);
        expect(second.answer.ips[0].address).not.toBe(first.answer.ips[0].address);
        expect(await reaches('d2', first.answer.ips[0].address.split('/')[0])).toBe(true);
        await sandbox.exec('host', ['sh', '-c', `cat > ${dataDir}/lost.json`], { stdin: text });
        for (const one of ['d1', 'd2']) expect(await call('DEL', one, own)).toEqual({ code: 0 });
        for (const one of ['d1', 'd2']) await inside('ip', 'netns', 'del', one);
        await inside('sh', '-c', `rm -f ${dataDir}/lost*`);
      },
    );

    test('GC: nothing is alive, entries that are not understood, another network of the same names', async () => {
      const own = (name: string, pool: string) => ({
        name,
        ipam: { pools: [pool], node: 'a', dataDir },
      });
      const [a, b] = [own('gc-a', '10.249.0.0/24'), own('gc-b', '10.251.0.0/24')];
      const valid = (value: unknown) => ({ 'cni.dev/valid-attachments': value });
      await inside('ip', 'netns', 'add', 'g1');
      await call('ADD', 'g1', a);
      for (const wrong of [['g1/eth0'], [{ containerID: 5, ifname: 'eth0' }], 'all']) {
        const refused = await call('GC', '', { ...a, ...valid(wrong) });
        expect(refused).toMatchObject({ code: 1, answer: { code: 7 } });
      }
      expect(
        await call('GC', '', { ...a, ...valid([{ containerId: 'g1', ifname: 'eth0' }]) }),
      ).toEqual({ code: 0 });
      expect((await inside('ip', '-n', 'g1', '-br', 'link')).stdout).toContain('eth0');
      // The container goes without DEL, and another network gives one of the same names a cable.
      await inside('ip', 'netns', 'del', 'g1');
      await inside('ip', 'netns', 'add', 'g1');
      expect(await call('ADD', 'g1', b)).toMatchObject({ code: 0 });
      expect(await call('GC', '', { ...a, ...valid(null) })).toEqual({ code: 0 });
      expect((await inside('ip', '-n', 'g1', '-br', 'link')).stdout).toContain('eth0');
      expect(await call('GC', '', { ...b, ...valid(null) })).toEqual({ code: 0 });
      expect((await inside('ip', '-n', 'g1', '-br', 'link')).stdout).not.toContain('eth0');
    });

    test('a result that nobody can read leaves nothing behind', async () => {
      await inside('ip', 'netns', 'add', 'c12');
      const line = `CNI_COMMAND=ADD CNI_CONTAINERID=c12 CNI_IFNAME=eth0 CNI_NETNS=/run/netns/c12 ${plugin} > /dev/full`;
      const { code } = await sandbox.exec('host', ['sh', '-c', line], {
        stdin: JSON.stringify(base),
      });
      expect(code).toBe(1);
      expect(await leased()).not.toContain('c12');
      expect((await inside('ip', '-n', 'c12', '-br', 'link')).stdout).not.toContain('eth0');
    });

    test('standard input that comes late is waited for, and one that cannot be read is code 5', async () => {
      const late = `(sleep 0.3; printf '{"cniVersion":"1.1.0"}') | CNI_COMMAND=VERSION ${plugin}`;
      const { stdout } = await inside('sh', '-c', late);
      expect(JSON.parse(stdout)).toMatchObject({ cniVersion: '1.1.0' });
      const folder = await inside('sh', '-c', `CNI_COMMAND=ADD ${plugin} < /etc`);
      expect(JSON.parse(folder.stdout)).toMatchObject({ code: 5 });
    });

    test('a network name longer than a file name', async () => {
      await inside('ip', 'netns', 'add', 'c13');
      const more = { name: 'n'.repeat(250) };
      expect(await call('ADD', 'c13', more)).toMatchObject({ code: 0 });
      expect(await call('DEL', 'c13', more)).toEqual({ code: 0 });
    });

    test('STATUS tells whether another container fits', async () => {
      expect(await call('STATUS', '')).toEqual({ code: 0, answer: undefined });
      const full = {
        ipam: { pools: ['10.9.9.0/30'], exclude: ['10.9.9.0/30'], dataDir },
        name: 'full',
      };
      expect(await call('STATUS', '', full)).toMatchObject({ code: 1, answer: { code: 50 } });
      expect(await call('ADD', 'c4', full)).toMatchObject({ code: 1, answer: { code: 101 } });
    });

    test('DEL takes everything back, as often as it is called, and with the namespace gone', async () => {
      expect(await call('DEL', 'c1')).toEqual({ code: 0, answer: undefined });
      expect(await call('DEL', 'c1', {}, { netns: '' })).toEqual({ code: 0, answer: undefined });
      await inside('ip', 'netns', 'del', 'c2');
      expect(await call('DEL', 'c2', {}, { netns: '' })).toEqual({ code: 0, answer: undefined });
      expect(await leased()).not.toMatch(/"c[12]"/);
      const { stdout } = await inside('ip', '-br', 'link', 'show', 'type', 'veth');
      expect(stdout.trim().split('\n')).toHaveLength(1);
    });

    test('GC drops whom the runtime does not know', async () => {
      const { answer } = await call('ADD', 'c1');
      const [four, six] = answer.ips.map((one: Result) => one.address.split('/')[0]);
      const list = { 'cni.dev/valid-attachments': [{ containerID: 'c1', ifname: 'eth0' }] };
      expect(await call('GC', '', list)).toEqual({ code: 0, answer: undefined });
      expect(JSON.parse(await leased())).toEqual({
        blocks: { '10.244.0.0/26': 'a', 'fd00:10::/122': 'a' },
        holders: {
          [four]: { containerId: 'c1', ifname: 'eth0' },
          [six]: { containerId: 'c1', ifname: 'eth0' },
        },
        last: expect.anything(),
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

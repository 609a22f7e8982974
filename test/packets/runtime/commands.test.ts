import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Command, LinkEnd } from '../../../lib/dataplane/commands/command';
import { cidr, hostCidr, ip } from '../../../lib/model/address';
import { SEARCH_PATH } from '../../../lib/runtime/kernel/spawn';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describePackets } from '../kernel';

const quick = { timeoutMs: 200, trace: 'off' } as const;
const end = (netns: string, device: string, number: number): LinkEnd => ({
  netns,
  device,
  mac: `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`,
});
const netns = (...names: readonly string[]): readonly Command[] =>
  names.map((name) => ({ kind: 'add-netns', netns: name }));
const cable = (a: LinkEnd, b: LinkEnd): readonly Command[] => [
  { kind: 'add-veth', a, b, mtu: 1500 },
  up(a.netns, a.device),
  up(b.netns, b.device),
];
const up = (where: string, device: string): Command => ({
  kind: 'set-link',
  netns: where,
  device,
  state: 'up',
});
const address = (where: string, device: string, block: string): Command => {
  const [host = '', prefix = ''] = block.split('/');
  return { kind: 'add-address', netns: where, device, address: ip(host), prefix: Number(prefix) };
};
const listen = (where: string): Command => ({
  kind: 'listen',
  netns: where,
  listeners: [{ protocol: 'TCP', port: 80, banner: where }],
});

describePackets('commands of the kernel', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
  });
  afterEach(() => sandbox.close());

  const seen = async (from: string, to: string, port = 80) => {
    const probe = { netns: from, destination: ip(to), protocol: 'TCP', port } as const;
    const [observation] = await sandbox.probe([probe], quick);
    return observation?.answer ?? observation?.outcome;
  };

  test('a bridge joins cables', async () => {
    const bridge = {
      kind: 'add-bridge',
      netns: 'node',
      device: 'br0',
      mac: '02:00:00:00:00:99',
    } as const;
    await sandbox.run([
      ...netns('a', 'b', 'node'),
      bridge,
      up('node', 'br0'),
      ...cable(end('a', 'eth0', 1), end('node', 'pa', 2)),
      ...cable(end('b', 'eth0', 3), end('node', 'pb', 4)),
      { kind: 'set-master', netns: 'node', device: 'pa', bridge: 'br0' },
      { kind: 'set-master', netns: 'node', device: 'pb', bridge: 'br0' },
      address('a', 'eth0', '10.1.0.1/24'),
      address('b', 'eth0', '10.1.0.2/24'),
      address('node', 'br0', '10.1.0.254/24'),
      listen('b'),
    ]);
    expect([await seen('a', '10.1.0.2'), await seen('node', '10.1.0.2')]).toEqual(['b', 'b']);
    await sandbox.run([{ kind: 'set-link', netns: 'node', device: 'pb', state: 'down' }]);
    expect(await seen('a', '10.1.0.2')).not.toBe('b');
  });

  test('VXLAN carries frames to where the forwarding table says', async () => {
    const tunnel = (node: string, local: string, number: number): readonly Command[] => [
      {
        kind: 'add-vxlan',
        netns: node,
        device: 'vxlan0',
        mac: end(node, '', number).mac,
        vni: 7,
        local: ip(local),
        port: 4789,
        mtu: 1450,
      },
      up(node, 'vxlan0'),
    ];
    const entry = (node: string, mac: number, remote: string): Command => ({
      kind: 'add-fdb',
      netns: node,
      device: 'vxlan0',
      mac: end(node, '', mac).mac,
      remote: ip(remote),
    });
    const neighbour = (node: string, to: string, mac: number): Command => ({
      kind: 'add-neighbour',
      netns: node,
      device: 'vxlan0',
      address: ip(to),
      mac: end(node, '', mac).mac,
    });
    await sandbox.run([
      ...netns('a', 'b'),
      ...cable(end('a', 'eth0', 1), end('b', 'eth0', 2)),
      address('a', 'eth0', '192.168.0.1/24'),
      address('b', 'eth0', '192.168.0.2/24'),
      ...tunnel('a', '192.168.0.1', 11),
      ...tunnel('b', '192.168.0.2', 12),
      address('a', 'vxlan0', '10.9.0.1/24'),
      address('b', 'vxlan0', '10.9.0.2/24'),
      neighbour('a', '10.9.0.2', 12),
      neighbour('b', '10.9.0.1', 11),
      entry('a', 12, '192.168.0.2'),
      listen('b'),
    ]);
    expect(await seen('a', '10.9.0.2')).toBe('timed-out');
    await sandbox.run([entry('b', 11, '192.168.0.1')]);
    expect(await seen('a', '10.9.0.2')).toBe('b');
  });

  /** Two ways out of `a`: by `b` or by `c`, both of which hold 203.0.113.1. */
  const twoWays: readonly Command[] = [
    ...netns('a', 'b', 'c'),
    ...cable(end('a', 'to-b', 1), end('b', 'eth0', 2)),
    ...cable(end('a', 'to-c', 3), end('c', 'eth0', 4)),
    address('a', 'to-b', '10.1.0.1/24'),
    address('b', 'eth0', '10.1.0.2/24'),
    address('a', 'to-c', '10.2.0.1/24'),
    address('c', 'eth0', '10.2.0.2/24'),
    ...['b', 'c'].flatMap((where) => [address(where, 'lo', '203.0.113.1/32'), listen(where)]),
  ];
  const via = (device: string, gateway: string, table: number): Command => ({
    kind: 'add-route',
    netns: 'a',
    to: cidr('203.0.113.0/24'),
    hop: { kind: 'via', device, gateway: ip(gateway), onlink: false },
    table,
  });

  test('rules choose a table, routes can be taken back, and twice is no error', async () => {
    const rule = { netns: 'a', priority: 100, table: 300, from: cidr('10.2.0.0/16') } as const;
    await sandbox.run([
      ...twoWays,
      via('to-b', '10.1.0.2', 254),
      via('to-c', '10.2.0.2', 300),
      { kind: 'add-rule', ...rule },
    ]);
    const from = async (source: string) => {
      const probe = {
        netns: 'a',
        source: ip(source),
        destination: ip('203.0.113.1'),
        protocol: 'TCP',
        port: 80,
      } as const;
      return (await sandbox.probe([probe], quick))[0]?.answer;
    };
    expect([await from('10.1.0.1'), await from('10.2.0.1')]).toEqual(['b', 'c']);
    const gone: Command = {
      kind: 'remove-route',
      netns: 'a',
      to: cidr('203.0.113.0/24'),
      hop: { kind: 'via', device: 'to-b', gateway: ip('10.1.0.2'), onlink: false },
      table: 254,
    };
    await sandbox.run([{ kind: 'remove-rule', ...rule }, gone, gone, via('to-c', '10.2.0.2', 254)]);
    expect(await seen('a', '203.0.113.1')).toBe('c');
  });

  test('a preferred source, and routes that refuse', async () => {
    const route = { kind: 'add-route', netns: 'a', table: 254 } as const;
    await sandbox.run([
      ...twoWays,
      address('a', 'lo', '10.1.0.77/32'),
      {
        ...route,
        to: hostCidr(ip('10.1.0.2')),
        hop: { kind: 'link', device: 'to-b' },
        source: ip('10.1.0.77'),
      },
      { ...route, to: cidr('198.51.100.0/24'), hop: { kind: 'unreachable' } },
    ]);
    const script =
      "require('net').connect(80, '10.1.0.2').on('connect', function () { console.log(this.localAddress); this.destroy(); })";
    const { stdout } = await sandbox.exec('a', [process.execPath, '-e', script]);
    expect({ source: stdout.trim(), refused: await seen('a', '198.51.100.1') }).toEqual({
      source: '10.1.0.77',
      refused: 'unreachable',
    });
  });

  test('IPv6: addresses at once, routes, neighbours, every protocol', async () => {
    await sandbox.run([
      ...netns('a', 'b'),
      ...cable(end('a', 'eth0', 1), end('b', 'eth0', 2)),
      address('a', 'eth0', 'fd00::1/128'),
      address('b', 'eth0', 'fd00::2/128'),
      ...(['a', 'b'] as const).flatMap((where, i): readonly Command[] => {
        const other = ip(`fd00::${2 - i}`);
        const mac = end('', '', 2 - i).mac;
        return [
          {
            kind: 'add-route',
            netns: where,
            to: hostCidr(other),
            hop: { kind: 'link', device: 'eth0' },
            table: 254,
          },
          { kind: 'add-neighbour', netns: where, device: 'eth0', address: other, mac },
        ];
      }),
      {
        kind: 'listen',
        netns: 'b',
        listeners: [
          { protocol: 'TCP', port: 80, banner: 'six' },
          { protocol: 'UDP', port: 53, banner: '' },
        ],
      },
    ]);
    const probe = { netns: 'a', destination: ip('fd00::2') } as const;
    const tries = [
      { ...probe, protocol: 'TCP', port: 80 },
      { ...probe, protocol: 'TCP', port: 81 },
      { ...probe, protocol: 'UDP', port: 53 },
      { ...probe, protocol: 'UDP', port: 54 },
      { ...probe, protocol: 'ICMP', port: 0 },
      { ...probe, destination: ip('fd00::3'), protocol: 'TCP', port: 80 },
    ] as const;
    const outcomes = (await sandbox.probe(tries, quick)).map(
      ({ outcome, answer }) => answer ?? outcome,
    );
    expect(outcomes).toEqual(['six', 'refused', 'probe', 'refused', 'connected', 'unreachable']);
  });

  test('forgotten connections meet the rules anew', async () => {
    const rules = (verdict: string): Command => ({
      kind: 'load-ruleset',
      netns: 'b',
      ruleset: `table inet f\ndelete table inet f\ntable inet f {\nchain input {\ntype filter hook input priority 0; policy accept\nct state established accept\ntcp dport 7000 ${verdict}\n}\n}\n`,
    });
    const server =
      "require('net').createServer((s) => s.on('data', () => s.write('x'))).listen(7000)";
    // Talks, says so, waits to be told to go on, and tells whether it is still heard.
    const client = `const fs = require('fs');
      const s = require('net').connect(7000, '10.1.0.2', () => s.write('a'));
      s.on('error', () => process.exit(1));
      s.once('data', () => {
        fs.writeFileSync('/run/talking', '');
        const timer = setInterval(() => {
          if (!fs.existsSync('/run/go')) return;
          clearInterval(timer);
          s.once('data', () => { console.log('heard'); process.exit(); });
          s.write('b');
          setTimeout(() => { console.log('cut'); process.exit(); }, 1500);
        }, 10);
      });`;
    const limit = { timeoutMs: 10_000 };
    const talk = async (midway: readonly Command[]) => {
      await sandbox.exec('a', ['rm', '-f', '/run/talking', '/run/go']);
      const done = sandbox.exec('a', [process.execPath, '-e', client], limit);
      await sandbox.exec(
        'a',
        ['sh', '-c', 'until [ -e /run/talking ]; do sleep 0.02; done'],
        limit,
      );
      await sandbox.run(midway);
      await sandbox.exec('a', ['touch', '/run/go']);
      return (await done).stdout.trim();
    };
    await sandbox.run([...twoWays, rules('accept')]);
    void sandbox.exec('b', [process.execPath, '-e', server]).catch(() => undefined);
    await sandbox.exec(
      'b',
      ['sh', '-c', 'until grep -q :1B58 /proc/net/tcp6; do sleep 0.02; done'],
      limit,
    );
    expect(await talk([rules('drop')])).toBe('heard');
    await sandbox.run([rules('accept')]);
    expect(await talk([rules('drop'), { kind: 'flush-conntrack', netns: 'b' }])).toBe('cut');
  }, 30_000);

  test('what is gone may be removed again', async () => {
    const gone: readonly Command[] = [
      { kind: 'remove-link', netns: 'a', device: 'to-b' },
      { kind: 'remove-link', netns: 'a', device: 'to-b' },
      { kind: 'remove-netns', netns: 'b' },
      { kind: 'remove-netns', netns: 'b' },
    ];
    await sandbox.run([
      ...twoWays,
      ...gone,
      ...netns('b'),
      ...cable(end('a', 'to-b', 1), end('b', 'eth0', 2)),
    ]);
    await expect(sandbox.run(netns('b'))).rejects.toThrow("namespace 'b' exists already");
  });

  test('a sysctl that cannot be is an error with its name', async () => {
    const bad: Command = { kind: 'set-sysctl', netns: 'a', key: 'net/ipv4/no_such', value: '1' };
    await sandbox.run(netns('a'));
    await expect(sandbox.run([bad])).rejects.toThrow('set-sysctl a net/ipv4/no_such=1: ENOENT');
    const outside: Command = { ...bad, key: 'net/../kernel/hostname' };
    await expect(sandbox.run([outside])).rejects.toThrow('is no sysctl key');
  });
});

describePackets('a machine whose /proc/sys is read-only, as in many containers', () => {
  test('forwards all the same: it is set link by link', () => {
    // A /proc that hides a part of itself, so the kernel allows no fresh one inside.
    const seal =
      'mount -t proc proc /proc && mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec "$@"';
    const program = join(__dirname, 'sealed.ts');
    const client = [process.execPath, '--require', require.resolve('tsx/cjs'), program];
    const flags = ['--user', '--map-root-user', '--mount', '--pid', '--fork'];
    const { stdout, stderr } = spawnSync('unshare', [...flags, 'sh', '-c', seal, 'sh', ...client], {
      encoding: 'utf8',
      env: { ...process.env, PATH: SEARCH_PATH, NODE_OPTIONS: '' },
    });
    expect({ stdout, stderr }).toEqual({
      stdout: '{"sysctl":"EROFS","outcome":"connected"}\n',
      stderr: '',
    });
  });
});

import type { Command } from '../../../lib/dataplane/commands/command';
import { formatInvocation, toInvocation } from '../../../lib/dataplane/commands/render';
import { cidr, ip } from '../../../lib/model/address';

type OfKind<K extends Command['kind']> = Command & { readonly kind: K };

/** One row a kind of command; a kind without its row does not compile. */
const rows: { readonly [K in Command['kind']]: readonly [command: OfKind<K>, line: string] } = {
  'add-netns': [{ kind: 'add-netns', netns: 'pod/shop/web' }, 'ip netns add pod/shop/web'],
  'remove-netns': [{ kind: 'remove-netns', netns: 'router' }, 'ip netns del router'],
  'add-veth': [
    {
      kind: 'add-veth',
      a: { netns: 'p', device: 'eth0', mac: '02:00:00:00:00:01' },
      b: { netns: 'n', device: 'eni1', mac: '02:00:00:00:00:02' },
      mtu: 1500,
    },
    'ip -n p link add eth0 address 02:00:00:00:00:01 mtu 1500 type veth peer name eni1 netns n address 02:00:00:00:00:02',
  ],
  'add-bridge': [
    { kind: 'add-bridge', netns: 'n', device: 'cni0', mac: '02:00:00:00:00:03' },
    'ip -n n link add cni0 address 02:00:00:00:00:03 type bridge',
  ],
  'add-vxlan': [
    {
      kind: 'add-vxlan',
      netns: 'n',
      device: 'vxlan.calico',
      mac: '02:00:00:00:00:04',
      vni: 4096,
      local: ip('10.0.0.10'),
      port: 4789,
      mtu: 1450,
    },
    'ip -n n link add vxlan.calico address 02:00:00:00:00:04 mtu 1450 type vxlan id 4096 local 10.0.0.10 dstport 4789 nolearning',
  ],
  'add-fdb': [
    {
      kind: 'add-fdb',
      netns: 'n',
      device: 'flannel.1',
      mac: '02:00:00:00:00:05',
      remote: ip('10.0.0.20'),
    },
    'bridge -n n fdb append 02:00:00:00:00:05 dev flannel.1 dst 10.0.0.20 self permanent',
  ],
  'set-master': [
    { kind: 'set-master', netns: 'n', device: 'eni1', bridge: 'cni0' },
    'ip -n n link set eni1 master cni0',
  ],
  'set-link': [
    { kind: 'set-link', netns: 'n', device: 'lo', state: 'up' },
    'ip -n n link set lo up',
  ],
  'remove-link': [{ kind: 'remove-link', netns: 'n', device: 'eni1' }, 'ip -n n link del eni1'],
  'add-address': [
    { kind: 'add-address', netns: 'p', device: 'eth0', address: ip('10.0.1.10'), prefix: 32 },
    'ip -n p address add 10.0.1.10/32 dev eth0',
  ],
  'add-route': [
    {
      kind: 'add-route',
      netns: 'p',
      to: cidr('0.0.0.0/0'),
      hop: { kind: 'via', device: 'eth0', gateway: ip('169.254.1.1'), onlink: true },
      table: 254,
      source: ip('10.0.1.10'),
    },
    'ip -n p route add 0.0.0.0/0 via 169.254.1.1 dev eth0 onlink src 10.0.1.10 table 254',
  ],
  'remove-route': [
    {
      kind: 'remove-route',
      netns: 'router',
      to: cidr('2001:db8::/64'),
      hop: { kind: 'blackhole' },
      table: 100,
    },
    'ip -6 -n router route del blackhole 2001:db8::/64 table 100',
  ],
  'add-rule': [
    {
      kind: 'add-rule',
      netns: 'router',
      priority: 100,
      table: 7,
      iif: 'to-a',
      from: cidr('10.0.0.0/24'),
      mark: 3,
    },
    'ip -n router rule add priority 100 from 10.0.0.0/24 fwmark 3 iif to-a table 7',
  ],
  'remove-rule': [
    { kind: 'remove-rule', netns: 'a', priority: 0, table: 255 },
    'ip -n a rule del priority 0 table 255',
  ],
  'add-neighbour': [
    {
      kind: 'add-neighbour',
      netns: 'p',
      device: 'eth0',
      address: ip('169.254.1.1'),
      mac: '02:00:00:00:00:02',
    },
    'ip -n p neighbour add 169.254.1.1 lladdr 02:00:00:00:00:02 dev eth0 nud permanent',
  ],
  'set-sysctl': [
    { kind: 'set-sysctl', netns: 'n', key: 'net/ipv4/ip_forward', value: '1' },
    'ip netns exec n sysctl -w net.ipv4.ip_forward=1',
  ],
  'load-ruleset': [
    { kind: 'load-ruleset', netns: 'n', ruleset: 'add table inet t\n' },
    'ip netns exec n nft -f -',
  ],
  'flush-conntrack': [{ kind: 'flush-conntrack', netns: 'n' }, 'ip netns exec n conntrack -F'],
  listen: [
    { kind: 'listen', netns: 'p', listeners: [{ protocol: 'TCP', port: 80, banner: 'shop/web' }] },
    'ip netns exec p lab listen 80/TCP=shop/web',
  ],
  'serve-dns': [
    {
      kind: 'serve-dns',
      netns: 'p',
      records: [{ name: 'a.test', type: 'A', data: '10.0.0.1' }],
      authoritativeFor: ['cluster.local'],
    },
    'ip netns exec p lab serve-dns cluster.local',
  ],
  'serve-http': [
    { kind: 'serve-http', netns: 'p', bootstrap: '{}', certificates: [], ports: [80] },
    'ip netns exec p envoy --concurrency 1 --disable-hot-restart -c /dev/stdin',
  ],
  'stop-http': [{ kind: 'stop-http', netns: 'p' }, 'ip netns exec p lab stop-http'],
  'set-resolver': [
    { kind: 'set-resolver', netns: 'p', resolvConf: 'nameserver 172.20.0.10\n' },
    'ip netns exec p tee /etc/resolv.conf',
  ],
};

test.each(Object.entries(rows))('%s', (kind, [command, line]) => {
  expect(command.kind).toBe(kind);
  expect(formatInvocation(toInvocation(command))).toBe(line);
});

test('what a tool reads from its input is not on its command line', () => {
  expect(toInvocation(rows['load-ruleset'][0]).stdin).toBe('add table inet t\n');
  expect(toInvocation(rows['serve-dns'][0]).stdin).toBe('a.test. A 10.0.0.1\n');
  expect(toInvocation(rows['serve-http'][0]).stdin).toBe('{}');
});

test('a word that a shell would split or expand is quoted', () => {
  const banner = "it's $HOME";
  const command: Command = {
    kind: 'listen',
    netns: 'p',
    listeners: [{ protocol: 'UDP', port: 53, banner }],
  };
  expect(formatInvocation(toInvocation(command))).toContain(`'53/UDP=it'\\''s $HOME'`);
});

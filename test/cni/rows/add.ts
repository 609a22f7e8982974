import type { PluginHost } from '../host';
import { type CniRow, direct, inTurn, notAsked, type Play, played, SPEC } from './row';

export const addressOf = async (on: PluginHost, container: string, device = 'eth0') =>
  (await on.addresses(container, device)).join(' ');

/** A network of our own IPAM beside the row's. */
const own = (pools: readonly string[], folder: string) => ({
  ipam: { pools, node: 'a', dataDir: `/run/${folder}` },
});

/** The network of a second interface, by each plugin's own fields. */
const SECOND = {
  'lab-cni': own(['10.90.0.0/24'], 'second'),
  ptp: {
    ipam: { type: 'host-local', ranges: [[{ subnet: '10.90.0.0/24' }]], dataDir: '/run/second' },
  },
} as const;

/** What a call about the second interface says otherwise. */
export const second = (on: PluginHost) => ({
  name: 'second',
  ifname: 'net1',
  config: SECOND[on.plugin],
});

const bothThere = async (on: PluginHost, a: string): Promise<string> =>
  `eth0 ${await on.has(a)}, net1 ${await on.has(a, 'net1')}`;

const BRIDGE = {
  type: 'bridge',
  bridge: 'br7',
  isDefaultGateway: true,
  ipam: { type: 'host-local', ranges: [[{ subnet: '10.92.0.0/24' }]], dataDir: '/run/bridge' },
};

const mtuOf = async (on: PluginHost, a: string) =>
  (await on.sh(`ip -n ${a} link show eth0`)).match(/mtu \d+/)?.[0];

const withMtu =
  (mtu: number): Play =>
  async (on, [a = '']) =>
    `${await on.direct({ config: { mtu } })}, ${await mtuOf(on, a)}`;

const macOf = async (on: PluginHost, a: string) =>
  (await on.sh(`ip -n ${a} link show eth0`)).match(/link\/ether (\S+)/)?.[1];

const MAC = '02:00:00:00:00:50';
const NO_MAC = 'ptp knows no MAC address of the runtime';
const OWN_IPAM = 'the row names our own IPAM';
const HOST_ROUTE =
  'ip link add up0 type bridge; ip link set up0 up; ip address add 192.0.2.1/24 dev up0; ip route add default via 192.0.2.2 dev up0 metric 100';

/** ADD, and what it makes. */
export const ADDS: readonly CniRow[] = [
  played(
    ['A1', 'the result lists the interface, its namespace and its address', SPEC.result],
    async (on, [a = '']) => {
      const end = await on.direct();
      const { interfaces = [], ips = [] } = on.said();
      const at = interfaces.findIndex(
        (one: { readonly sandbox?: string }) => one.sandbox === `/run/netns/${a}`,
      );
      return `${end}, ${interfaces[at]?.name}, ${ips[0]?.interface === at}, ${ips[0]?.address.startsWith(await addressOf(on, a))}`;
    },
    'ok, eth0, true, true',
  ),
  played(
    ['A2', 'two containers reach each other', SPEC.add],
    async (on, [a = '', b = '']) => {
      await inTurn(
        () => on.call('ADD', a),
        () => on.call('ADD', b),
      );
      return `${await on.reaches(a, await addressOf(on, b))} ${await on.reaches(b, await addressOf(on, a))}`;
    },
    'true true',
  ),
  played(
    ['A3', 'the container has a default route, and lo is up', SPEC.add],
    async (on, [a = '']) => {
      await on.direct();
      const routes = await on.sh(`ip -n ${a} route`);
      return `${routes.includes('default')}, ${(await on.sh(`ip -n ${a} -br link show lo`)).includes('UP')}`;
    },
    'true, true',
    {
      reference: 'true, false',
      why: 'runtimes set lo up themselves or by the loopback plugin; doing it twice harms nobody',
    },
  ),
  played(
    ['A4', 'dual stack in a container whose IPv6 is disabled', 'plugins, ipam.ConfigureIface'],
    async (on, [a = '']) => {
      await on.sh(
        `ip netns exec ${a} sh -c 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6; echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6'`,
      );
      return on.direct({ config: own(['10.91.0.0/24', 'fd00:91::/112'], 'dual4') });
    },
    'ok',
    notAsked(`${OWN_IPAM}; ipam.ConfigureIface enables IPv6 as well`),
  ),
  played(
    ['A5', 'IPv6 alone', SPEC.add],
    async (on, [a = '']) => {
      const end = await on.direct({ config: own(['fd00:92::/112'], 'six') });
      return `${end}, ${(await on.sh(`ip -n ${a} -6 route show default`)).includes('fe80::1')}`;
    },
    'ok, true',
    notAsked(OWN_IPAM),
  ),
  played(
    ['A6', 'ADD twice', SPEC.add],
    (on) =>
      inTurn(
        () => on.direct(),
        async () => ((await on.direct()).startsWith('code') ? 'refused' : 'ok'),
      ),
    'ok, refused',
  ),
  direct(
    ['A7', "the plugin's own namespace", 'libcni, skel: ErrInvalidNetNS'],
    { env: { CNI_NETNS: '/proc/self/ns/net' } },
    'code 8',
  ),
  played(
    [
      'A7b',
      "the plugin's own namespace, where the default route has a metric",
      'libcni, skel: ErrInvalidNetNS',
    ],
    async (on) => {
      await on.sh(HOST_ROUTE);
      const end = await on.direct({ env: { CNI_NETNS: '/proc/self/ns/net', CNI_IFNAME: 'eth7' } });
      return `${end}, ${(await on.sh('ip route get 8.8.8.8')).includes('via 192.0.2.2 dev up0')}`;
    },
    'code 8, true',
  ),
  played(
    ['A8', 'a second interface of another network', SPEC.add],
    async (on, [a = '']) =>
      `${await on.call('ADD', a)}, ${await on.call('ADD', a, second(on))}, ${await bothThere(on, a)}`,
    'ok, ok, eth0 true, net1 true',
  ),
  played(
    ['A9', 'a second interface of the same network', SPEC.add],
    async (on, [a = '']) =>
      `${await on.call('ADD', a)}, ${await on.call('ADD', a, { ifname: 'net1' })}, ${await bothThere(on, a)}`,
    'ok, ok, eth0 true, net1 true',
    {
      reference: 'ok, code 999, eth0 true, net1 true',
      why: 'more than once, if by another interface name; the reference lays its default route twice',
    },
  ),
  played(
    ['A10', "a second interface beside the bridge plugin's with a default route", SPEC.add],
    async (on, [a = '']) =>
      `${await on.call('ADD', a, { config: BRIDGE, name: 'bridged' })}, ${await on.call('ADD', a, second(on))}, ${await bothThere(on, a)}`,
    'ok, ok, eth0 true, net1 true',
  ),
  played(
    ['A10b', 'the first interface keeps the default route', SPEC.add],
    async (on, [a = '']) => {
      await inTurn(
        () => on.call('ADD', a),
        () => on.call('ADD', a, second(on)),
      );
      return (await on.sh(`ip -n ${a} route show default`)).match(/dev \S+/)?.[0] ?? 'none';
    },
    'dev eth0',
  ),
  played(
    ['A11', 'an interface of that name is there already', SPEC.add],
    async (on, [a = '']) => {
      await on.sh(`ip -n ${a} link add eth0 type bridge`);
      return `${await on.direct()}, ${await on.has(a)}`;
    },
    'code 102, true',
  ),
  direct(['A12', 'an interface of another name', SPEC.add], { env: { CNI_IFNAME: 'net1' } }, 'ok'),
  played(['A13', 'an MTU of 1400', SPEC.config], withMtu(1400), 'ok, mtu 1400'),
  played(['A14', 'an MTU of 9000', SPEC.config], withMtu(9000), 'ok, mtu 9000'),
  played(
    ['A16', 'a MAC address by capability', SPEC.conventions],
    async (on, [a = '']) =>
      `${await on.direct({ config: { runtimeConfig: { mac: MAC } } })}, ${(await macOf(on, a)) === MAC}`,
    'ok, true',
    { reference: 'ok, false', why: NO_MAC },
  ),
  played(
    ['A16b', 'a MAC address by CNI_ARGS', SPEC.args],
    async (on, [a = '']) =>
      `${await on.direct({ env: { CNI_ARGS: `MAC=${MAC}` } })}, ${(await macOf(on, a)) === MAC}`,
    'ok, true',
    { reference: 'code 999, false', why: `${NO_MAC}, and refuses the argument` },
  ),
  direct(
    ['A16c', 'a MAC address of many devices', SPEC.conventions],
    { config: { runtimeConfig: { mac: '01:00:00:00:00:01' } } },
    'code 7',
    { reference: 'ok', why: NO_MAC },
  ),
  direct(
    ['A17', 'ipMasq: true', `${SPEC.config}; ${SPEC.error} 2`],
    { config: { ipMasq: true } },
    'code 2',
    {
      reference: 'ok',
      why: 'ours writes no masquerade rule, and refuses by name what it does not do',
    },
  ),
  direct(['A17b', 'ipMasq: false', SPEC.config], { config: { ipMasq: false } }, 'ok'),
  direct(
    ['A17c', 'a capability that it does not have', `${SPEC.conventions}; ${SPEC.error} 2`],
    { config: { runtimeConfig: { bandwidth: { ingressRate: 1 } } } },
    'code 2',
    { reference: 'ok', why: 'a runtime that hands over a capability expects it to be carried out' },
  ),
  played(
    ['A18', 'dns of the configuration is in the result', SPEC.result],
    async (on) =>
      `${await on.direct({ config: { dns: { nameservers: ['10.0.0.10'] } } })}, ${JSON.stringify(on.said().dns)}`,
    'ok, {"nameservers":["10.0.0.10"]}',
  ),
  direct(
    ['A19', 'an MTU of 1280 with IPv6', SPEC.config],
    { config: { mtu: 1280, ...own(['fd00:93::/112'], 'mtu6') } },
    'ok',
    notAsked(OWN_IPAM),
  ),
  direct(
    ['A19b', 'an MTU of 1279 with IPv6', `${SPEC.error} 7`],
    { config: { mtu: 1279, ...own(['fd00:93::/112'], 'mtu6b') } },
    'code 7',
    notAsked(OWN_IPAM),
  ),
  direct(
    ['A19c', 'STATUS with an MTU of 1279 and IPv6', SPEC.status],
    { command: 'STATUS', config: { mtu: 1279, ...own(['fd00:93::/112'], 'mtu6c') } },
    'code 7',
    notAsked(OWN_IPAM),
  ),
  played(
    ['A20', 'thirty ADDs at once', SPEC.add],
    async (on) => {
      const line = `for i in $(seq 30); do ip netns add x$$-$i; done
for i in $(seq 30); do CNI_CONTAINERID=x$$-$i CNI_NETNS=/run/netns/x$$-$i "$PLUGIN" < "$CONFIG" | tr -d '\\n\\t ' & done | grep -o '"address":"[^"]*"' | sort -u | wc -l
for i in $(seq 30); do ip netns del x$$-$i; done`;
      return on.shell(line);
    },
    '30',
  ),
  played(
    ['A21', 'a result that cannot be printed is taken back', SPEC.add],
    async (on, [a = '']) => {
      const end = await on.shell('"$PLUGIN" < "$CONFIG" > /dev/full 2>/dev/null; echo $?');
      return `${end}, eth0 ${await on.has(a)}`;
    },
    '1, eth0 false',
    {
      reference: '1, eth0 true',
      why: 'a runtime that never reads a result never calls DEL for it',
    },
  ),
  played(
    ['A22', 'standard output is closed', SPEC.add],
    async (on, [a = '']) => {
      const end = await on.shell('"$PLUGIN" < "$CONFIG" >&- 2>/dev/null; echo $?');
      return `${end}, eth0 ${await on.has(a)}`;
    },
    '0, eth0 true',
    {
      note: 'Node, as Go, opens /dev/null in place of a closed standard output: the plugin cannot know',
    },
  ),
  played(
    ['A23', 'an address of IPv6 can be used at once', SPEC.add],
    async (on, [a = '']) => {
      await on.direct({ config: own(['fd00:94::/112'], 'dad') });
      return String(
        (await on.sh(`ip -n ${a} -6 address show dev eth0 scope global`)).includes('tentative'),
      );
    },
    'false',
    notAsked(OWN_IPAM),
  ),
  played(
    ['A24', 'the host forwards', 'plugins, ip.EnableForward'],
    async (on) => {
      await on.direct();
      return on.sh('cat /proc/sys/net/ipv4/ip_forward');
    },
    '1',
  ),
  played(
    ['A25', 'a refused ADD leaves no lease', SPEC.add],
    async (on, [, b = '']) => {
      const before = await on.direct({ env: { CNI_NETNS: '/run/netns/nowhere' } });
      await on.direct({ container: b, pool: '10.88.0.0/30' });
      return `${before}, ${on.said().ips?.length}`;
    },
    'code 4, 1',
    { reference: 'code 999, 1', why: 'specification 5: 4 is an invalid variable' },
  ),
];

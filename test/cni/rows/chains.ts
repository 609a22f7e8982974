import { addressOf, second } from './add';
import { type CniRow, direct, inTurn, type Play, played, SPEC } from './row';

const MAC = 'c2:11:22:33:44:66';

/** ADD, CHECK and DEL with plugins behind; what else is asked comes between. */
const chained =
  (chain: readonly object[], capabilities: object = {}): Play =>
  async (on, [a = '']) => {
    const more = { chain, capabilities };
    const turns = ['ADD', 'CHECK', 'DEL'].map((op) => () => on.call(op, a, more));
    return `${await inTurn(...turns)}, eth0 ${await on.has(a)}`;
  };

const tuned =
  (tuning: object, capabilities: object = {}): Play =>
  async (on, [a = '', b = '']) => {
    const more = { chain: [{ type: 'tuning', ...tuning }], capabilities };
    const ends = await inTurn(
      () => on.call('ADD', b),
      () => on.call('ADD', a, more),
      () => on.call('CHECK', a, more),
    );
    const mac = (await on.sh(`ip -n ${a} link show eth0`)).includes(MAC);
    return `${ends}, ${mac}, ${await on.reaches(b, await addressOf(on, a))}, ${await on.reaches(a, await addressOf(on, b))}`;
  };

/** Source based routing behind the interface of this name, which is the first or the second. */
const routed =
  (ifname: string): Play =>
  async (on, [a = '']) => {
    if (ifname !== 'eth0') await on.call('ADD', a);
    const more = { ...(ifname === 'eth0' ? {} : second(on)), chain: [{ type: 'sbr' }] };
    const added = await on.call('ADD', a, more);
    const checked = (await on.call('CHECK', a, more)) === 'ok' ? 'ok' : 'refused';
    return `${added}, ${checked}, ${await on.call('DEL', a, more)}`;
  };

const MAPPED = { portMappings: [{ hostPort: 8088, containerPort: 9, protocol: 'tcp' }] };
const portmap = (more: object = {}) => [
  { type: 'portmap', capabilities: { portMappings: true }, ...more },
];
const FINE = 'ok, ok, ok, eth0 false';

/** Plugins of the CNI project before and behind ours, through libcni. */
export const CHAINS: readonly CniRow[] = [
  played(
    ['X1', 'portmap behind, by iptables', SPEC.chain],
    chained(portmap({ backend: 'iptables' }), MAPPED),
    FINE,
  ),
  played(
    ['X1b', 'portmap behind, by nftables', SPEC.chain],
    chained(portmap({ backend: 'nftables' }), MAPPED),
    FINE,
  ),
  played(
    ['X1c', 'a port of the host leads to the container', SPEC.chain],
    async (on, [a = '', b = '']) => {
      await on.sh(
        'ip link add up0 type bridge; ip link set up0 up; ip address add 192.0.2.1/24 dev up0',
      );
      await on.call('ADD', b);
      await on.call('ADD', a, { chain: portmap({ backend: 'nftables' }), capabilities: MAPPED });
      await on.sh(
        `(ip netns exec ${a} "${process.execPath}" -e 'require("net").createServer((c) => c.end("mapped")).listen(9)' > /dev/null 2>&1 &) ; sleep 0.5`,
      );
      const heard = await on.sh(
        `ip netns exec ${b} timeout 2 bash -c 'exec 3<>/dev/tcp/192.0.2.1/8088 && cat <&3'`,
      );
      await on.sh(`kill $(ip netns pids ${a})`);
      return heard;
    },
    'mapped',
  ),
  played(
    ['X2', 'tuning changes the MAC address by capability', 'specification, Appendix: Examples'],
    tuned({ capabilities: { mac: true } }, { mac: MAC }),
    'ok, ok, ok, true, true, true',
  ),
  played(
    ['X3', 'tuning changes the MAC address by its configuration', SPEC.check],
    tuned({ mac: MAC }),
    'ok, ok, ok, true, true, true',
  ),
  played(
    ['X4', 'bandwidth behind', SPEC.chain],
    chained([
      {
        type: 'bandwidth',
        ingressRate: 1_000_000,
        ingressBurst: 1_000_000,
        egressRate: 1_000_000,
        egressBurst: 1_000_000,
      },
    ]),
    FINE,
  ),
  played(
    ['X5', 'firewall behind', SPEC.chain],
    chained([{ type: 'firewall', backend: 'iptables' }]),
    FINE,
  ),
  played(
    ['X6', 'tuning sets a sysctl', SPEC.chain],
    chained([{ type: 'tuning', sysctl: { 'net.ipv4.conf.IFNAME.arp_filter': '1' } }]),
    FINE,
  ),
  played(['X7', 'tuning sets the MTU', SPEC.chain], chained([{ type: 'tuning', mtu: 1300 }]), FINE),
  played(
    ['X7b', 'tuning sets promiscuous mode', SPEC.chain],
    chained([{ type: 'tuning', promisc: true }]),
    FINE,
  ),
  played(
    ['X8', 'a second network of loopback', SPEC.chain],
    async (on, [a = '']) => {
      const loopback = { name: 'lo', ifname: 'lo', config: { type: 'loopback', ipam: undefined } };
      return inTurn(
        () => on.call('ADD', a, loopback),
        () => on.call('ADD', a),
        () => on.call('CHECK', a),
        () => on.call('DEL', a),
        () => on.call('DEL', a, loopback),
      );
    },
    'ok, ok, ok, ok, ok',
  ),
  played(['X9', 'sbr behind', SPEC.chain], routed('eth0'), 'ok, refused, ok', {
    note: 'sbr moves the routes of the container to a table of its own, and the result does not say so; the reference refuses as well',
  }),
  played(['X9b', 'sbr behind a second interface', SPEC.chain], routed('net1'), 'ok, refused, ok', {
    note: 'as X9',
  }),
  played(
    ['X10', 'what came before stays in the result', SPEC.result],
    async (on) => {
      const prevResult = {
        cniVersion: '1.1.0',
        interfaces: [{ name: 'other0', mac: '02:00:00:00:00:09' }],
        ips: [{ address: '192.0.2.1/24', interface: 0 }],
      };
      const end = await on.direct({ config: { prevResult } });
      return `${end}, ${on.said().interfaces?.[0]?.name === 'other0'}, ${on.said().ips?.length}`;
    },
    'ok, true, 2',
    {
      reference: 'ok, false, 1',
      why: 'ptp makes an interface and drops what it was given; section 5 wants the whole of prevResult in the result',
    },
  ),
  played(
    ['X12', 'portmap and tuning behind', SPEC.chain],
    chained([...portmap({ backend: 'nftables' }), { type: 'tuning', mac: MAC }], MAPPED),
    FINE,
  ),
  played(
    ['X13', 'dns of the configuration, no dns in prevResult', SPEC.result],
    async (on) => {
      await on.direct({
        config: { dns: { nameservers: ['10.0.0.10'] }, prevResult: { cniVersion: '1.1.0' } },
      });
      return JSON.stringify(on.said().dns);
    },
    '{"nameservers":["10.0.0.10"]}',
  ),
  played(
    ['X13b', 'an empty dns in prevResult, as older libcni writes it', SPEC.result],
    async (on) => {
      await on.direct({
        config: {
          dns: { nameservers: ['10.0.0.10'] },
          prevResult: { cniVersion: '1.1.0', dns: {} },
        },
      });
      return JSON.stringify(on.said().dns);
    },
    '{"nameservers":["10.0.0.10"]}',
  ),
  played(
    ['X16', 'a plugin behind refuses: DEL takes all back', SPEC.chain],
    async (on, [a = '']) => {
      const more = { chain: [{ type: 'tuning', sysctl: { 'net.ipv4.nothing': '1' } }] };
      const added = (await on.call('ADD', a, more)) === 'ok' ? 'ok' : 'refused';
      return `${added}, ${await on.call('DEL', a, more)}, eth0 ${await on.has(a)}`;
    },
    'refused, ok, eth0 false',
  ),
  played(
    ['X17', 'GC through a chain', SPEC.gc],
    async (on, [a = '']) => {
      const more = { chain: [{ type: 'tuning', mac: MAC }] };
      await on.call('ADD', a, more);
      return `${await on.call('GC', a, { ...more, valid: [a] })}, eth0 ${await on.has(a)}`;
    },
    'ok, eth0 true',
  ),
  played(
    ['X18', 'STATUS through a chain', SPEC.status],
    (on, [a = '']) => on.call('STATUS', a, { chain: portmap() }),
    'ok',
  ),
  direct(
    ['X19', 'prevResult with null lists, as Go writes nil', SPEC.result],
    { config: { prevResult: { cniVersion: '1.1.0', interfaces: null, ips: null, routes: null } } },
    'ok',
  ),
];

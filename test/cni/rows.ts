import type { PluginHost } from './host';

/** One thing that a runtime does, what our plugin makes of it, and what ptp with host-local does. */
export interface CniRow {
  readonly what: string;
  readonly play: (on: PluginHost, containers: readonly string[]) => Promise<string>;
  readonly ours: string;
  /** Absent: the same as ours. */
  readonly reference?: string;
  /** Why ours is right where the two differ. */
  readonly why?: string;
}

type Play = CniRow['play'];

const lived =
  (version: string): Play =>
  async (on, [a = '']) => {
    const more = { version };
    const added = await on.call('ADD', a, more);
    const checked = await on.call('CHECK', a, more);
    const removed = await on.call('DEL', a, more);
    return `${added}, ${checked}, ${removed}, eth0 ${await on.has(a)}`;
  };

/** ADD, then what is done to the container, then CHECK. */
const checkedAfter =
  (damage: string): Play =>
  async (on, [a = '']) => {
    await on.call('ADD', a);
    const host = on.last().interfaces[0]?.name ?? '';
    await on.sh(damage.replaceAll('CONTAINER', a).replaceAll('HOST', host));
    const checked = await on.call('CHECK', a);
    return checked === 'ok' ? 'ok' : 'refused';
  };

const addedIn =
  (netns: string): Play =>
  (on, [a = '']) =>
    on.call('ADD', a, { netns });

const addressOf = async (on: PluginHost, container: string): Promise<string> =>
  (await on.addresses(container)).join(' ');

const CHAIN_MAC = [{ type: 'tuning', mac: 'c2:11:22:33:44:66' }];

export const ROWS: readonly CniRow[] = [
  ...['0.4.0', '1.0.0', '1.1.0'].map((version) => ({
    what: `ADD, CHECK, DEL in ${version}`,
    play: lived(version),
    ours: 'ok, ok, ok, eth0 false',
  })),
  ...['0.3.0', '0.3.1'].map((version) => ({
    what: `ADD and DEL in ${version}, which has no CHECK`,
    play: lived(version),
    ours: 'ok, code ?, ok, eth0 false',
  })),
  {
    what: 'two containers reach each other',
    play: async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      await on.call('ADD', b);
      return String(await on.reaches(a, await addressOf(on, b)));
    },
    ours: 'true',
  },
  {
    what: 'DEL twice, and for a container that never was',
    play: async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      return [await on.call('DEL', a), await on.call('DEL', a), await on.call('DEL', b)].join(', ');
    },
    ours: 'ok, ok, ok',
  },
  {
    what: 'DEL where the namespace is gone',
    play: async (on, [a = '']) => {
      await on.call('ADD', a);
      await on.sh(`ip netns del ${a}`);
      return on.call('DEL', a);
    },
    ours: 'ok',
  },
  {
    what: 'DEL where the host end has another name',
    play: async (on, [a = '']) => {
      await on.call('ADD', a);
      const host = on.last().interfaces[0]?.name ?? '';
      await on.sh(`ip link set ${host} down; ip link set ${host} name other`);
      return `${await on.call('DEL', a)}, eth0 ${await on.has(a)}`;
    },
    ours: 'ok, eth0 false',
  },
  {
    what: 'GC where nothing is alive',
    play: async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      await on.sh(`ip netns del ${a}`);
      const collected = await on.call('GC', a, { valid: [] });
      await on.sh(`ip netns add ${a}`);
      return `${collected}, ${await on.call('ADD', b)}`;
    },
    ours: 'ok, ok',
  },
  {
    what: 'GC keeps the living',
    play: async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      await on.call('ADD', b);
      const collected = await on.call('GC', a, { valid: [a, b] });
      return `${collected}, ${await on.has(a)}, ${await on.has(b)}`;
    },
    ours: 'ok, true, true',
  },
  {
    what: "ADD into the plugin's own namespace",
    play: async (on, containers) =>
      (await addedIn('/proc/self/ns/net')(on, containers)) === 'ok' ? 'ok' : 'refused',
    ours: 'refused',
  },
  {
    what: 'ADD into a namespace that is not there',
    play: addedIn('/run/netns/nowhere'),
    ours: 'code 4',
    reference: 'code 999',
    why: 'specification, section 5: code 4 is an invalid environment variable such as CNI_NETNS',
  },
  {
    what: 'ADD into a file',
    play: addedIn('/etc/hostname'),
    ours: 'code 4',
    reference: 'code 999',
    why: 'specification, section 5: code 4 is an invalid environment variable such as CNI_NETNS',
  },
  {
    what: 'CHECK of a container that is as it was left',
    play: checkedAfter('true'),
    ours: 'ok',
  },
  {
    what: 'CHECK where the address is gone',
    play: checkedAfter('ip -n CONTAINER address flush dev eth0'),
    ours: 'refused',
  },
  {
    what: 'CHECK where the default route is gone',
    play: checkedAfter('ip -n CONTAINER route del default'),
    ours: 'refused',
  },
  {
    what: 'CHECK where the interface is gone',
    play: checkedAfter('ip -n CONTAINER link del eth0'),
    ours: 'refused',
  },
  {
    what: 'CHECK where the MAC address is another',
    play: checkedAfter('ip -n CONTAINER link set eth0 address 02:00:00:00:00:99'),
    ours: 'refused',
  },
  {
    what: 'CHECK after something was added',
    play: checkedAfter('ip -n CONTAINER route add 198.51.100.0/24 dev eth0'),
    ours: 'ok',
  },
  {
    what: 'tuning changes the MAC address behind the plugin',
    play: async (on, [a = '', b = '']) => {
      await on.call('ADD', b);
      const added = await on.call('ADD', a, { chain: CHAIN_MAC });
      const checked = await on.call('CHECK', a, { chain: CHAIN_MAC });
      return `${added}, ${checked}, ${await on.reaches(b, await addressOf(on, a))}`;
    },
    ours: 'ok, ok, true',
  },
  {
    what: 'bandwidth behind the plugin',
    play: async (on, [a = '']) => {
      const chain = [{ type: 'bandwidth', ingressRate: 1_000_000, ingressBurst: 1_000_000 }];
      return `${await on.call('ADD', a, { chain })}, ${await on.call('DEL', a, { chain })}`;
    },
    ours: 'ok, ok',
  },
  {
    what: 'a pool that was changed',
    play: async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      const added = await on.call('ADD', b, { pool: '10.89.0.0/24' });
      return `${added}, ${(await addressOf(on, b)).replace(/\.\d+$/, '')}`;
    },
    ours: 'ok, 10.89.0',
  },
  {
    what: 'a released address is not given at once',
    play: async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      const first = await addressOf(on, a);
      await on.call('DEL', a);
      await on.call('ADD', b);
      return String((await addressOf(on, b)) === first);
    },
    ours: 'false',
  },
  {
    what: 'an address that the runtime requests',
    play: async (on, [a = '']) => {
      const capabilities = { ips: ['10.88.0.50/24'] };
      const config = { capabilities: { ips: true } };
      return `${await on.call('ADD', a, { capabilities, config })}, ${await addressOf(on, a)}`;
    },
    ours: 'ok, 10.88.0.50',
  },
  {
    what: 'an address outside the pool',
    play: async (on, [a = '']) => {
      const capabilities = { ips: ['192.168.9.9/24'] };
      const config = { capabilities: { ips: true } };
      return (await on.call('ADD', a, { capabilities, config })) === 'ok' ? 'ok' : 'refused';
    },
    ours: 'refused',
  },
  {
    what: 'an address that is requested by CNI_ARGS',
    play: async (on, [a = '']) => {
      const args = [['IP', '10.88.0.60']] as const;
      return `${await on.call('ADD', a, { args })}, ${await addressOf(on, a)}`;
    },
    ours: 'ok, 10.88.0.60',
  },
  {
    what: 'an unknown key in CNI_ARGS',
    play: async (on, [a = '']) =>
      (await on.call('ADD', a, { args: [['FOO', '1']] })) === 'ok' ? 'ok' : 'refused',
    ours: 'refused',
  },
  {
    what: 'a second interface beside the first',
    play: async (on, [a = '']) => {
      await on.call('ADD', a);
      const config = { ipam: { pools: ['10.90.0.0/24'], node: 'a', dataDir: '/run/second' } };
      const added = await on.call('ADD', a, { ifname: 'net1', name: 'second', config });
      return `${added}, ${await on.has(a, 'eth0')}, ${await on.has(a, 'net1')}`;
    },
    ours: 'ok, true, true',
    reference: 'not asked',
    why: 'the row names our own IPAM; ptp as a second interface without a default route works as well',
  },
  {
    what: "a foreign route to the pool's first address",
    play: async (on, [a = '', b = '']) => {
      await on.sh(
        'ip link add br9 type bridge; ip link set br9 up; ip route add 10.88.0.2 dev br9',
      );
      const added = [await on.call('ADD', a), await on.call('ADD', b)];
      return added.join(', ');
    },
    ours: 'ok, ok',
  },
  {
    what: 'a container without IPv6 in a dual-stack network',
    play: async (on, [a = '']) => {
      await on.sh(
        `ip netns exec ${a} sh -c 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6'`,
      );
      const config = {
        ipam: { pools: ['10.91.0.0/24', 'fd00:91::/112'], node: 'a', dataDir: '/run/dual' },
      };
      return on.call('ADD', a, { config });
    },
    ours: 'ok',
    reference: 'not asked',
    why: 'the row names our own IPAM; ipam.ConfigureIface of the reference enables IPv6 as well',
  },
  {
    what: 'STATUS of a pool with room',
    play: (on, [a = '']) => on.call('STATUS', a),
    ours: 'ok',
  },
  {
    what: 'an MTU that is a fraction',
    play: async (on, [a = '']) =>
      (await on.call('ADD', a, { config: { mtu: 1500.5 } })) === 'ok' ? 'ok' : 'refused',
    ours: 'refused',
  },
  ...['foo', 5, { nameservers: 'x' }].map((dns) => ({
    what: `dns of the wrong shape: ${JSON.stringify(dns)}`,
    play: (async (on, [a = '']) =>
      (await on.call('ADD', a, { config: { dns } }).catch(() => 'refused')) === 'ok'
        ? 'ok'
        : 'refused') as Play,
    ours: 'refused',
  })),
  {
    what: 'a version that nothing supports',
    play: async (on, [a = '']) =>
      (await on.call('ADD', a, { version: '2.0.0' })) === 'ok' ? 'ok' : 'refused',
    ours: 'refused',
  },
];

import { addressOf } from './add';
import { type CniRow, direct, inTurn, notAsked, type Play, played, SPEC } from './row';

const HOST_LOCAL = 'plugins, host-local';

/** Pools that cannot work: refused before anything is made. */
const POOLS: readonly (readonly [string, string])[] = [
  ['I2', '10.88.0.0/31'],
  ['I3', '10.88.0.0/32'],
  ['I8', 'ff05::/112'],
  ['I9', '::/112'],
  ['I10', '::ffff:10.0.0.0/120'],
  ['I11', 'fe80::/64'],
  ['I12', '169.254.1.0/24'],
  ['I13', '0.0.0.0/24'],
  ['I13b', '224.0.0.0/24'],
  ['I13c', '127.0.0.0/8'],
  ['I13d', '255.255.255.0/24'],
  ['I13e', '0.0.0.0/0'],
  ['I13f', 'x'],
  ['I13g', '10.88.0.0/33'],
  ['I13h', '10.88.0.0/08'],
];

/** What host-local gives although no container can live by it. */
const GIVEN: Readonly<Record<string, string>> = {
  I8: 'code 999, a device stays',
  I9: 'code 999, a device stays',
  I11: 'ok',
  I12: 'ok',
  I13: 'code 999, a device stays',
  I13b: 'code 999, a device stays',
  I13c: 'ok',
  I13d: 'ok',
  I13e: 'code 999, a device stays',
};

const given = (id: string) => {
  const reference = GIVEN[id];
  const why = 'host-local gives what the kernel refuses or does not route; ours refuses the pool';
  return reference === undefined ? {} : { reference, why };
};

const requested =
  (call: object): Play =>
  async (on, [a = '']) => {
    const end = await on.direct(call);
    return `${end}, ${(await addressOf(on, a)) || 'none'}`;
  };

const own = (ipam: object) => ({
  config: { ipam: { pools: ['10.88.0.0/24'], node: 'a', dataDir: '/run/own-$', ...ipam } },
});
const OURS = notAsked('the field is our own');
const IPAM_FIELD = notAsked('it is a field of host-local, which ours refuses by name');

let folders = 0;
/** A network of our own IPAM, with a store of its own. */
const fresh = (ipam: object) => {
  folders += 1;
  return own({ dataDir: `/run/own-${folders}`, ...ipam });
};

/** Addresses. */
export const ADDRESSES: readonly CniRow[] = [
  played(
    ['I1', 'the network address is not given', HOST_LOCAL],
    async (on, [a = '']) => `${await on.direct()}, ${(await addressOf(on, a)).endsWith('.0')}`,
    'ok, false',
  ),
  ...POOLS.map(([id, pool]) =>
    direct([id, `ADD from ${pool}`, `${SPEC.error} 7; RFC 6890`], { pool }, 'code 7', given(id)),
  ),
  ...POOLS.slice(0, 9).map(([id, pool]) =>
    direct(
      [`${id}s`, `STATUS of ${pool}`, `${SPEC.status}; RFC 6890`],
      { pool, command: 'STATUS' },
      'code 7',
      { reference: 'ok', why: 'ptp asks host-local, whose STATUS does not look at the range' },
    ),
  ),
  played(
    ['I4', 'a pool that is full', HOST_LOCAL],
    async (on, [, b = '', c = '']) => {
      const pool = '10.88.0.0/30';
      const turns = [b, c, c].map(
        (container, i) => () => on.direct({ pool, container, env: { CNI_IFNAME: `i${i}` } }),
      );
      return inTurn(...turns);
    },
    'ok, ok, code 101',
    {
      reference: 'ok, code 999, code 999',
      why: 'host-local keeps the first address for a gateway',
    },
  ),
  direct(['I6', 'a pool with host bits', SPEC.config], { pool: '10.88.0.1/24' }, 'code 7'),
  direct(
    ['I7', 'two pools of one family', SPEC.config],
    fresh({ pools: ['10.88.0.0/24', '10.89.0.0/24'] }),
    'code 7',
    OURS,
  ),
  played(
    ['I14', 'dual stack gives one address of each', SPEC.result],
    async (on) =>
      `${await on.direct(fresh({ pools: ['10.88.0.0/24', 'fd00:88::/112'] }))}, ${on.said().ips?.length}`,
    'ok, 2',
    OURS,
  ),
  played(
    ['I16', 'an address by the capability ips', SPEC.conventions],
    requested({ config: { runtimeConfig: { ips: ['10.88.0.50/24'] } } }),
    'ok, 10.88.0.50',
  ),
  played(
    ['I17', 'an address by CNI_ARGS IP', SPEC.args],
    requested({ env: { CNI_ARGS: 'IP=10.88.0.51' } }),
    'ok, 10.88.0.51',
  ),
  played(
    ['I18', 'an address by args.cni.ips', 'CONVENTIONS.md, args in network config'],
    requested({ config: { args: { cni: { ips: ['10.88.0.52'] } } } }),
    'ok, 10.88.0.52',
  ),
  played(
    ['I19', 'an address outside the pool', HOST_LOCAL],
    requested({ config: { runtimeConfig: { ips: ['192.168.9.9/24'] } } }),
    'code 7, none',
  ),
  played(
    ['I19b', 'an address outside by CNI_ARGS', HOST_LOCAL],
    requested({ env: { CNI_ARGS: 'IP=192.168.9.9' } }),
    'code 7, none',
  ),
  direct(
    ['I20.0', 'ipam.routes', `${SPEC.ipam}; ${SPEC.error} 2`],
    fresh({ routes: [{ dst: '0.0.0.0/0' }] }),
    'code 2',
    IPAM_FIELD,
  ),
  direct(
    ['I20.1', 'ipam.gateway', `${SPEC.ipam}; ${SPEC.error} 2`],
    fresh({ gateway: '10.88.0.1' }),
    'code 2',
    IPAM_FIELD,
  ),
  direct(
    ['I20.2', 'ipam.rangeStart', `${SPEC.ipam}; ${SPEC.error} 2`],
    fresh({ rangeStart: '10.88.0.9' }),
    'code 2',
    IPAM_FIELD,
  ),
  direct(
    ['I21', 'an unknown key in CNI_ARGS', 'libcni, types.LoadArgs'],
    { env: { CNI_ARGS: 'FOO=1' } },
    'code 4',
  ),
  played(
    ['I22', 'a released address is not given at once', HOST_LOCAL],
    async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      const first = await addressOf(on, a);
      await inTurn(
        () => on.call('DEL', a),
        () => on.call('ADD', b),
      );
      return String((await addressOf(on, b)) === first);
    },
    'false',
  ),
  played(
    ['I23', "the host's own address is not given", HOST_LOCAL],
    async (on, [a = '']) => {
      await on.sh(
        'ip link add up0 type bridge; ip link set up0 up; ip address add 10.88.0.1/24 dev up0',
      );
      return `${await on.direct()}, ${(await addressOf(on, a)) === '10.88.0.1'}`;
    },
    'ok, false',
  ),
  played(
    ['I24', 'a foreign route of the host to the first address', SPEC.status],
    async (on, [a = '', b = '']) => {
      await on.sh(
        'ip link add up0 type bridge; ip link set up0 up; ip route add 10.88.0.1/32 dev up0; ip route add 10.88.0.2/32 dev up0',
      );
      return inTurn(
        () => on.direct({ container: a }),
        () => on.direct({ container: b }),
        () => on.direct({ command: 'STATUS' }),
      );
    },
    'ok, ok, ok',
  ),
  played(
    ['I25', 'an address that is excluded', 'PLUGIN.md, ipam.exclude'],
    async (on, [a = '']) =>
      `${await on.direct(fresh({ exclude: ['10.88.0.1', '10.88.0.2/31'] }))}, ${await addressOf(on, a)}`,
    'ok, 10.88.0.4',
    OURS,
  ),
  direct(
    ['I26', 'a request for an address that is excluded', 'PLUGIN.md, ipam.exclude'],
    { env: { CNI_ARGS: 'IP=10.88.0.1' }, ...fresh({ exclude: ['10.88.0.1'] }) },
    'code 7',
    OURS,
  ),
  direct(
    ['I26b', 'an exclusion outside the pools', 'PLUGIN.md, ipam.exclude'],
    fresh({ exclude: ['10.9.0.1'] }),
    'code 7',
    OURS,
  ),
  played(
    ['I28', 'a pool that was changed while a container of the old one lives', HOST_LOCAL],
    async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      const end = await on.call('ADD', b, { pool: '10.89.0.0/24' });
      const address = await addressOf(on, b);
      return `${end}, ${address.replace(/\.\d+$/, '')}, ${address.endsWith('.0')}`;
    },
    'ok, 10.89.0, false',
  ),
  played(
    ['I29', 'two nodes of one store with other block sizes', 'PLUGIN.md, ipam.blockPrefix'],
    async (on, [a = '', b = '']) => {
      const ends = await inTurn(
        () =>
          on.direct({ container: a, ...own({ dataDir: '/run/i29', blockPrefix: 26, node: 'a' }) }),
        () =>
          on.direct({ container: b, ...own({ dataDir: '/run/i29', blockPrefix: 24, node: 'b' }) }),
      );
      return `${ends}, ${(await on.sh('cat /run/i29/net.json')).match(/"blocks":\{[^}]*\}/)?.[0]}`;
    },
    'ok, code 101, "blocks":{"10.88.0.0/26":"a"}',
    OURS,
  ),
  played(
    ['I30', 'two nodes of one store own blocks of their own', 'PLUGIN.md, ipam.node'],
    async (on, [a = '', b = '']) => {
      await inTurn(
        () => on.direct({ container: a, ...own({ dataDir: '/run/i30', node: 'a' }) }),
        () => on.direct({ container: b, ...own({ dataDir: '/run/i30', node: 'b' }) }),
      );
      return `${await addressOf(on, a)} ${await addressOf(on, b)}`;
    },
    '10.88.0.1 10.88.0.64',
    OURS,
  ),
  direct(['I31', 'a block prefix of 99', SPEC.config], fresh({ blockPrefix: 99 }), 'code 7', OURS),
  direct(['I31b', 'a node that is a number', SPEC.config], fresh({ node: 5 }), 'code 7', OURS),
  direct(
    ['I31c', 'no pools', SPEC.config],
    { config: { ipam: { dataDir: '/run/none' } } },
    'code 7',
    OURS,
  ),
  played(
    ['I32', 'a request for an address that is taken', HOST_LOCAL],
    async (on, [, b = '']) => {
      const env = { CNI_ARGS: 'IP=10.88.0.60' };
      return inTurn(
        () => on.direct({ env }),
        () => on.direct({ env, container: b }),
      );
    },
    'ok, code 101',
  ),
  direct(
    ['I33', 'a request for the network address', HOST_LOCAL],
    { env: { CNI_ARGS: 'IP=10.88.0.0' } },
    'code 7',
  ),
  direct(
    ['I34', 'a request for a family that no pool has', HOST_LOCAL],
    { env: { CNI_ARGS: 'IP=fd00::9' } },
    'code 7',
  ),
  direct(
    ['I35', 'a request for two addresses of one family', HOST_LOCAL],
    { config: { runtimeConfig: { ips: ['10.88.0.8', '10.88.0.9'] } } },
    'code 7',
  ),
  direct(
    ['I36', 'a request that is no address', HOST_LOCAL],
    { config: { runtimeConfig: { ips: ['x'] } } },
    'code 7',
  ),
  played(
    ['I37', 'a lease survives a store that is written anew', HOST_LOCAL],
    async (on, [a = '', b = '']) => {
      await inTurn(
        () => on.direct(),
        () => on.direct({ container: b }),
      );
      const before = await addressOf(on, a);
      await inTurn(
        () => on.direct({ command: 'DEL', container: b }),
        () => on.direct({ container: b }),
      );
      return String(before === (await addressOf(on, a)) && before !== (await addressOf(on, b)));
    },
    'true',
  ),
];

import { type CniRow, direct, inTurn, notAsked, played, SPEC } from './row';

const gc = (valid: unknown) => ({ command: 'GC', config: { 'cni.dev/valid-attachments': valid } });

/** GC with these entries where one container is alive: how it ends, and whether the container stays. */
const withEntries = (
  id: string,
  what: string,
  valid: (a: string) => unknown,
  ours: string,
  more = {},
): CniRow =>
  played(
    [id, what, SPEC.gc],
    async (on, [a = '']) => {
      await on.direct();
      const end = await on.direct(gc(valid(a)));
      return `${end}, eth0 ${await on.has(a)}`;
    },
    ours,
    more,
  );

const NO_GC =
  'ptp and host-local 1.7.1 have no GC and succeed (FIXME in their sources); libcni calls DEL for what it knows';

/** GC and STATUS. */
export const COLLECTIONS: readonly CniRow[] = [
  played(
    ['G1', 'GC keeps the living', SPEC.gc],
    async (on, [a = '', b = '']) => {
      await inTurn(
        () => on.call('ADD', a),
        () => on.call('ADD', b),
      );
      return `${await on.call('GC', a, { valid: [a, b] })}, ${await on.has(a)}, ${await on.has(b)}`;
    },
    'ok, true, true',
  ),
  played(
    ['G2', 'libcni says that nothing is alive (null)', 'libcni, GCNetworkList'],
    async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      await on.sh(`ip netns del ${a}`);
      const end = await on.call('GC', a, { valid: [] });
      await on.sh(`ip netns add ${a}`);
      return `${end}, ${await on.call('ADD', b)}`;
    },
    'ok, ok',
  ),
  played(
    ['G3', 'libcni sends no list at all (nil)', 'libcni, GCNetworkList'],
    async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      const end = await on.call('GC-NIL', a);
      return `${end === 'ok' ? 'ok' : 'refused'}, eth0 ${await on.has(a)}, ${await on.call('ADD', b)}`;
    },
    'refused, eth0 false, ok',
    {
      reference: 'ok, eth0 false, ok',
      why: 'the specification requires the list; ours takes a list that is missing for no answer',
      note: 'libcni has called DEL for each interface before, so nothing is lost by the refusal',
    },
  ),
  played(
    ['G4', 'GC frees the address of a container that is gone', SPEC.gc],
    async (on, [, b = '', c = '']) => {
      const pool = '10.88.0.0/29';
      const ids = ['e1', 'e2', 'e3', 'e4', 'e5', 'e6'];
      for (const id of ids)
        await on.direct({ pool, container: b, env: { CNI_CONTAINERID: id, CNI_IFNAME: id } });
      const full = await on.direct({ pool, container: c });
      const end = await on.direct({ ...gc([]), pool });
      return `${full.startsWith('code')}, ${end}, ${await on.direct({ pool, container: c })}`;
    },
    'true, ok, ok',
    notAsked('one container cannot have six interfaces of ptp: each lays the default route'),
  ),
  withEntries('G5', 'GC with texts', (a) => [`${a}/eth0`], 'code 7, eth0 true', {
    reference: 'ok, eth0 true',
    why: NO_GC,
  }),
  withEntries('G5b', 'GC with numbers', () => [5], 'code 7, eth0 true', {
    reference: 'ok, eth0 true',
    why: NO_GC,
  }),
  withEntries(
    'G6',
    'GC with containerId in other letters',
    (a) => [{ containerId: a, IfName: 'eth0' }],
    'ok, eth0 true',
  ),
  played(
    ['G7', 'GC of one network where another gave an interface of the same names', SPEC.gc],
    async (on, [a = '']) => {
      const first = {
        name: 'first',
        ipam: { pools: ['10.93.0.0/24'], node: 'a', dataDir: '/run/g7' },
      };
      await on.direct({ config: first });
      await on.sh(`ip netns del ${a}; ip netns add ${a}`);
      const second = await on.direct();
      const end = await on.direct({
        ...gc([]),
        config: { ...first, 'cni.dev/valid-attachments': [] },
      });
      return `${second}, ${end}, eth0 ${await on.has(a)}`;
    },
    'ok, ok, eth0 true',
    notAsked('the row names our own IPAM'),
  ),
  direct(
    ['G8', 'GC of 1.0.0', SPEC.gc],
    { command: 'GC', config: { cniVersion: '1.0.0', 'cni.dev/valid-attachments': [] } },
    'ok',
    {
      reference: 'code 1',
      why: 'runtimes never ask; a person who tries it by hand in a lab gets an answer',
      note: 'GC is of 1.1.0',
    },
  ),
  direct(
    ['G8b', 'STATUS of 1.0.0', SPEC.status],
    { command: 'STATUS', config: { cniVersion: '1.0.0' } },
    'ok',
    {
      reference: 'code 1',
      why: 'runtimes never ask; a person who tries it by hand in a lab gets an answer',
      note: 'STATUS is of 1.1.0',
    },
  ),
  direct(['G9', 'STATUS of a pool with room', SPEC.status], { command: 'STATUS' }, 'ok'),
  played(
    ['G10', 'STATUS of a pool that is full', `${SPEC.status}; ${SPEC.error} 50`],
    async (on, [, b = '']) => {
      const pool = '10.88.0.0/30';
      await inTurn(
        () => on.direct({ pool }),
        () => on.direct({ pool, container: b }),
      );
      return on.direct({ command: 'STATUS', pool });
    },
    'code 50',
    {
      reference: 'ok',
      why: 'STATUS fails where an ADD would: "error if the plugin is not able to service ADD requests"',
    },
  ),
  played(
    ['G11', 'STATUS where the store cannot be made', SPEC.status],
    (on) =>
      on.direct({
        command: 'STATUS',
        config: { ipam: { pools: ['10.88.0.0/24'], dataDir: '/proc/none/data' } },
      }),
    'code 5',
    notAsked('the store is this plugin’s own'),
  ),
  played(
    ['G12', 'STATUS without CAP_NET_ADMIN', SPEC.status],
    async (on) =>
      `${await on.shell('setpriv --bounding-set=-net_admin --inh-caps=-net_admin "$PLUGIN" < "$CONFIG"; echo $?', { command: 'STATUS' })}`,
    '0',
    { note: 'the reference says ready as well; runtimes run as root' },
  ),
  withEntries('G13', 'GC with an empty list', () => [], 'ok, eth0 false', {
    reference: 'ok, eth0 true',
    why: NO_GC,
  }),
  direct(['G14', 'GC where nothing was ever added', SPEC.gc], gc([]), 'ok'),
  withEntries('G15', 'GC with an object in place of the list', () => ({}), 'code 7, eth0 true', {
    reference: 'ok, eth0 true',
    why: NO_GC,
  }),
  withEntries(
    'G16',
    'GC with an entry without ifname',
    (a) => [{ containerID: a }],
    'code 7, eth0 true',
    { reference: 'ok, eth0 true', why: NO_GC },
  ),
  played(
    ['G17', 'GC with the older key cni.dev/attachments', 'libcni, #1101'],
    async (on, [a = '']) => {
      await on.direct();
      const valid = [{ containerID: a, ifname: 'eth0' }];
      return `${await on.direct({ command: 'GC', config: { 'cni.dev/attachments': valid } })}, eth0 ${await on.has(a)}`;
    },
    'ok, eth0 true',
  ),
  played(
    ['G18', 'GC where a lease is of another interface of a living container', SPEC.gc],
    async (on, [a = '']) => {
      await on.direct();
      const valid = [{ containerID: a, ifname: 'net1' }];
      return `${await on.direct(gc(valid))}, eth0 ${await on.has(a)}`;
    },
    'ok, eth0 false',
    { reference: 'ok, eth0 true', why: NO_GC },
  ),
  direct(
    ['G19', 'STATUS with a configuration that is invalid', SPEC.status],
    { command: 'STATUS', config: { name: '' } },
    'code 7',
  ),
  direct(['G20', 'GC without its list', SPEC.gc], { command: 'GC' }, 'code 7', {
    reference: 'ok',
    why: 'the list is required; a list that is missing is no answer',
  }),
];

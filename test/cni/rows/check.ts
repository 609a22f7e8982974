import type { PluginHost } from '../host';
import { addressOf } from './add';
import { type CniRow, direct, inTurn, type Play, played, SPEC } from './row';

/** ADD, then what is done to the container, then CHECK with what libcni kept. */
const after =
  (damage: string): Play =>
  async (on, [a = '']) => {
    await on.call('ADD', a);
    const host = on.last().interfaces[0]?.name ?? '';
    const said = await on.sh(
      `set -e; ${damage.replaceAll('CONTAINER', a).replaceAll('HOST', host)}`,
    );
    if (said !== '') return said;
    return (await on.call('CHECK', a)) === 'ok' ? 'ok' : 'refused';
  };

const DAMAGES: readonly (readonly [string, string, string])[] = [
  ['C2', 'the address is gone', 'ip -n CONTAINER address flush dev eth0'],
  [
    'C3',
    'the address is another',
    'ip -n CONTAINER address flush dev eth0; ip -n CONTAINER address add 192.0.2.77/32 dev eth0; ip -n CONTAINER route replace default dev eth0',
  ],
  ['C4', 'the default route is gone', 'ip -n CONTAINER route del default'],
  ['C5', 'the interface is gone', 'ip -n CONTAINER link del eth0'],
  ['C6', 'the interface is down', 'ip -n CONTAINER link set eth0 down'],
  ['C7', 'the MAC address is another', 'ip -n CONTAINER link set eth0 address 02:00:00:00:00:99'],
  ['C8', 'the host has no route to it', 'ip route flush dev HOST'],
  ['C9', 'the host end is down', 'ip link set HOST down'],
  ['C10', 'the host end is gone', 'ip link del HOST'],
  [
    'C16',
    'the host end has another name',
    'ip link set HOST down; ip link set HOST name other; ip link set other up',
  ],
  ['C19', 'the host end has no address', 'ip address flush dev HOST'],
];

/** What the reference does not see. */
const HOST_END = 'ADD made the host end, and without it or its route nobody reaches the container';
const BLIND: Readonly<Record<string, string>> = {
  C8: HOST_END,
  C9: HOST_END,
  C16: HOST_END,
  C17: HOST_END,
  C19: HOST_END,
};

const blind = (id: string) => {
  const why = BLIND[id];
  return why === undefined ? {} : { reference: 'ok', why };
};

/** CHECK with a result that is not what ADD answered. */
const withResult =
  (change: (result: PluginHost['said'] extends () => infer R ? R : never) => object): Play =>
  async (on) => {
    await on.direct();
    const prevResult = change(on.said());
    return (await on.direct({ command: 'CHECK', config: { prevResult } })).startsWith('code')
      ? 'refused'
      : 'ok';
  };

// biome-ignore lint/suspicious/noExplicitAny: results are read as JSON
const end = (change: object) => (r: any) => {
  const at = r.interfaces.findIndex(
    (one: { readonly sandbox?: string }) => one.sandbox !== undefined,
  );
  return {
    ...r,
    interfaces: r.interfaces.map((one: object, i: number) =>
      i === at ? { ...one, ...change } : one,
    ),
  };
};

const RESULTS: readonly (readonly [string, string, Parameters<typeof withResult>[0]])[] = [
  ['C21', 'is empty', (r) => ({ cniVersion: r.cniVersion })],
  [
    'C22',
    'has another address',
    (r) => ({ ...r, ips: [{ ...r.ips[0], address: '10.88.0.99/32' }] }),
  ],
  ['C23.0', 'has another interface', end({ name: 'eth9' })],
  ['C23.1', 'has another MAC address', end({ mac: '02:00:00:00:00:77' })],
  ['C23.2', 'has another namespace', end({ sandbox: '/run/netns/other' })],
  [
    'C24',
    'has a route that is not there',
    (r) => ({ ...r, routes: [...(r.routes ?? []), { dst: '10.9.0.0/16', gw: '169.254.1.1' }] }),
  ],
];

const LIMIT =
  'specification 2, CHECK asks for interfaces and addresses; the reference does not see it either';

/** CHECK. */
export const CHECKS: readonly CniRow[] = [
  played(['C1', 'CHECK of a container as it was left', SPEC.check], after(':'), 'ok'),
  ...DAMAGES.map(([id, what, damage]) =>
    played([id, `CHECK where ${what}`, SPEC.check], after(damage), 'refused', blind(id)),
  ),
  played(
    ['C11', 'CHECK after an address and a route were added', SPEC.check],
    after(
      'ip -n CONTAINER address add 192.0.2.9/24 dev eth0; ip -n CONTAINER route add 198.51.100.0/24 dev eth0',
    ),
    'ok',
  ),
  direct(
    ['C12', 'CHECK of a container that never was', SPEC.check],
    { command: 'CHECK', config: { prevResult: { cniVersion: '1.1.0', interfaces: [], ips: [] } } },
    'code 103',
  ),
  played(
    ['C13', 'CHECK after DEL', SPEC.check],
    async (on) => {
      await on.direct();
      const prevResult = on.said();
      await on.direct({ command: 'DEL', config: { prevResult } });
      return (await on.direct({ command: 'CHECK', config: { prevResult } })).startsWith('code')
        ? 'refused'
        : 'ok';
    },
    'refused',
  ),
  played(
    ['C14', 'CHECK without prevResult', SPEC.check],
    (on) =>
      inTurn(
        () => on.direct(),
        () => on.direct({ command: 'CHECK' }),
      ),
    'ok, code 7',
  ),
  played(
    ['C17', 'CHECK where the host end is in another namespace', SPEC.check],
    async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      await on.sh(`ip link set ${on.last().interfaces[0]?.name} netns ${b}`);
      return (await on.call('CHECK', a)) === 'ok' ? 'ok' : 'refused';
    },
    'refused',
    blind('C17'),
  ),
  played(
    ['C18', 'CHECK repairs nothing', SPEC.check],
    async (on, [a = '']) => {
      await on.call('ADD', a);
      await on.sh(`ip -n ${a} route del default`);
      await on.call('CHECK', a);
      return (await on.sh(`ip -n ${a} route show default`)) || 'no route';
    },
    'no route',
  ),
  ...RESULTS.map(([id, what, change]) =>
    played(
      [id, `CHECK with a prevResult that ${what}`, SPEC.check],
      withResult(change),
      'refused',
      blind(id),
    ),
  ),
  played(
    ['C25', 'CHECK twice', SPEC.check],
    async (on, [a = '']) =>
      inTurn(
        () => on.call('ADD', a),
        () => on.call('CHECK', a),
        () => on.call('CHECK', a),
      ),
    'ok, ok, ok',
  ),
  played(
    ['C26', 'CHECK with the namespace of another container', SPEC.check],
    async (on, [a = '', b = '']) => {
      await inTurn(
        () => on.call('ADD', a),
        () => on.call('ADD', b),
      );
      const end = await on.call('CHECK', a, { netns: `/run/netns/${b}` });
      return `${end === 'ok' ? 'ok' : 'refused'}, ${(await addressOf(on, a)) !== ''}`;
    },
    'refused, true',
  ),
  played(
    ['C27', 'CHECK where the MTU is another', SPEC.check],
    after('ip -n CONTAINER link set eth0 mtu 1300'),
    'ok',
    { note: LIMIT },
  ),
  played(
    ['C28', 'CHECK where a policy rule leads elsewhere', SPEC.check],
    after('ip -n CONTAINER rule add from all lookup 77 priority 5'),
    'ok',
    { note: LIMIT },
  ),
  played(
    ['C29', 'CHECK where the host does not forward', SPEC.check],
    after('echo 0 > /proc/sys/net/ipv4/ip_forward'),
    'ok',
    { note: LIMIT },
  ),
];

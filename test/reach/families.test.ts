import { familyOf } from '../../lib/model/address';
import { flow, namespace, node, pod, service } from '../build/manifests';
import { worldOf } from '../build/world-of';
import { judged } from './verdict-and-rules';

const twice = (object: object, ...addresses: readonly string[]): object => ({
  ...object,
  status: { phase: 'Running', podIPs: addresses.map((ip) => ({ ip })) },
});

const both = (name: string, ...addresses: readonly string[]): object => ({
  ...node(name, addresses[0] ?? ''),
  status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
});

const door = (name: string, nodePort: number, spec: object): object =>
  service(`shop/${name}`, {
    port: 80,
    type: 'NodePort',
    selector: { app: 'web' },
    ...spec,
    ports: [{ port: 80, nodePort }],
  });

/** Everybody has both families; Services have one each, or both. */
const cluster = [
  namespace('shop'),
  both('a', '10.1.0.1', '2001:db8::1'),
  both('b', '10.1.0.2', '2001:db8::2'),
  twice(pod('shop/client', { node: 'a' }), '10.0.0.9', '2001:db8:1::9'),
  twice(pod('shop/four', { node: 'a' }), '10.0.0.8'),
  twice(pod('shop/web', { labels: { app: 'web' }, node: 'b' }), ...['10.0.0.10', '2001:db8:1::10']),
  door('four', 30004, { clusterIP: '172.20.0.4', clusterIPs: ['172.20.0.4'] }),
  door('six', 30006, { clusterIP: 'fd00:20::6', clusterIPs: ['fd00:20::6'] }),
  door('pair', 30046, { clusterIP: '172.20.0.46', clusterIPs: ['172.20.0.46', 'fd00:20::46'] }),
];

const OPEN = [
  'allowed',
  'network-policy egress not-isolated default',
  'network-policy ingress not-isolated default',
];

test.each([
  // kube-proxy's proxier of a family passes over Services that have no address of it.
  ['a node port of its own family', 'shop/client', 'ip:10.1.0.1', 30004, OPEN],
  [
    'a node port of the other family: nobody listens',
    'shop/client',
    'ip:2001:db8::1',
    30004,
    ['unknown'],
  ],
  ['the same the other way round', 'shop/client', 'ip:10.1.0.1', 30006, ['unknown']],
  ['and with both families both are open', 'shop/client', 'ip:2001:db8::2', 30046, OPEN],
  ['by name the first address that both sides have', 'shop/client', 'svc:shop/pair', 80, OPEN],
  ['a caller without the family', 'shop/four', 'svc:shop/six', 80, ['no-route', 'shop/six']],
  ['its cluster address', 'shop/client', 'ip:fd00:20::46', 80, OPEN],
] as const)('%s', (_, from, to, port, expected) => {
  const [verdict, ...by] = judged(cluster, flow(from, to, port));
  const told = expected.length === 0 ? ['allowed'] : expected;
  expect(verdict).toBe(told[0]);
  if (expected.length === 0)
    expect(by).not.toContain('network-policy ingress not-isolated default');
  if (expected.length === 2) expect(by).toEqual([`route egress ${expected[1]} default`]);
  if (expected.length === 3) expect(by).toEqual(expected.slice(1));
});

const behind = (name: string, spec: object): readonly number[] => {
  const world = worldOf([...cluster, service(`shop/${name}`, { port: 80, ...spec })]);
  const found = world.services.find((one) => one.name === name);
  return found?.ports.flatMap(({ backends }) => backends.map((b) => familyOf(b.address))) ?? [];
};

/** Kubernetes, "IPv4/IPv6 dual-stack": slices are made for a Service's own families. */
test.each([
  ['a Service of one address', { clusterIP: 'fd00:20::7', clusterIPs: ['fd00:20::7'] }, [6]],
  ['of both', { clusterIP: '172.20.0.7', clusterIPs: ['172.20.0.7', 'fd00:20::7'] }, [4, 6]],
  ['a headless one has the cluster’s first', { clusterIP: 'None' }, [4]],
  ['unless it names them', { clusterIP: 'None', ipFamilies: ['IPv6', 'IPv4'] }, [4, 6]],
])('backends of %s', (_, spec, families) => {
  expect(behind('more', { ...spec, selector: { app: 'web' } })).toEqual(families);
});

test('pods of IPv6 alone: what is given out is of that family, and so is the internet', () => {
  const six = twice(pod('shop/six', { node: 'a' }), '2001:db8:1::5');
  const world = worldOf([namespace('shop'), six, pod('shop/new'), service('shop/s', { port: 80 })]);
  const given = [
    ...world.pods.flatMap(({ addresses }) => addresses),
    ...world.nodes.flatMap(({ addresses }) => addresses),
    ...world.services.flatMap(({ clusterIps }) => clusterIps),
  ];
  expect(new Set(given.map(familyOf))).toEqual(new Set([6]));
  expect(world.serviceCidr).toEqual({ address: 'fd00:20::', prefix: 108 });
  expect(world.outside[0]?.addresses).toEqual(['203.0.113.10', '2001:db8:ffff::10']);
});

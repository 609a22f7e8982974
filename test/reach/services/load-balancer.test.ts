import { ip } from '../../../lib/model/address';
import type { Flow, FlowEnd, Protocol } from '../../../lib/model/flow';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { readWorld } from '../../../lib/read/world';
import { admit, balancedService as service } from '../../build/balanced';
import { worldOf } from '../../build/world-of';
import { labTemplates } from '../../lab-templates';

const templates = labTemplates({ lab: 'aws-4-load-balancers', size: 'production' });
const pod = (name: string, node: string, labels = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels },
  spec: { nodeName: node, containers: [{ name: 'main', image: 'none' }] },
});

const IP = { 'nlb-target-type': 'ip' };
const INSTANCE = { 'nlb-target-type': 'instance' };
const PUBLIC = { scheme: 'internet-facing' };
const KEPT = { 'target-group-attributes': 'preserve_client_ip.enabled=true' };

const CROSSING = { attributes: 'load_balancing.cross_zone.enabled=true' };

const SERVICES: readonly object[] = [
  service('ip-internal', IP),
  service('ip-public', { ...IP, ...PUBLIC }),
  service('ip-public-kept', { ...IP, ...PUBLIC, ...KEPT }),
  service('node-internal', { ...INSTANCE, ...CROSSING }),
  service('node-public', { ...INSTANCE, ...PUBLIC, ...CROSSING }),
  service('node-public-local', { ...INSTANCE, ...PUBLIC }, { externalTrafficPolicy: 'Local' }),
  service('named', { ...IP, 'security-groups': 'load-balancers' }),
  service('ip-internal-kept', { ...IP, ...KEPT }),
  service('node-internal-local', INSTANCE, { externalTrafficPolicy: 'Local' }),
  service('ip-crossing', { ...IP, ...CROSSING }),
  service('node-zonal', INSTANCE),
  service('ranged', { ...IP, ...PUBLIC }, { loadBalancerSourceRanges: ['192.0.2.0/24'] }),
];

const ingress = (name: string, told: Readonly<Record<string, string>>): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: {
    name,
    namespace: 'shop',
    annotations: Object.fromEntries(
      Object.entries(told).map(([k, v]) => [`alb.ingress.kubernetes.io/${k}`, v]),
    ),
  },
  spec: {
    ingressClassName: 'alb',
    defaultBackend: { service: { name: 'plain', port: { number: 80 } } },
  },
});

/** Of a group one Ingress has the default backend; the others have rules. */
const withRule = (one: object): object => ({
  ...one,
  spec: {
    ingressClassName: 'alb',
    rules: [
      {
        http: {
          paths: [
            {
              path: '/two',
              pathType: 'Prefix',
              backend: { service: { name: 'plain', port: { number: 80 } } },
            },
          ],
        },
      },
    ],
  },
});

const INGRESSES: readonly object[] = [
  { ...service('plain', {}, { type: 'NodePort' }) },
  ingress('door', { scheme: 'internet-facing', 'target-type': 'ip' }),
  ingress('one', { 'group.name': 'shared', 'listen-ports': '[{"HTTP": 80}, {"HTTP": 8080}]' }),
  withRule(
    ingress('two', { 'group.name': 'shared', 'listen-ports': '[{"HTTP": 80}, {"HTTP": 8080}]' }),
  ),
];

function world(...policies: readonly object[]): World {
  const pods = [
    pod('web', 'node-a', { app: 'web' }),
    pod('client', 'node-b'),
    pod('near', 'node-a'),
  ];
  const text = [...pods, ...SERVICES, ...INGRESSES, ...policies]
    .map((m) => JSON.stringify(m))
    .join('\n---\n');
  const reading = readWorld({ manifests: [{ path: 'lb.yaml', text }], templates });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.value;
}

const INTERNET: FlowEnd = { kind: 'internet' };
const CLIENT: FlowEnd = { kind: 'pod', namespace: 'shop', name: 'client' };
/** On the node of the target. */
const NEAR: FlowEnd = { kind: 'pod', namespace: 'shop', name: 'near' };

/** The verdict of a call to the load balancer's address, with its reason where it must be one of yes. */
function call(of: World, from: FlowEnd, name: string, zone = 0): string {
  const balancer = of.services.find((one) => one.name === name)?.loadBalancer;
  const address = balancer?.addresses[zone];
  if (address === undefined) throw new Error(`${name} has no load balancer`);
  const to: FlowEnd = { kind: 'ip', address };
  const { verdict, by } = createEngine(of, { staged: 'as-written' }).explain({
    from,
    to,
    protocol: 'TCP',
    port: 80,
  });
  const first = verdict === 'allowed' ? '' : ` by ${by[0]?.filter} ${by[0]?.object}`;
  return `${verdict}${first}`;
}

const open = world();

describe('who reaches a load balancer', () => {
  test.each([
    ['ip-internal', CLIENT, 'allowed'],
    ['ip-internal', INTERNET, 'no-route by route shop/ip-internal'],
    ['ip-public', INTERNET, 'allowed'],
    ['ip-public', CLIENT, 'allowed'],
    ['ip-public-kept', INTERNET, 'allowed'],
    ['node-internal', CLIENT, 'unknown by network-policy not-isolated'],
    ['node-internal-local', CLIENT, 'allowed'],
    ['node-internal-local', NEAR, 'denied by route shop/node-internal-local'],
    ['ip-internal', NEAR, 'allowed'],
    ['ip-internal-kept', CLIENT, 'allowed'],
    ['ip-internal-kept', NEAR, 'denied by route shop/ip-internal-kept'],
    ['node-public', INTERNET, 'allowed'],
    ['named', CLIENT, 'allowed'],
    ['ranged', INTERNET, 'denied by security-group k8s-shop-ranged, k8s-traffic-Vpc'],
  ])('%s from %o: %s', (name, from, expected) => {
    expect(call(open, from, name)).toBe(expected);
  });
});

/** ELB guide: without cross-zone load balancing a balancer's node sends to its own zone alone. */
test.each([
  ['ip-internal', 0, 'allowed'],
  ['ip-internal', 1, 'no-route by route shop/ip-internal'],
  ['ip-crossing', 1, 'allowed'],
  ['node-zonal', 0, 'allowed'],
  // The second zone's node is the client's own, the third zone has no node here.
  ['node-zonal', 1, 'denied by route shop/node-zonal'],
  ['node-zonal', 2, 'no-route by route shop/node-zonal'],
  ['node-internal-local', 1, 'no-route by route shop/node-internal-local'],
])('%s, called at the address of zone %i: %s', (name, zone, expected) => {
  expect(call(open, CLIENT, name, zone)).toBe(expected);
});

describe('a Service called by name from outside, on a port that it does not have', () => {
  const ask = (of: World, port: Flow['port'], protocol: Protocol = 'TCP'): string => {
    const to: FlowEnd = { kind: 'service', namespace: 'shop', name: 'ip-public' };
    const engine = createEngine(of, { staged: 'as-written' });
    const { verdict, by } = engine.explain({ from: INTERNET, to, protocol, port });
    return `${verdict} by ${by[0]?.filter} ${by[0]?.object}`;
  };
  const withoutVpc = worldOf([
    pod('web', 'node-a', { app: 'web' }),
    {
      ...service('ip-public', {}),
      status: { loadBalancer: { ingress: [{ ip: '198.51.100.9' }] } },
    },
  ]);

  test('in a VPC the packet goes to the load balancer, where its groups are asked', () => {
    expect(ask(open, 443)).toBe('denied by security-group k8s-shop-ip-public, k8s-traffic-Vpc');
  });
  test('in a VPC a name that no port has is no packet', () => {
    expect(ask(open, 'nope')).toBe('no-route by route shop/ip-public');
  });
  test('without a VPC there is no group to ask', () => {
    expect(ask(withoutVpc, 81)).toBe('no-route by route shop/ip-public');
  });
});

test.each([
  [
    'goes to nodes with an endpoint',
    { loadBalancer: { ingress: [{ ip: '198.51.100.9' }] } },
    {},
    'allowed',
  ],
  ['at an external address to any node', {}, { externalIPs: ['198.51.100.9'] }, 'unknown'],
])('externalTrafficPolicy Local: a call from outside %s', (_, status, spec, expected) => {
  const foreign = { loadBalancerClass: 'example.com/lb', externalTrafficPolicy: 'Local' };
  const of = worldOf([
    pod('web', 'node-a', { app: 'web' }),
    pod('other', 'node-b'),
    { ...service('web', {}, { ...foreign, ...spec }), status },
  ]);
  const to: FlowEnd = { kind: 'ip', address: ip('198.51.100.9') };
  const engine = createEngine(of, { staged: 'as-written' });
  const { verdict } = engine.explain({ from: INTERNET, to, protocol: 'TCP', port: 80 });
  expect(verdict).toBe(expected);
});

describe('whom the pod sees decides which policy must admit it', () => {
  const publicSubnets = world(admit('10.0.128.0/18'));
  const nodeSubnets = world(admit('10.0.0.0/17'));
  const internet = world(admit('203.0.113.0/24'));

  test.each([
    ['ip-public', INTERNET, { publicSubnets: true, nodeSubnets: false, internet: false }],
    ['ip-public-kept', INTERNET, { publicSubnets: false, nodeSubnets: false, internet: true }],
    // It lands on any node, and those without the pod put their own address in front.
    ['node-public', INTERNET, { publicSubnets: false, nodeSubnets: false, internet: false }],
    ['node-public-local', INTERNET, { publicSubnets: false, nodeSubnets: false, internet: true }],
    ['ip-internal', CLIENT, { publicSubnets: false, nodeSubnets: true, internet: false }],
  ])('%s from %o', (name, from, expected) => {
    const allowed = (of: World): boolean => call(of, from, name) === 'allowed';
    expect({
      publicSubnets: allowed(publicSubnets),
      nodeSubnets: allowed(nodeSubnets),
      internet: allowed(internet),
    }).toEqual(expected);
  });
});

describe('where a load balancer stands', () => {
  const [vpc] = open.vpcs;
  const standing = (name: string): readonly (string | undefined)[] =>
    (vpc?.interfaces ?? [])
      .filter(({ owner }) => owner.kind === 'load-balancer' && owner.id === `shop/${name}`)
      .map((own) => vpc?.subnets.find(({ id }) => id === own.subnet)?.name);

  test.each([
    ['ip-internal', ['nodesSubnet1', 'nodesSubnet2', 'nodesSubnet3']],
    ['ip-public', ['publicSubnet1', 'publicSubnet2', 'publicSubnet3']],
  ])('%s: in every zone, that of its targets first', (name, expected) => {
    expect(standing(name)).toEqual(expected);
  });

  test('the targets admit the group that all load balancers share, once a port', () => {
    const nodes = vpc?.securityGroups.find(({ name }) => name === 'nodes');
    const shared = nodes?.ingress.filter(
      ({ peer }) => peer.kind === 'security-group' && peer.id === 'k8s-traffic-Vpc',
    );
    const ports = shared?.map(({ ports: range }) => (range === 'any' ? range : range.first));
    expect(ports).toContain(8080);
    expect(new Set(ports).size).toBe(ports?.length);
  });

  test('a load balancer with groups of its own gets no other, and none is made for it', () => {
    const own = vpc?.interfaces.find(({ id }) => id.startsWith('lb/shop/named/'));
    const names = own?.securityGroups.map(
      (id) => vpc?.securityGroups.find((group) => group.id === id)?.name,
    );
    expect(names).toEqual(['load-balancers']);
    const all = vpc?.securityGroups.map(({ name }) => name);
    expect(all).toContain('k8s-shop-ip-internal');
    expect(all).not.toContain('k8s-shop-named');
  });
});

describe('an application load balancer', () => {
  const doorOf = (of: World, name: string) =>
    of.http?.proxies.find(({ id }) => id.endsWith(`/${name}`) || id === `ALB ${name}`)?.balancer;
  const ask = (of: World, from: FlowEnd, to: FlowEnd, port: number): string => {
    const engine = createEngine(of, { staged: 'as-written' });
    const { verdict, by } = engine.explain({ from, to, protocol: 'TCP', port });
    return verdict === 'allowed' ? verdict : `${verdict} by ${by[0]?.filter} ${by[0]?.object}`;
  };
  const web: FlowEnd = { kind: 'pod', namespace: 'shop', name: 'web' };
  /** The address by which targets know it: that of its interface. */
  const inside = (of: World, name: string): FlowEnd => {
    const [address] = doorOf(of, name)?.addresses ?? [];
    const interfaces = of.vpcs.flatMap((vpc) => vpc.interfaces);
    const own = interfaces.find((one) => one.publicIp === address || one.addresses[0] === address);
    const [known] = own?.addresses ?? [];
    if (known === undefined) throw new Error(`${name} stands nowhere`);
    return { kind: 'ip', address: known };
  };

  test('is called on the ports it listens on, and on no other', () => {
    const [address] = doorOf(open, 'door')?.addresses ?? [];
    if (address === undefined) throw new Error('no address');
    const to: FlowEnd = { kind: 'ip', address };
    expect(ask(open, INTERNET, to, 80)).toBe('allowed');
    expect(ask(open, INTERNET, to, 443)).toMatch(/^denied by security-group/);
  });

  test('connects from its own addresses, which policy must admit', () => {
    expect(ask(open, inside(open, 'door'), web, 8080)).toBe('allowed');
    const publicSubnets = world(admit('10.0.128.0/18'));
    expect(ask(publicSubnets, inside(publicSubnets, 'door'), web, 8080)).toBe('allowed');
    const internet = world(admit('203.0.113.0/24'));
    expect(ask(internet, inside(internet, 'door'), web, 8080)).toMatch(/^denied by network-policy/);
  });

  test('is shared by the Ingresses of a group', () => {
    const one = doorOf(open, 'shared');
    expect(one?.addresses).toHaveLength(3);
    expect(one?.ports.map(({ port }) => port)).toEqual([80, 8080]);
    expect(doorOf(open, 'door')?.addresses).not.toEqual(one?.addresses);
  });
});

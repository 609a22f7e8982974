import { matchesOf } from '../../../lib/dataplane/nft/rules';
import { cidr, ip } from '../../../lib/model/address';
import type { Rule } from '../../../lib/model/policy';
import { node, pod, pods, rule, service, to, world } from '../../build/model';

const w = world({
  nodes: [node('a', '10.0.0.10'), node('b', '10.0.0.20')],
  pods: [
    pod('shop/web', 'a', '10.0.1.10'),
    pod('shop/api', 'a', '10.0.1.11'),
    pod('shop/db', 'b', '10.0.2.10', {
      ports: [
        { name: 'pg', protocol: 'TCP', port: 5432 },
        { name: 'pg', protocol: 'UDP', port: 5433 },
      ],
    }),
    pod('shop/agent', 'a', '10.0.0.10', { hostNetwork: true, labels: {} }),
  ],
  services: [
    service('shop/db', {
      clusterIps: [ip('172.20.0.5')],
      ports: [
        {
          protocol: 'TCP',
          port: 5432,
          backends: [{ address: ip('10.0.2.10'), port: 5432, ready: true }],
        },
      ],
    }),
  ],
  networkSets: [{ name: 'partners', labels: { kind: 'partner' }, nets: [cidr('198.51.100.0/24')] }],
  hostEndpoints: [
    {
      name: 'b-eth0',
      node: 'b',
      interfaceName: '*',
      labels: { host: 'yes' },
      expectedIps: [],
      defaultAllow: true,
    },
  ],
  outside: [
    { kind: 'outside', name: 'api.example.com', addresses: [ip('203.0.113.10')], ports: [] },
  ],
});

const ALL = { selector: { kind: 'all' } } as const;
const TCP = { protocol: 'TCP', destinationPorts: 'any', sourcePorts: 'any' } as const;
const ANY_PORT = { protocol: 'any', destinationPorts: 'any', sourcePorts: 'any' } as const;
const SHOP = '@addresses4';
const partner = { kind: 'equals', label: 'kind', value: 'partner' } as const;

/** Set names carry a hash; what they hold is the row's business elsewhere. */
const shown = (parts: Partial<Rule>): string[] =>
  matchesOf(w, rule(parts)).map(({ text, sets }) =>
    sets.reduce((all, set) => all.replace(`@${set.name}`, `{${set.elements.join()}}`), text),
  );

const rows: readonly (readonly [what: string, parts: Partial<Rule>, texts: readonly string[]])[] = [
  ['everything', {}, ['']],
  ['nobody', { source: [] }, []],
  ['no traffic', { traffic: [] }, []],
  ['one pod', { source: [pods('shop', 'api')] }, ['ip saddr 10.0.1.11']],
  ['a selector that finds nobody', { source: [pods('shop', 'ghost')] }, []],
  [
    'all that is known: pods and sets; no host without expected addresses and no pod on the host network',
    { source: [ALL] },
    ['ip saddr {10.0.1.10,10.0.1.11,10.0.2.10,198.51.100.0/24}'],
  ],
  ['a network set', { source: [{ selector: partner }] }, ['ip saddr 198.51.100.0/24']],
  [
    'two peers are one set',
    { source: [pods('shop', 'api'), { nets: [cidr('192.0.2.0/24')] }] },
    ['ip saddr {10.0.1.11,192.0.2.0/24}'],
  ],
  [
    'a block and what it leaves out',
    { destination: [{ nets: [cidr('10.0.0.0/8')], notNets: [cidr('10.0.0.0/9')] }] },
    ['ip daddr 10.128.0.0/9'],
  ],
  [
    'everybody but those selected, the outside included',
    { source: [{ notSelector: partner }] },
    ['ip saddr {0.0.0.0-198.51.99.255,198.51.101.0-255.255.255.255}'],
  ],
  [
    'known and within a block',
    { source: [{ ...ALL, nets: [cidr('10.0.2.0/24')] }] },
    ['ip saddr 10.0.2.10'],
  ],
  [
    'a Service at the destination: its backends with their ports',
    { destination: [{ service: { namespace: 'shop', name: 'db' } }] },
    ['ip daddr . meta l4proto . th dport {10.0.2.10 . tcp . 5432}'],
  ],
  [
    'a Service at the source: its backends',
    { source: [{ service: { namespace: 'shop', name: 'db' } }] },
    ['ip saddr 10.0.2.10'],
  ],
  [
    'nodes by label',
    { destination: [{ nodes: { kind: 'equals', label: 'kubernetes.io/hostname', value: 'b' } }] },
    ['ip daddr 10.0.0.20'],
  ],
  ['a name', { destination: [{ domainNames: ['*.example.com'] }] }, ['ip daddr 203.0.113.10']],
  ['a name is not its parent', { destination: [{ domainNames: ['example.com'] }] }, []],
  ['every port of a protocol', { traffic: [TCP] }, ['meta l4proto tcp']],
  ['one port', { traffic: [to('TCP', 80)] }, ['meta l4proto tcp th dport 80']],
  [
    'ports that overlap are merged',
    {
      traffic: [
        {
          ...TCP,
          destinationPorts: [
            { first: 80, last: 90 },
            { first: 85, last: 95 },
            { first: 443, last: 443 },
          ],
        },
      ],
    },
    ['meta l4proto tcp th dport { 80-95, 443 }'],
  ],
  [
    'a named port is resolved with its protocol',
    { traffic: [to('TCP', 'pg')] },
    ['meta l4proto tcp ip daddr . meta l4proto . th dport {10.0.2.10 . tcp . 5432}'],
  ],
  ['a name nobody gives', { traffic: [to('TCP', 'ghost')] }, []],
  [
    'a named port without a protocol: the name brings its own',
    { traffic: [{ ...ANY_PORT, destinationPorts: [{ name: 'pg' }] }] },
    ['ip daddr . meta l4proto . th dport {10.0.2.10 . tcp . 5432,10.0.2.10 . udp . 5433}'],
  ],
  [
    'a number beside a name is a second rule',
    { traffic: [to('TCP', 80, 'pg')] },
    [
      'meta l4proto tcp th dport 80',
      'meta l4proto tcp ip daddr . meta l4proto . th dport {10.0.2.10 . tcp . 5432}',
    ],
  ],
  [
    'not these ports',
    { traffic: [{ ...TCP, notDestinationPorts: [{ first: 22, last: 22 }, { name: 'pg' }] }] },
    [
      'meta l4proto tcp th dport != 22 ip daddr . meta l4proto . th dport != {10.0.2.10 . tcp . 5432}',
    ],
  ],
  [
    'source ports',
    { traffic: [{ ...TCP, sourcePorts: [{ first: 1024, last: 65535 }] }] },
    ['meta l4proto tcp th sport 1024-65535'],
  ],
  ['not a protocol', { traffic: [{ ...ANY_PORT, notProtocol: 'UDP' }] }, ['meta l4proto != udp']],
  ['a protocol by number', { traffic: [{ ...ANY_PORT, protocol: 47 }] }, ['meta l4proto 47']],
  [
    'a type of ICMP',
    { traffic: [{ ...ANY_PORT, protocol: 'ICMP', icmp: { type: 8 } }] },
    ['meta l4proto icmp icmp type 8'],
  ],
  [
    'not a type with a code: another type, or another code',
    { traffic: [{ ...ANY_PORT, protocol: 'ICMP', notIcmp: { type: 3, code: 4 } }] },
    ['meta l4proto icmp icmp type != 3', 'meta l4proto icmp icmp type 3 icmp code != 4'],
  ],
  ['one family', { ipVersion: 4 }, ['meta nfproto ipv4']],
  ['a family that nobody has', { ipVersion: 6 }, []],
  [
    'every combination of sides and traffic',
    {
      source: [pods('shop', 'web')],
      destination: [pods('shop', 'db')],
      traffic: [to('TCP', 1), to('UDP', 2)],
    },
    [
      'meta l4proto tcp th dport 1 ip saddr 10.0.1.10 ip daddr 10.0.2.10',
      'meta l4proto udp th dport 2 ip saddr 10.0.1.10 ip daddr 10.0.2.10',
    ],
  ],
];

test.each(rows)('%s', (_, parts, texts) => {
  expect(shown(parts)).toEqual(texts);
});

test('what is long is looked up in a set', () => {
  expect(matchesOf(w, rule({ source: [ALL] }))[0]?.text).toContain(SHOP);
});

import { ip } from '../../../lib/model/address';
import type { Protocol } from '../../../lib/model/flow';
import { type Change, group, route, tiny } from '../../build/tiny-vpc';
import { asker, sending } from './ask';

const NET = '203.0.113.10';
const open: readonly string[] = ['100 allow'];
const igw = { kind: 'internet-gateway', id: 'igw' } as const;

/** `verdict`, and of a refusal what refused. */
function answer(
  change: Change,
  ...[source, destination, protocol = 'TCP', port = 443]: [string, string, Protocol?, number?]
): string {
  const { verdict, there, back } = asker({ ...EMPTY, ...tiny(change) })(
    sending(source, destination, protocol, port),
  );
  const [first] = back.length > 0 ? back : there;
  const way = back.length > 0 && verdict !== 'allowed' ? 'back: ' : '';
  return verdict === 'allowed' ? verdict : `${verdict} ${way}${first?.filter} ${first?.object}`;
}

const EMPTY = {
  namespaces: [],
  pods: [],
  outside: [],
  services: [],
  tiers: [],
  policies: [],
  networkSets: [],
  hostEndpoints: [],
  clusterDomain: 'cluster.local',
  serviceCidr: { address: ip('172.20.0.0'), prefix: 16 },
};

const closedGroups = { groups: [group('nodes', [], []), group('pods', [], [])] };
const closedAcls = { acl: { a: [[], []], b: [[], []], public: [[], []] } } as const;

describe('who is asked at all', () => {
  test.each([
    [
      'same node: neither groups nor ACLs',
      { ...closedGroups, ...closedAcls },
      '10.0.1.20',
      '10.0.1.21',
      'allowed',
    ],
    [
      'same node: a strict branch interface is',
      closedGroups,
      '10.0.1.20',
      '10.0.1.30',
      'denied security-group nodes',
    ],
    [
      'same node: a standard branch interface is not',
      { ...closedGroups, placement: { podSecurityGroups: 'standard' } },
      '10.0.1.20',
      '10.0.1.30',
      'allowed',
    ],
    ['same subnet: no ACL', closedAcls, '10.0.1.20', '10.0.1.25', 'allowed'],
    ['same subnet: groups', closedGroups, '10.0.1.20', '10.0.1.25', 'denied security-group nodes'],
    [
      'another subnet: the ACL out',
      { acl: { a: [open, []] } },
      '10.0.1.20',
      '10.0.2.20',
      'denied network-acl acl-a',
    ],
    [
      'another subnet: the ACL in',
      { acl: { b: [[], open] } },
      '10.0.1.20',
      '10.0.2.20',
      'denied network-acl acl-b',
    ],
    [
      'another subnet: the replies out',
      { acl: { b: [open, ['100 allow TCP 443']] } },
      '10.0.1.20',
      '10.0.2.20',
      'denied back: network-acl acl-b',
    ],
    [
      'another subnet: the replies in',
      { acl: { a: [['100 allow TCP 443'], open] } },
      '10.0.1.20',
      '10.0.2.20',
      'denied back: network-acl acl-a',
    ],
    [
      'groups remember: no rule for replies',
      { groups: [group('nodes', ['TCP 443'], ['TCP 443'])] },
      '10.0.1.20',
      '10.0.2.20',
      'allowed',
    ],
    ['the resolver', { ...closedGroups, ...closedAcls }, '10.0.1.20', '10.0.0.2', 'allowed'],
    [
      'instance metadata',
      { ...closedGroups, ...closedAcls },
      '10.0.1.20',
      '169.254.169.254',
      'allowed',
    ],
    ['the time service', closedGroups, '10.0.1.20', '169.254.169.123', 'allowed'],
    [
      'another link-local address',
      {},
      '10.0.1.20',
      '169.254.1.1',
      'denied route internet-gateway of vpc',
    ],
    ['an address nobody has', {}, '10.0.1.20', '10.0.2.99', 'no-route route vpc'],
    ['from an address nobody has', {}, '10.0.2.99', '10.0.1.20', 'unknown route vpc'],
  ] as const)('%s', (_, change, from, to, expected) => {
    expect(answer(change as Change, from, to)).toBe(expected);
  });
});

test('replies that an ACL refuses for some of the client’s ports are not routed', () => {
  const acl = { b: [open, ['90 deny TCP 40000-65535', '100 allow']] } as const;
  const { verdict, hops } = asker({ ...EMPTY, ...tiny({ acl }) })(
    sending('10.0.1.20', '10.0.2.20', 'TCP', 443),
  );
  const last = hops
    .at(-1)
    ?.answers.flatMap(({ decisions }) => decisions)
    .map(({ kind, evidence }) => `${kind} ${evidence.filter}`);
  expect([verdict, last]).toEqual(['unknown', ['unknown network-acl', 'allowed network-acl']]);
});

describe('to the internet', () => {
  test('a node whose first interface has no address translates nothing', () => {
    const [vpc] = tiny().vpcs;
    const interfaces = (vpc?.interfaces ?? []).flatMap((eni) =>
      eni.id === 'node-a/eth0'
        ? [
            { ...eni, addresses: [] },
            { ...eni, id: 'node-a/eth1' },
          ]
        : [eni],
    );
    const sourcesOf = (change: Change) =>
      asker({ ...EMPTY, ...tiny(change) })(sending('10.0.1.20', NET, 'TCP', 443)).hops.flatMap(
        ({ becomes }) => becomes?.source ?? [],
      );
    expect(sourcesOf({})).toEqual(['10.0.1.10', '10.0.9.4', '198.51.100.1']);
    expect(sourcesOf({ vpc: { interfaces } })).toEqual(['10.0.9.4', '198.51.100.1']);
  });

  const natless = { a: [], b: [] };
  test.each([
    ['through the NAT gateway', {}, '10.0.1.20', 'allowed'],
    ['no default route', { routes: natless }, '10.0.1.20', 'no-route route table-a'],
    [
      'a blackhole',
      { routes: { a: [route('0.0.0.0/0', { kind: 'blackhole' })] } },
      '10.0.1.20',
      'no-route route table-a',
    ],
    [
      'a transit gateway',
      { routes: { a: [route('0.0.0.0/0', { kind: 'transit-gateway', id: 'tgw' })] } },
      '10.0.1.20',
      'unknown route transit-gateway tgw',
    ],
    [
      'a NAT gateway that is in no template',
      { routes: { a: [route('0.0.0.0/0', { kind: 'nat-gateway', id: 'other' })] } },
      '10.0.1.20',
      'unknown route nat-gateway other',
    ],
    [
      'the public subnet has no way on',
      { routes: { public: [] } },
      '10.0.1.20',
      'no-route route table-public',
    ],
    [
      'the public ACL lets nothing in from nodes',
      { acl: { public: [['100 allow TCP any 203.0.113.0/24'], open] } },
      '10.0.1.20',
      'denied network-acl acl-public',
    ],
    [
      'the public ACL forgets the internet’s replies',
      { acl: { public: [['100 allow TCP 443'], open] } },
      '10.0.1.20',
      'denied back: network-acl acl-public',
    ],
    [
      'the public ACL forgets the replies to nodes',
      { acl: { public: [open, ['100 allow TCP 443']] } },
      '10.0.1.20',
      'denied back: network-acl acl-public',
    ],
    [
      'the private ACL takes Linux for its client, but the node chose any port',
      { acl: { a: [['100 allow TCP 32768-60999'], open] } },
      '10.0.1.20',
      'unknown back: network-acl acl-a',
    ],
    [
      'a node itself is a Linux client',
      { acl: { a: [['100 allow TCP 32768-60999'], open] } },
      '10.0.1.10',
      'allowed',
    ],
    [
      'with external SNAT pods are their own clients',
      { acl: { a: [['100 allow TCP 32768-60999'], open] }, placement: { snat: 'external' } },
      '10.0.1.20',
      'allowed',
    ],
    [
      'a strict branch pod is its own client',
      { acl: { a: [['100 allow TCP 32768-60999'], open] } },
      '10.0.1.30',
      'allowed',
    ],
    [
      'a pod behind its node meets the node’s groups',
      { groups: [group('nodes', ['any'], []), group('pods', ['any'])] },
      '10.0.1.20',
      'denied security-group nodes',
    ],
    [
      'a strict branch pod meets its own',
      { groups: [group('nodes', ['any'], []), group('pods', ['any'])] },
      '10.0.1.30',
      'allowed',
    ],
    [
      'a standard branch pod meets its node’s',
      {
        groups: [group('nodes', ['any'], []), group('pods', ['any'])],
        placement: { podSecurityGroups: 'standard' },
      },
      '10.0.1.30',
      'denied security-group nodes',
    ],
    ['from a public subnet, with a public address', {}, '10.0.9.10', 'allowed'],
    ['from a public subnet, a pod behind its node', {}, '10.0.9.11', 'allowed'],
    [
      'from a public subnet, a pod of its own',
      { placement: { snat: 'external' } },
      '10.0.9.11',
      'denied route internet-gateway of vpc',
    ],
    [
      'a private node with a route to the internet gateway',
      { routes: { a: [route('0.0.0.0/0', igw)] } },
      '10.0.1.10',
      'denied route internet-gateway of vpc',
    ],
  ] as const)('%s', (_, change, from, expected) => {
    expect(answer(change as Change, from, NET)).toBe(expected);
  });

  test('the trace says who becomes whom', () => {
    const { hops } = asker({ ...EMPTY, ...tiny() })(sending('10.0.1.20', NET, 'TCP', 443));
    expect(
      hops.map(({ device, note }) => (note === undefined ? device : `${device}: ${note}`)),
    ).toEqual([
      'node node-a: source 10.0.1.20 becomes 10.0.1.10: the node hides its pods from what is outside the VPC',
      'interface node-a/eth0',
      'subnet a',
      'subnet public',
      'nat-gateway nat: source 10.0.1.10 becomes 10.0.9.4, and 198.51.100.1 on the internet',
      'subnet public',
      'internet-gateway of vpc: source 10.0.9.4 becomes 198.51.100.1',
      // and back
      'internet-gateway of vpc',
      'subnet public',
      'subnet public',
      'subnet a',
    ]);
  });
});

describe('from the internet', () => {
  test.each([
    ['a public address of a node', {}, '198.51.100.9', 'allowed'],
    [
      'its group',
      { groups: [group('nodes', ['TCP 22'])] },
      '198.51.100.9',
      'denied security-group nodes',
    ],
    [
      'its subnet’s ACL',
      { acl: { public: [['100 allow TCP 22'], open] } },
      '198.51.100.9',
      'denied network-acl acl-public',
    ],
    [
      'replies to a stranger take any port',
      { acl: { public: [open, ['100 allow TCP 32768-60999']] } },
      '198.51.100.9',
      'unknown back: network-acl acl-public',
    ],
    [
      'replies that would leave another way',
      { routes: { public: [route('0.0.0.0/0', { kind: 'nat-gateway', id: 'nat' })] } },
      '198.51.100.9',
      'denied back: route table-public',
    ],
    ['a NAT gateway', {}, '198.51.100.1', 'denied route nat'],
    ['a private address', {}, '10.0.1.20', 'no-route route internet'],
  ] as const)('%s', (_, change, to, expected) => {
    expect(answer(change as Change, NET, to)).toBe(expected);
  });

  test('from inside, a public address is reached over the internet', () => {
    expect(answer({}, '10.0.1.20', '198.51.100.9')).toBe('allowed');
    expect(answer({ routes: { a: [] } }, '10.0.1.20', '198.51.100.9')).toBe(
      'no-route route table-a',
    );
  });
});

describe('NAT gateways of other kinds', () => {
  const nat = (more: object): Change => ({
    vpc: { natGateways: [{ id: 'nat', name: 'nat', privateIp: ip('192.0.2.1'), ...more }] },
  });

  test('a regional one stands behind no ACL but the sender’s own', () => {
    const change = {
      ...nat({ publicIp: ip('192.0.2.1') }),
      acl: { public: [[], []] },
    } as const;
    expect(answer(change as Change, '10.0.1.20', NET)).toBe('allowed');
  });

  test('a private one has no way to the internet', () => {
    const change = nat({ subnet: 'public', privateIp: ip('10.0.9.4') });
    expect(answer(change, '10.0.1.20', NET)).toBe('denied route internet-gateway of vpc');
  });
});

describe('gateway endpoint', () => {
  const s3: Change = {
    vpc: {
      endpoints: [{ kind: 'gateway', id: 's3', service: 's3', prefixList: 'pl-s3' }],
      prefixLists: [
        { id: 'pl-s3', name: 's3', cidrs: [{ address: ip('52.216.0.0'), prefix: 15 }] },
      ],
    },
    routes: { a: [route('pl-s3', { kind: 'vpc-endpoint', id: 's3' })] },
  };

  test.each([
    ['reaches its service without NAT', s3, '52.216.0.9', 'allowed'],
    ['and nothing else', s3, '52.218.0.9', 'no-route route table-a'],
    [
      'needs the replies of the service',
      { ...s3, acl: { a: [['100 allow TCP any 10.0.0.0/16'], open] } },
      '52.216.0.9',
      'denied back: network-acl acl-a',
    ],
  ] as const)('%s', (_, change, to, expected) => {
    expect(answer(change as Change, '10.0.1.20', to)).toBe(expected);
  });
});

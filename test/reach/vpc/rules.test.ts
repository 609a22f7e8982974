import { ip } from '../../../lib/model/address';
import { EPHEMERAL_PORTS, UNPRIVILEGED_PORTS } from '../../../lib/model/ports';
import { indexVpcs } from '../../../lib/reach/vpc/lookup';
import { askAcl } from '../../../lib/reach/vpc/network-acl';
import { firstPacket, reversed } from '../../../lib/reach/vpc/packet';
import { askTable } from '../../../lib/reach/vpc/route-table';
import { askGroups } from '../../../lib/reach/vpc/security-group';
import { entry, group, route, tiny } from '../../build/tiny-vpc';

const packet = (protocol: 'TCP' | 'UDP' | 'ICMP', port?: number) =>
  firstPacket(
    { source: ip('10.0.1.20'), destination: ip('10.0.2.20'), protocol },
    port,
    EPHEMERAL_PORTS,
  );
const reply = reversed(packet('TCP', 443));
const natReply = { ...reply, ports: UNPRIVILEGED_PORTS };

describe('network ACL: by ascending number, the first match decides, * denies', () => {
  test.each([
    ['nothing allows', [], packet('TCP', 443), ['denied null']],
    ['one line allows', ['100 allow TCP 443'], packet('TCP', 443), ['allowed 100']],
    ['a lower number wins', ['90 deny TCP 443', '100 allow'], packet('TCP', 443), ['denied 90']],
    [
      'a higher number does not',
      ['100 allow', '110 deny TCP 443'],
      packet('TCP', 443),
      ['allowed 100'],
    ],
    ['another port', ['100 allow TCP 80'], packet('TCP', 443), ['denied null']],
    ['another protocol', ['100 allow UDP 443'], packet('TCP', 443), ['denied null']],
    ['another block', ['100 allow TCP 443 10.9.0.0/16'], packet('TCP', 443), ['denied null']],
    ['any protocol', ['100 allow'], packet('UDP', 53), ['allowed 100']],
    ['replies: Linux takes its whole range', ['100 allow TCP 32768-60999'], reply, ['allowed 100']],
    [
      'replies: a NAT gateway takes more',
      ['100 allow TCP 32768-60999'],
      natReply,
      ['allowed 100', 'unknown null'],
    ],
    [
      'replies: two lines carry it together',
      ['100 allow TCP 1024-40000', '110 allow TCP 40001-65535'],
      natReply,
      ['allowed 100', 'allowed 110'],
    ],
    [
      'replies: a hole in the middle',
      ['90 deny TCP 50000', '100 allow TCP 1024-65535'],
      natReply,
      ['unknown 90', 'allowed 100'],
    ],
    ['ping: the request by its type', ['100 allow ICMP 8'], packet('ICMP'), ['allowed 100']],
    [
      'ping: the reply is another type',
      ['100 allow ICMP 8'],
      reversed(packet('ICMP')),
      ['denied null'],
    ],
    ['ping: any type', ['100 allow ICMP -1'], reversed(packet('ICMP')), ['allowed 100']],
  ])('%s', (_, lines, asked, expected) => {
    const acl = { id: 'acl', name: 'acl', ingress: lines.map((line) => entry(line)), egress: [] };
    const decisions = askAcl(acl, 'ingress', asked);
    expect(decisions.map(({ kind, evidence }) => `${kind} ${evidence.rule}`)).toEqual(expected);
  });

  test('what part of a range is refused, is said', () => {
    const acl = {
      id: 'acl',
      name: 'acl',
      ingress: [entry('100 allow TCP 32768-60999')],
      egress: [],
    };
    expect(askAcl(acl, 'ingress', natReply).at(-1)?.evidence.because).toBe(
      'no rule of acl lets TCP 1024-65535 in from 10.0.2.20 (ports 1024-32767, 61000-65535 of the range are refused), so its last line (*) denies it; a client that has one of 1024-32767, 61000-65535 of 1024-65535 is cut off, others are not',
    );
  });

  test.each([
    ['decides nothing where the rest says the same', 'deny', [], 'denied null'],
    ['makes it unknown where the rest says otherwise', 'allow', [], 'unknown 90'],
    ['makes it unknown where it may deny', 'deny', ['100 allow'], 'unknown 90'],
    ['decides nothing where all is allowed anyway', 'allow', ['100 allow'], 'allowed 100'],
  ])('a line not known yet %s', (_, action, more, expected) => {
    const lines = [entry(`90 ${action}`, 'a parameter'), ...more.map((line) => entry(line))];
    const acl = { id: 'acl', name: 'acl', ingress: lines, egress: [] };
    const [decision] = askAcl(acl, 'ingress', packet('TCP', 443));
    expect(`${decision?.kind} ${decision?.evidence.rule}`).toBe(expected);
  });
});

describe('security groups: rules only allow, and those of all groups add up', () => {
  const ask = (groups: readonly ReturnType<typeof group>[], asked = packet('TCP', 443)) => {
    const world = tiny({ groups });
    const [vpc] = world.vpcs;
    const own = vpc?.interfaces.find(({ id }) => id === 'node-b/eth0');
    if (vpc === undefined || own === undefined) throw new Error('no interface');
    const carrying = { vpc, interface: { ...own, securityGroups: groups.map(({ id }) => id) } };
    const decision = askGroups(indexVpcs(world), carrying, { direction: 'ingress', packet: asked });
    return decision && `${decision.kind} ${decision.evidence.object} ${decision.evidence.rule}`;
  };

  test.each([
    ['no group filters nothing', [], undefined],
    ['no rule', [group('nodes', [])], 'denied nodes null'],
    ['a rule', [group('nodes', ['TCP 80', 'TCP 443'])], 'allowed nodes 1'],
    ['a second group', [group('one', ['TCP 80']), group('nodes', ['TCP 443'])], 'allowed nodes 0'],
    ['all groups refuse', [group('one', ['TCP 80']), group('nodes', [])], 'denied one, nodes null'],
    ['by block', [group('nodes', ['TCP 443 10.0.1.0/24'])], 'allowed nodes 0'],
    ['by another block', [group('nodes', ['TCP 443 10.0.3.0/24'])], 'denied nodes null'],
    [
      'by group: every address of every interface that carries it',
      [group('nodes', ['TCP 443 sg:nodes'])],
      'allowed nodes 0',
    ],
    [
      'by a group the sender does not carry',
      [group('nodes', ['any any sg:pods']), group('pods', [])],
      'denied nodes, pods null',
    ],
    ['by a group nobody knows', [group('nodes', ['any any sg:sg-1'])], 'unknown nodes 0'],
    ['by a prefix list nobody knows', [group('nodes', ['any any pl:pl-1'])], 'unknown nodes 0'],
    ['by what is not known yet', [group('nodes', ['TCP 443 ?office'])], 'unknown nodes 0'],
    [
      'what is not known matters only where it could match',
      [group('nodes', ['TCP 80 ?office'])],
      'denied nodes null',
    ],
    [
      'a known allowance wins over doubt',
      [group('nodes', ['TCP 443 ?office', 'TCP 443'])],
      'allowed nodes 1',
    ],
  ])('%s', (_, groups, expected) => {
    expect(ask(groups)).toBe(expected);
  });

  test.each([
    ['any type', 'ICMP any', 'allowed nodes 0'],
    ['echo requests', 'ICMP 8', 'allowed nodes 0'],
    ['only what is unreachable', 'ICMP 3', 'denied nodes null'],
  ])('ping where a rule allows %s', (_, rule, expected) => {
    expect(ask([group('nodes', [rule])], packet('ICMP'))).toBe(expected);
  });
});

describe('route table: the longest prefix wins', () => {
  const table = (...routes: readonly ReturnType<typeof route>[]) => ({
    id: 'table',
    name: 'table',
    routes: [route('10.0.0.0/16', { kind: 'local' }), ...routes],
  });
  const nat = { kind: 'nat-gateway', id: 'nat' } as const;
  const s3 = { kind: 'vpc-endpoint', id: 's3' } as const;
  const list = (id: string, prefix: number) => ({
    id,
    name: id,
    cidrs: [{ address: ip('52.216.0.0'), prefix }],
  });
  const lists = [list('pl-s3', 15), list('pl-twin', 15), list('pl-narrow', 16)];
  const index = indexVpcs(tiny({ vpc: { prefixLists: lists } }));

  test.each([
    ['inside the VPC', '10.0.2.20', table(), 'allowed 0 local'],
    ['nowhere', '203.0.113.1', table(), 'no-route null undefined'],
    ['the default route', '203.0.113.1', table(route('0.0.0.0/0', nat)), 'allowed 1 nat-gateway'],
    ['local wins over the default', '10.0.2.20', table(route('0.0.0.0/0', nat)), 'allowed 0 local'],
    ['local wins over its equal', '10.0.2.20', table(route('10.0.0.0/16', nat)), 'allowed 0 local'],
    [
      'a more specific one wins over local',
      '10.0.2.20',
      table(route('10.0.2.0/24', nat)),
      'allowed 1 nat-gateway',
    ],
    [
      'a prefix list by the block that holds it',
      '52.216.0.9',
      table(route('0.0.0.0/0', nat), route('pl-s3', s3)),
      'allowed 2 vpc-endpoint',
    ],
    [
      'two lists with one block: AWS chooses',
      '52.216.0.9',
      table(route('pl-s3', s3), route('pl-twin', nat)),
      'unknown 1 undefined',
    ],
    [
      'two lists with one block and one target',
      '52.216.0.9',
      table(route('pl-s3', s3), route('pl-twin', s3)),
      'allowed 1 vpc-endpoint',
    ],
    [
      'of two lists the one with the longer block',
      '52.216.0.9',
      table(route('pl-s3', s3), route('pl-narrow', nat)),
      'allowed 2 nat-gateway',
    ],
    [
      'beside the prefix list',
      '52.218.0.9',
      table(route('0.0.0.0/0', nat), route('pl-s3', s3)),
      'allowed 1 nat-gateway',
    ],
    [
      'a list nobody knows may hold it',
      '203.0.113.1',
      table(route('0.0.0.0/0', nat), route('pl-x', s3)),
      'unknown 2 undefined',
    ],
    [
      'a list nobody knows holds nothing of the VPC',
      '10.0.2.20',
      table(route('pl-x', s3)),
      'allowed 0 local',
    ],
    [
      'a blackhole',
      '203.0.113.1',
      table(route('0.0.0.0/0', { kind: 'blackhole' })),
      'no-route 1 undefined',
    ],
    [
      'a target not known yet',
      '203.0.113.1',
      table(route('0.0.0.0/0', { kind: 'unknown', what: 'x' })),
      'unknown 1 undefined',
    ],
  ])('%s', (_, address, asked, expected) => {
    const { decision, target } = askTable(index, asked, ip(address));
    expect(`${decision.kind} ${decision.evidence.rule} ${target?.kind}`).toBe(expected);
  });
});

import { decode, encode } from 'dns-packet';
import type { DnsRecord } from '../../../lib/dataplane/commands/command';
import { namesToTry, readResolvConf } from '../../../lib/runtime/probes/resolv-conf';
import { createResponder } from '../../../lib/runtime/servers/dns-answer';
import { createZone } from '../../../lib/runtime/servers/zone';

const local = 'svc.cluster.local';
const a = (name: string, data: string): DnsRecord => ({ name, type: 'A', data });
const web = a(`web.shop.${local}`, '10.96.0.5');
const alias: DnsRecord = { name: `ext.shop.${local}`, type: 'CNAME', data: 'api.example.com' };
const outside = a('api.example.com', '203.0.113.7');
const loop: DnsRecord[] = [
  { name: `one.${local}`, type: 'CNAME', data: `two.${local}` },
  { name: `two.${local}`, type: 'CNAME', data: `one.${local}` },
];
const records = [web, alias, outside, ...loop];
const zone = createZone(records, ['cluster.local']);

describe('what a zone answers', () => {
  test.each`
    name                         | type       | answer
    ${`web.shop.${local}`}       | ${'A'}     | ${{ kind: 'answered', records: [web], authoritative: true }}
    ${`WEB.Shop.${local}.`}      | ${'A'}     | ${{ kind: 'answered', records: [web], authoritative: true }}
    ${`web.shop.${local}`}       | ${'AAAA'}  | ${{ kind: 'no-data', zone: 'cluster.local' }}
    ${`shop.${local}`}           | ${'A'}     | ${{ kind: 'no-data', zone: 'cluster.local' }}
    ${'cluster.local'}           | ${'A'}     | ${{ kind: 'no-data', zone: 'cluster.local' }}
    ${`nobody.shop.${local}`}    | ${'A'}     | ${{ kind: 'no-name', zone: 'cluster.local' }}
    ${`below.web.shop.${local}`} | ${'A'}     | ${{ kind: 'no-name', zone: 'cluster.local' }}
    ${'xcluster.local'}          | ${'A'}     | ${{ kind: 'no-name', zone: undefined }}
    ${`ext.shop.${local}`}       | ${'A'}     | ${{ kind: 'answered', records: [alias, outside], authoritative: true }}
    ${`ext.shop.${local}`}       | ${'CNAME'} | ${{ kind: 'answered', records: [alias], authoritative: true }}
    ${`one.${local}`}            | ${'A'}     | ${{ kind: 'no-data', zone: 'cluster.local' }}
    ${'api.example.com'}         | ${'A'}     | ${{ kind: 'answered', records: [outside], authoritative: false }}
    ${'example.com'}             | ${'A'}     | ${{ kind: 'no-data', zone: undefined }}
    ${'example.org'}             | ${'A'}     | ${{ kind: 'no-name', zone: undefined }}
  `('$name $type', ({ name, type, answer }) => {
    expect(zone(name, type)).toEqual(answer);
  });

  test('several answers take turns, so clients spread over them', () => {
    const many = createZone([a('x', '10.0.0.1'), a('x', '10.0.0.2'), a('x', '10.0.0.3')], ['x']);
    const first = Array.from({ length: 6 }, () => {
      const answer = many('x', 'A');
      return answer.kind === 'answered' ? answer.records[0]?.data : undefined;
    });
    expect(new Set(first)).toEqual(new Set(['10.0.0.1', '10.0.0.2', '10.0.0.3']));
  });
});

describe('what is no DNS question', () => {
  const respond = createResponder(zone);

  test('is answered with a format error, so that a probe tells open from dropped', () => {
    const answer = respond(Buffer.from('probe\n'), 'udp');
    expect(answer && decode(answer)).toMatchObject({ type: 'response', rcode: 'FORMERR' });
  });

  test('is not answered where it is an answer itself', () => {
    const answer = encode({ type: 'response', id: 7 });
    expect(respond(answer, 'udp')).toBeUndefined();
  });
});

/** coredns plugin/kubernetes: handler_test.go, handler_pod_insecure_test.go, kubernetes_apex_test.go. */
describe('a zone of a cluster', () => {
  const own = createZone(records, ['cluster.local'], {
    domain: 'cluster.local',
    namespaces: ['shop', 'empty'],
  });
  test.each`
    name                                   | type      | kind                    | data
    ${'svc.cluster.local'}                 | ${'A'}    | ${'no-data'}            | ${[]}
    ${'pod.cluster.local'}                 | ${'A'}    | ${'no-data'}            | ${[]}
    ${'empty.svc.cluster.local'}           | ${'A'}    | ${'no-data'}            | ${[]}
    ${'absent.svc.cluster.local'}          | ${'A'}    | ${'no-name'}            | ${[]}
    ${'cluster.local'}                     | ${'SOA'}  | ${'start-of-authority'} | ${[]}
    ${`absent.${local}`}                   | ${'SOA'}  | ${'no-data'}            | ${[]}
    ${`ext.shop.${local}`}                 | ${'SRV'}  | ${'no-data'}            | ${[]}
    ${'10-1-2-3.shop.pod.cluster.local'}   | ${'A'}    | ${'answered'}           | ${['10.1.2.3']}
    ${'fd00--1.empty.pod.cluster.local'}   | ${'AAAA'} | ${'answered'}           | ${['fd00::1']}
    ${'10-1-2-3.shop.pod.cluster.local'}   | ${'AAAA'} | ${'no-data'}            | ${[]}
    ${'10-1-2-3.absent.pod.cluster.local'} | ${'A'}    | ${'no-name'}            | ${[]}
    ${'10-1-2-300.shop.pod.cluster.local'} | ${'A'}    | ${'no-name'}            | ${[]}
  `('$name $type', ({ name, type, kind, data }) => {
    const answer = own(name, type);
    expect(answer.kind).toBe(kind);
    expect(answer.kind === 'answered' ? answer.records.map((one) => one.data) : []).toEqual(data);
  });
});

describe('DNS messages', () => {
  const many = Array.from({ length: 60 }, (_, i) => a(`many.${local}`, `10.0.0.${i}`));
  const respond = createResponder(createZone([...records, ...many], ['cluster.local']));
  const ask = (name: string, udpPayloadSize?: number) =>
    encode({
      type: 'query',
      id: 7,
      flags: 1 << 8,
      questions: [{ name, type: 'A' }],
      additionals:
        udpPayloadSize === undefined
          ? []
          : [
              {
                type: 'OPT',
                name: '.',
                udpPayloadSize,
                extendedRcode: 0,
                ednsVersion: 0,
                flags: 0,
                flag_do: false,
                options: [],
              },
            ],
    });
  const read = (bytes: Buffer | undefined) => {
    const { id, rcode, answers, authorities, flag_aa, flag_tc, flag_rd } = decode(
      bytes ?? Buffer.alloc(0),
    ) as unknown as Record<string, unknown> & {
      answers: unknown[];
      authorities: { type: string }[];
    };
    return {
      id,
      rcode,
      answers: answers.length,
      authority: authorities[0]?.type,
      flag_aa,
      flag_tc,
      flag_rd,
    };
  };

  test.each`
    what                          | message                       | transport | read
    ${'an answer'}                | ${ask(`web.shop.${local}`)}   | ${'udp'}  | ${{ rcode: 'NOERROR', answers: 1, flag_aa: true, flag_tc: false }}
    ${'no such name, and whose'}  | ${ask(`no.shop.${local}`)}    | ${'udp'}  | ${{ rcode: 'NXDOMAIN', answers: 0, authority: 'SOA', flag_aa: true, flag_tc: false }}
    ${'a name of somebody else'}  | ${ask('example.org')}         | ${'udp'}  | ${{ rcode: 'NXDOMAIN', answers: 0, authority: undefined, flag_aa: false, flag_tc: false }}
    ${'more than 512 bytes'}      | ${ask(`many.${local}`)}       | ${'udp'}  | ${{ rcode: 'NOERROR', answers: 12, flag_aa: true, flag_tc: true }}
    ${'more, and EDNS allows it'} | ${ask(`many.${local}`, 4096)} | ${'udp'}  | ${{ rcode: 'NOERROR', answers: 60, flag_aa: true, flag_tc: false }}
    ${'more, by TCP'}             | ${ask(`many.${local}`)}       | ${'tcp'}  | ${{ rcode: 'NOERROR', answers: 60, flag_aa: true, flag_tc: false }}
  `('$what', ({ message, transport, read: expected }) => {
    expect(read(respond(message, transport))).toEqual({ id: 7, flag_rd: true, ...expected });
  });
});

describe('resolv.conf', () => {
  const text =
    'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n';
  test('is read', () => {
    expect(readResolvConf(text)).toEqual({
      servers: ['10.96.0.10'],
      search: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      ndots: 5,
    });
    expect(readResolvConf('# nothing\nnameserver nonsense\n')).toEqual({
      servers: [],
      search: [],
      ndots: 1,
    });
  });

  const search = ['s', 't'];
  test.each`
    name      | ndots | tried
    ${'a'}    | ${1}  | ${['a.s', 'a.t', 'a']}
    ${'a.b'}  | ${1}  | ${['a.b', 'a.b.s', 'a.b.t']}
    ${'a.b'}  | ${5}  | ${['a.b.s', 'a.b.t', 'a.b']}
    ${'a.b.'} | ${5}  | ${['a.b']}
  `('$name with ndots $ndots', ({ name, ndots, tried }) => {
    expect(namesToTry(name, { servers: [], search, ndots })).toEqual(tried);
  });
});

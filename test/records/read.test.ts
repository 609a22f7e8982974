import { formatEnd } from '../../lib/model/flow';
import { readRecords } from '../../lib/records/open/read';
import type { FlowRecord } from '../../lib/records/record';
import { node, pod, service } from '../build/manifests';
import { worldOf } from '../build/world-of';

const deployment = (title: string, replicas: number) => {
  const [namespace, name] = title.split('/');
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'main', ports: [{ containerPort: 80 }] }] },
      },
    },
  };
};

const WORLD = worldOf([
  node('a', '10.0.0.1'),
  pod('shop/web', { ip: '10.0.1.1', node: 'a' }),
  pod('shop/host', { ip: '10.0.0.1', node: 'a', spec: { hostNetwork: true } }),
  pod('shop/grpc', { ip: '10.0.1.3', ports: [50051] }),
  pod('shop/db', {
    ip: '10.0.1.2',
    labels: { app: 'db' },
    ports: [{ name: 'sql', containerPort: 5432 }],
  }),
  service('shop/db', {
    port: 80,
    selector: { app: 'db' },
    ports: [{ port: 80, targetPort: 5432 }],
  }),
  deployment('shop/api', 2),
  deployment('shop/api-v2', 1),
]);

const read = (...lines: readonly (string | object)[]) =>
  readRecords(
    {
      path: 'log',
      text: lines
        .map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
        .join('\n'),
    },
    WORLD,
  );

/** `allow shop/web -> shop/db TCP 80`. */
const short = ({ flow: { from, to, protocol, port }, action }: FlowRecord): string =>
  `${action} ${formatEnd(from)} -> ${formatEnd(to)} ${protocol} ${port}`;

function recordsOf(...lines: readonly (string | object)[]): readonly string[] {
  const reading = read(...lines);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 1));
  return reading.value.map(short);
}

const HEADER = 'srcaddr dstaddr srcport dstport protocol tcp-flags action log-status';

/** A line of Calico's log, with what a row does not care about filled in. */
const calico = (fields: object) => ({
  start_time: 't',
  action: 'Allow',
  protocol: 'tcp',
  dest_port: 80,
  reporter: 'Src',
  source_namespace: 'shop',
  dest_namespace: 'shop',
  source_name: 'web',
  dest_name: 'db',
  ...fields,
});
const answer = (fields: object) => ({
  from: 'shop/web',
  to: 'shop/db',
  protocol: 'TCP',
  port: 80,
  verdict: 'allowed',
  ...fields,
});

describe('VPC flow logs', () => {
  test.each([
    {
      what: 'the stack’s own order, without a header',
      lines: ['0 eni a 10.0.1.1 10.0.1.2 10.0.1.1 10.0.1.2 40000 80 6 3 egress 1 - - ACCEPT OK'],
      records: ['allow shop/web -> shop/db TCP 80'],
    },
    {
      what: 'AWS’s default fields, without a header',
      lines: ['2 123456789010 eni-1 10.0.1.1 10.0.1.2 40000 80 6 20 4249 0 60 REJECT OK'],
      records: ['deny shop/web -> shop/db TCP 80'],
    },
    {
      what: 'the packet’s address before the interface’s',
      lines: [
        'srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol action',
        '10.0.0.9 10.0.0.8 10.0.1.1 10.0.1.2 40000 80 6 ACCEPT',
      ],
      records: ['allow shop/web -> shop/db TCP 80'],
    },
    {
      what: 'who is nobody’s stands for itself, a node’s address for the node',
      lines: [
        HEADER,
        '10.9.9.9 10.0.1.2 40000 80 17 0 ACCEPT OK',
        '10.0.0.1 10.0.1.2 40000 80 132 0 ACCEPT OK',
      ],
      records: ['allow ip:10.9.9.9 -> shop/db UDP 80', 'allow node:a -> shop/db SCTP 80'],
    },
    {
      what: 'a reply, told by its flags',
      lines: [HEADER, '10.0.1.2 10.0.1.1 80 40000 6 19 ACCEPT OK'],
      records: ['allow shop/web -> shop/db TCP 80'],
    },
    {
      what: 'a reply, told by the port that its sender declares',
      lines: [HEADER, '10.0.1.3 10.0.1.1 50051 40000 6 0 ACCEPT OK'],
      records: ['allow shop/web -> shop/grpc TCP 50051'],
    },
    {
      what: 'a reply, told by a port that no client gets',
      lines: [HEADER, '10.0.1.2 10.0.1.1 9999 40000 17 0 ACCEPT OK'],
      records: ['allow shop/web -> shop/db UDP 9999'],
    },
    {
      what: 'accepted here, rejected there: one denied connection; another one passes',
      lines: [
        HEADER,
        '10.0.1.1 10.0.1.2 40000 80 6 2 ACCEPT OK',
        '10.0.1.1 10.0.1.2 40000 80 6 2 REJECT OK',
        '10.0.1.1 10.0.1.2 40001 80 6 3 ACCEPT OK',
      ],
      records: ['deny shop/web -> shop/db TCP 80', 'allow shop/web -> shop/db TCP 80'],
    },
    {
      what: 'a rejected reply denies the connection it answers',
      lines: [
        HEADER,
        '10.0.1.1 10.0.1.2 40000 80 6 2 ACCEPT OK',
        '10.0.1.2 10.0.1.1 80 40000 6 18 REJECT OK',
      ],
      records: ['deny shop/web -> shop/db TCP 80'],
    },
    {
      what: 'nothing was logged',
      lines: [HEADER, '- - - - - - - NODATA', '- - - - - - - SKIPDATA', ''],
      records: [],
    },
  ])('$what', ({ lines, records }) => {
    expect(recordsOf(...lines)).toEqual(records);
  });

  test('what such a log never holds is said', () => {
    expect(read(HEADER, '10.0.1.1 10.0.1.2 0 0 1 0 ACCEPT OK')).toMatchObject({
      kind: 'read',
      value: [],
      warnings: [
        { problem: expect.stringContaining('ICMP') },
        { problem: expect.stringContaining('stay on one node') },
      ],
    });
  });

  test.each([
    {
      line: '10.0.1.1 10.0.1.2 40000 80 6 2 ACCEPT',
      why: '7 fields where there are 8',
    },
    {
      line: '10.0.1.1 10.0.1.2 40000 80 6 2 MAYBE OK',
      why: "'MAYBE' is not ACCEPT or REJECT",
    },
    { line: '10.0.1.1 10.0.1.2 40000 http 6 2 ACCEPT OK', why: "'http' is not a port" },
    { line: '10.0.1.1 10.0.1.2 70000 80 6 2 ACCEPT OK', why: "'70000' is not a port" },
    { line: '10.0.1.1 10.0.1.2 40000 80 tcp 2 ACCEPT OK', why: "'tcp' is not a protocol number" },
    { line: 'what is this', why: 'the line is not a flow record' },
  ])('a broken line is counted, named and skipped: $why', ({ line, why }) => {
    const good = '10.0.1.1 10.0.1.2 40000 80 6 2 ACCEPT OK';
    expect(read(HEADER, good, line)).toMatchObject({
      kind: 'read',
      value: [{ action: 'allow' }],
      warnings: [
        {
          document: 2,
          problem: `1 line or value is not a flow record and skipped; the first is line 3: ${why}`,
        },
        { problem: expect.stringContaining('stay on one node') },
      ],
    });
  });

  test('an end that is no address is said', () => {
    expect(read(HEADER, '10.0.1.1 10.0.1.999 40000 80 6 2 ACCEPT OK')).toMatchObject({
      kind: 'read',
      value: [],
      warnings: [{ problem: expect.stringContaining('not an IP address') }, {}],
    });
  });
});

describe('Calico’s flow logs', () => {
  test.each([
    {
      what: 'both ends agree',
      lines: [calico({}), calico({ reporter: 'Dst' })],
      records: ['allow shop/web -> shop/db TCP 80'],
    },
    {
      what: 'the source let it go, the destination did not',
      lines: [calico({}), calico({ reporter: 'Dst', action: 'Deny' })],
      records: ['deny shop/web -> shop/db TCP 80'],
    },
    {
      what: 'denied once, allowed later',
      lines: [calico({ action: 'Deny' }), calico({ start_time: 'u' })],
      records: ['deny shop/web -> shop/db TCP 80'],
    },
    {
      what: 'what replicas share stands for all of them',
      lines: [calico({ dest_name: 'api-5d4f8c7b9d-*' })],
      records: ['allow shop/web -> shop/api-0 TCP 80', 'allow shop/web -> shop/api-1 TCP 80'],
    },
    {
      what: 'the longest name that fits',
      lines: [calico({ dest_name: 'api-v2-5d4f8c7b9d-*' })],
      records: ['allow shop/web -> shop/api-v2-0 TCP 80'],
    },
    {
      what: 'a pod of a real cluster',
      lines: [calico({ source_name: 'api-v2-5d4f8c7b9d-x7k2p' })],
      records: ['allow shop/api-v2-0 -> shop/db TCP 80'],
    },
    {
      what: 'the internet, and an address',
      lines: [
        calico({ dest_name: 'PUBLIC NETWORK', dest_namespace: 'Global' }),
        calico({ source_name: '10.9.9.9', source_namespace: '-', protocol: 'udp' }),
      ],
      records: ['allow shop/web -> internet TCP 80', 'allow ip:10.9.9.9 -> shop/db UDP 80'],
    },
  ])('$what', ({ lines, records }) => {
    expect(recordsOf(...lines)).toEqual(records);
  });

  test('what no policy can name is left out, and said', () => {
    expect(
      read(
        calico({ protocol: 'icmp', dest_port: 0 }),
        calico({ source_name: 'PRIVATE NETWORK', source_namespace: '' }),
        calico({ source_name: 'pvt', source_namespace: '' }),
      ),
    ).toMatchObject({
      kind: 'read',
      value: [],
      warnings: [
        { document: 0, problem: expect.stringContaining('ICMP') },
        { document: 1, problem: expect.stringContaining('PRIVATE NETWORK') },
      ],
    });
  });

  test('a name that the manifests do not contain is listed, and the rest is read', () => {
    expect(read(calico({ dest_name: 'gone', source_name: 'who' }), calico({}))).toMatchObject({
      kind: 'read',
      value: [{ action: 'allow' }],
      warnings: [{ problem: expect.stringContaining('names that the manifests do not contain') }],
    });
  });

  test.each([
    { line: calico({ action: 'Maybe' }), why: "'Maybe' is not Allow or Deny" },
    { line: calico({ dest_port: 70000 }), why: "'70000' is not a port" },
    { line: calico({ protocol: 'gre' }), why: "'gre' is not TCP, UDP or SCTP" },
    { line: 'no JSON', why: 'the line is not a flow record' },
    { line: '[1]', why: 'the value is not a JSON object' },
  ])('a broken line is counted, named and skipped: $why', ({ line, why }) => {
    expect(read(calico({}), line)).toMatchObject({
      kind: 'read',
      value: [{ action: 'allow' }],
      warnings: [{ document: 1, problem: expect.stringContaining(why) }],
    });
  });
});

describe('answers of ours', () => {
  test.each([
    { what: 'a prediction', line: answer({}), records: ['allow shop/web -> shop/db TCP 80'] },
    {
      what: 'observed counts before predicted',
      line: answer({ observed: { verdict: 'denied' } }),
      records: ['deny shop/web -> shop/db TCP 80'],
    },
    {
      what: 'no way there is no flow kept',
      line: answer({ verdict: 'no-route' }),
      records: ['deny shop/web -> shop/db TCP 80'],
    },
    {
      what: 'a Service is its backends, on their own port',
      line: answer({ to: 'svc:shop/db' }),
      records: ['allow shop/web -> shop/db TCP 5432'],
    },
    {
      what: 'a named port',
      line: answer({ port: 'sql' }),
      records: ['allow shop/web -> shop/db TCP 5432'],
    },
    {
      what: 'ends of every kind',
      line: answer({ from: 'node:a', to: 'ip:10.9.9.9' }),
      records: ['allow node:a -> ip:10.9.9.9 TCP 80'],
    },
    { what: 'ICMP is left out', line: answer({ protocol: 'ICMP', port: undefined }), records: [] },
  ])('$what', ({ line, records }) => {
    expect(recordsOf(line)).toEqual(records);
  });

  test.each([
    { line: answer({ to: 'svc:shop/none' }), why: "the manifests do not contain 'svc:shop/none'" },
    { line: answer({ verdict: 'perhaps' }), why: "'perhaps' is not a verdict" },
    { line: answer({ port: 'http' }), why: "'http' is not a port of shop/db" },
  ])('a broken answer is counted, named and skipped: $why', ({ line, why }) => {
    expect(read(answer({}), line)).toMatchObject({
      kind: 'read',
      value: [{ action: 'allow' }],
      warnings: [{ document: 1, problem: expect.stringContaining(why) }],
    });
  });

  test('a verdict that is not known is no refusal: it is left out, and said', () => {
    expect(read(answer({ verdict: 'unknown' }))).toMatchObject({
      kind: 'read',
      value: [],
      warnings: [{ problem: expect.stringContaining("verdict is 'unknown'") }],
    });
  });
});

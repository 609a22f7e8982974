import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { formatEnd } from '../../lib/model/flow';
import { readRecordFiles } from '../../lib/records/open/files';
import { createRecordsReader, readRecords } from '../../lib/records/open/read';
import { node, pod } from '../build/manifests';
import { worldOf } from '../build/world-of';

/** Files as AWS, Calico, Hubble and the kernel deliver them; each has the call web -> api TCP 8080. */
const WORLD = worldOf([
  node('n1', '10.0.1.10'),
  pod('shop/web-6c7d9f8b5d-x7k2p', { ip: '10.0.1.101', ports: [8080], labels: { app: 'web' } }),
  pod('shop/api-5f4b8c7d66-q9w4z', { ip: '10.0.1.102', ports: [8080], labels: { app: 'api' } }),
]);
const CALL = 'allow shop/web-6c7d9f8b5d-x7k2p -> shop/api-5f4b8c7d66-q9w4z TCP 8080';

/** VPC guide, flow log records: the default format. */
const V2 =
  '2 123456789010 eni-1235b8ca123456789 10.0.1.101 10.0.1.102 41234 8080 6 20 4249 1418530010 1418530070 ACCEPT OK';
const FIELDS =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
/** Transit gateway guide, flow log records: every field, in AWS's order. */
const TGW =
  '6 TransitGateway 123456789010 tgw-1 tgw-attach-1 1 1 vpc-1 vpc-2 subnet-1 subnet-2 eni-1 eni-2 az1 az2 tgw-attach-2 10.0.1.101 10.0.1.102 41234 8080 6 20 4249 1418530010 1418530070 OK IPv4 0 0 0 0 2 eu-west-1 egress - -';
const whisker = {
  start_time: '2026-11-30T10:00:00Z',
  action: 'Allow',
  source_name: 'web-6c7d9f8b5d-*',
  source_namespace: 'shop',
  dest_name: 'api-5f4b8c7d66-*',
  dest_namespace: 'shop',
  protocol: 'tcp',
  dest_port: 8080,
  reporter: 'Src',
};
/** goldmane/proto/api.proto, FlowResult. */
const goldmane = {
  id: '17',
  flow: {
    Key: {
      sourceName: 'web-6c7d9f8b5d-*',
      sourceNamespace: 'shop',
      sourceType: 'WorkloadEndpoint',
      destName: 'api-5f4b8c7d66-*',
      destNamespace: 'shop',
      destType: 'WorkloadEndpoint',
      destPort: '8080',
      proto: 'tcp',
      reporter: 'Src',
      action: 'Allow',
    },
    startTime: '1764500010',
  },
};
/** Calico Enterprise, flow log data types. */
const felix = {
  start_time: 1764500010,
  source_name: '-',
  source_name_aggr: 'web-6c7d9f8b5d-*',
  source_namespace: 'shop',
  source_type: 'wep',
  dest_name: '-',
  dest_name_aggr: 'api-5f4b8c7d66-*',
  dest_namespace: 'shop',
  dest_type: 'wep',
  dest_port: 8080,
  proto: 'tcp',
  action: 'allow',
  reporter: 'src',
};
/** Cilium, api/v1/flow/flow.proto. */
const hubble = {
  flow: {
    time: '2026-11-30T10:00:00.5Z',
    verdict: 'FORWARDED',
    IP: { source: '10.0.1.102', destination: '10.0.1.101' },
    l4: { TCP: { source_port: 8080, destination_port: 41234, flags: { ACK: true } } },
    source: { namespace: 'shop', pod_name: 'api-5f4b8c7d66-q9w4z' },
    destination: { namespace: 'shop', pod_name: 'web-6c7d9f8b5d-x7k2p' },
    is_reply: true,
  },
};
const event = { timestamp: 1764500010000, message: V2 };
const batch = { messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', ...event }] };

/** A field as AWS writes it in a log format. */
const placeholder = (name: string): string => `$\{${name}}`;

const read = (text: string, logFormat?: string) =>
  readRecords({ path: 'log', text }, WORLD, { logFormat });

const flowsIn = (reading: ReturnType<typeof read>): readonly string[] => {
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.value.map(
    ({ flow: { from, to, protocol, port }, action }) =>
      `${action} ${formatEnd(from)} -> ${formatEnd(to)} ${protocol} ${port}`,
  );
};

test.each([
  ['VPC, default fields', V2],
  ['VPC, account unknown', V2.replace('123456789010', 'unknown')],
  ['S3, two objects joined', `${FIELDS}\n${V2}\n${FIELDS}\n${V2}`],
  ['the console’s format line', `${FIELDS.replace(/\S+/g, (name) => placeholder(name))}\n${V2}`],
  ['Athena’s names', `${FIELDS.replaceAll('-', '_')}\n${V2}`],
  [
    'Athena CSV',
    [FIELDS, V2].map((l) => l.replace(/\S+/g, '"$&"').replaceAll(' ', ',')).join('\n'),
  ],
  ['few fields', 'srcaddr dstaddr dstport protocol action\n10.0.1.101 10.0.1.102 8080 6 ACCEPT'],
  ['CloudWatch export', `2026-11-30T10:00:10.000Z ${V2}`],
  ['aws logs tail', `2026-11-30T10:00:10+00:00 eni-1-all ${V2}`],
  ['filter-log-events, text', `EVENTS\t36985\t1764500100000\teni-1-all\t${V2}\t1764500010000`],
  ['filter-log-events', JSON.stringify({ events: [event], searchedLogStreams: [] }, null, 4)],
  ['get-log-events', JSON.stringify({ events: [event], nextForwardToken: 'f/3' })],
  ['Insights CSV', `@timestamp,@message\n2026-11-30 10:00:10.000,${V2}`],
  ['get-query-results', JSON.stringify({ results: [[{ field: '@message', value: V2 }]] })],
  ['a subscription', JSON.stringify(batch)],
  ['Firehose, objects without line ends', JSON.stringify(batch) + JSON.stringify(batch)],
  [
    'Kinesis get-records',
    JSON.stringify({ Records: [{ Data: gzipSync(JSON.stringify(batch)).toString('base64') }] }),
  ],
  ['transit gateway', TGW],
  ['Whisker’s stream', `data: ${JSON.stringify(whisker)}\n\n:ping\n`],
  ['Whisker’s list', JSON.stringify({ total: { totalPages: 1 }, items: [whisker] })],
  ['Whisker through jq', JSON.stringify(whisker, null, 2)],
  [
    'Goldmane by grpcurl',
    `${JSON.stringify(goldmane, null, 2)}\n${JSON.stringify(goldmane, null, 2)}`,
  ],
  ['Goldmane’s list', JSON.stringify({ meta: {}, flows: [goldmane] })],
  ['Calico file log', JSON.stringify(felix)],
  ['Hubble, a reply', JSON.stringify(hubble)],
  ['Hubble, a bare flow', JSON.stringify(hubble.flow)],
  [
    'conntrack -L -o extended, through a Service',
    'ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.1.101 dst=172.20.10.1 sport=41234 dport=80 src=10.0.1.102 dst=10.0.1.101 sport=8080 dport=41234 [ASSURED] mark=0 use=1',
  ],
])('%s', (_what, text) => {
  expect(flowsIn(read(text))).toEqual([CALL]);
});

test('a log without a header line in a format of its own', () => {
  const line = '8080 6 ACCEPT 10.0.1.101 10.0.1.102 41234';
  const names = ['dstport', 'protocol', 'action', 'srcaddr', 'dstaddr', 'srcport'];
  const format = names.map(placeholder).join(' ');
  expect(flowsIn(read(line, format))).toEqual([CALL]);
});

test('files of a folder, gzip with several members', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'records-'));
  try {
    const path = join(folder, 'a.log.gz');
    writeFileSync(path, Buffer.concat([gzipSync(`${FIELDS}\n`), gzipSync(`${V2}\n${V2}\n`)]));
    const reader = createRecordsReader(WORLD);
    await readRecordFiles([{ path }], reader);
    const { records, files } = reader.result();
    expect(records.map(({ evidence }) => evidence.records)).toEqual([2]);
    expect(files).toMatchObject([{ records: { 'VPC flow log': 2, 'header line': 1 }, skipped: 0 }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"list"}', 'a Kubernetes audit log'],
  ['{"eventVersion":"1.08","eventSource":"ec2.amazonaws.com"}', 'an AWS CloudTrail log'],
  ['Nov 30 10:00:00.117: shop/web:1 (ID:28) -> shop/api:8080 (ID:9) FORWARDED', 'Hubble’s compact'],
  ['apiVersion: v1\nkind: Pod', 'YAML objects'],
])('a file without records is refused by what it is: %s', (text, what) => {
  expect(read(text)).toMatchObject({
    kind: 'problems',
    problems: [{ problem: expect.stringContaining(`this is ${what}`) }],
  });
});

/** Lines `a:port b:port` of one direction each, without flags. */
const packets = (...all: readonly string[]): string =>
  [
    'srcaddr srcport dstaddr dstport protocol action',
    ...all.map((line) => `${line.replaceAll(':', ' ')} 6 ACCEPT`),
  ].join('\n');

test.each([
  {
    what: 'the port that stays while the far side’s changes',
    lines: [
      '10.9.0.5:1500 10.0.1.101:3333',
      '10.0.1.101:3333 10.9.0.5:1500',
      '10.9.0.5:2411 10.0.1.101:3333',
    ],
    flows: ['allow ip:10.9.0.5 -> shop/web-6c7d9f8b5d-x7k2p TCP 3333'],
  },
  {
    what: 'a port below 1024',
    lines: ['10.9.0.5:22 10.0.1.101:20641'],
    flows: ['allow shop/web-6c7d9f8b5d-x7k2p -> ip:10.9.0.5 TCP 22'],
  },
  {
    what: 'two unusual ports, seen once: it stays unknown',
    lines: ['10.0.1.101:41000 10.9.0.5:50052', '10.9.0.5:50052 10.0.1.101:41000'],
    flows: [],
  },
])('who called: $what', ({ lines, flows }) => {
  expect(flowsIn(read(packets(...lines)))).toEqual(flows);
});

test('the address of a pod that is gone gives no flow, and is said', () => {
  const reading = read(packets('10.0.1.222:41234 10.0.1.102:8080'));
  expect(flowsIn(reading)).toEqual([]);
  expect(reading).toMatchObject({
    warnings: [
      { problem: expect.stringContaining('addresses of pods that the manifests do not') },
      {},
    ],
  });
});

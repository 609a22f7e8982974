import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Sample } from './shop';
import { API, CALL, HEADER, REPLY, REQUEST, START, WEB } from './vpc';

const event = { timestamp: START * 1000, message: REQUEST, ingestionTime: START * 1000 + 90_000 };
const batch = {
  messageType: 'DATA_MESSAGE',
  owner: '123456789010',
  logGroup: '/vpc/flow',
  logStream: 'eni-0a1b2c3d4e5f60001-all',
  subscriptionFilters: ['all'],
  logEvents: [{ id: '3698', ...event }],
};
const json = (value: unknown, indent?: number): string =>
  `${JSON.stringify(value, null, indent)}\n`;
const s3 = (...records: readonly string[]): Uint8Array =>
  gzipSync([HEADER, ...records, ''].join('\n'));
const csv = (line: string, quote = '"'): string =>
  line
    .split(' ')
    .map((field) => `${quote}${field}${quote}`)
    .join(',');

/** Flow logs of a VPC as AWS delivers and exports them. */
export const VPC_DELIVERED: readonly Sample[] = [
  { name: 'an object of S3', content: s3(REQUEST), calls: [CALL] },
  {
    name: 'two objects of S3 joined',
    content: Buffer.concat([s3(REQUEST), s3(REPLY)]),
    calls: [CALL],
  },
  {
    name: 'Parquet',
    content: readFileSync(join(__dirname, '../files/vpc-flow-log.gzip.parquet')),
    calls: [CALL],
    says: ['no-data', 'skipped-data'],
  },
  {
    name: 'CloudWatch’s export to S3',
    content: gzipSync(`2026-11-30T10:00:10.000Z ${REQUEST}\n`),
    calls: [CALL],
  },
  {
    name: 'filter-log-events, JSON',
    content: json(
      { events: [{ logStreamName: 'eni-1-all', ...event }], searchedLogStreams: [] },
      4,
    ),
    calls: [CALL],
  },
  { name: 'filter-log-events, a line', content: json({ events: [event] }), calls: [CALL] },
  {
    name: 'filter-log-events, text',
    content: `EVENTS\t36985\t${START * 1000}\teni-1-all\t${REQUEST}\t${START * 1000}\n`,
    calls: [CALL],
  },
  {
    name: 'get-log-events, JSON',
    content: json({ events: [event], nextForwardToken: 'f/3', nextBackwardToken: 'b/3' }, 4),
    calls: [CALL],
  },
  { name: 'messages by --query, tabs between', content: `${REQUEST}\t${REPLY}\n`, calls: [CALL] },
  {
    name: 'logs tail',
    content: `2026-11-30T10:00:10+00:00 eni-0a1b2c3d4e5f60001-all ${REQUEST}\n`,
    calls: [CALL],
  },
  {
    name: 'Logs Insights, CSV of the console',
    content: `@timestamp,@message\n2026-11-30 10:00:10.000,${REQUEST}\n`,
    calls: [CALL],
  },
  {
    name: 'Logs Insights, get-query-results',
    content: json({ results: [[{ field: '@message', value: REQUEST }]], status: 'Complete' }, 4),
    calls: [CALL],
  },
  {
    name: 'Athena, CSV',
    content: `${csv(HEADER.replaceAll('-', '_'))}\n${csv(REQUEST)}\n`,
    calls: [CALL],
  },
  {
    name: 'CSV without quotes',
    content: `${csv(HEADER, '')}\n${csv(REQUEST, '')}\n`,
    calls: [CALL],
  },
  { name: 'a subscription’s batch', content: json(batch), calls: [CALL] },
  {
    name: 'Firehose, batches without line ends',
    content: json(batch).trim() + json(batch).trim(),
    calls: [CALL],
  },
  {
    name: 'Firehose, a message a line',
    content: json({ message: REQUEST }) + json({ message: REPLY }),
    calls: [CALL],
  },
  {
    name: 'Kinesis get-records',
    content: json({ Records: [{ Data: gzipSync(JSON.stringify(batch)).toString('base64') }] }, 4),
    calls: [CALL],
  },
  {
    name: 'the console’s format line',
    content: `${HEADER.replace(/\S+/g, (name) => `$\{${name}}`)}\n${REQUEST}\n`,
    calls: [CALL],
  },
  {
    name: 'PowerShell’s UTF-16',
    content: Buffer.from(`\ufeff${HEADER}\r\n${REQUEST}\r\n`, 'utf16le'),
    calls: [CALL],
  },
];

const gateway = (from: string, to: string, ports: readonly [number, number], lost = 0): string =>
  `6 TransitGateway 123456789010 tgw-1 tgw-attach-1 1 1 vpc-1 vpc-2 subnet-1 subnet-2 eni-1 eni-2 az1 az2 tgw-attach-2 ${from} ${to} ${ports.join(' ')} 6 20 4249 ${START} ${START + 60} OK IPv4 ${lost} 0 0 0 2 eu-west-1 egress - -`;

/** Transit gateway flow logs (transit gateway guide, flow log records). */
export const TRANSIT_GATEWAY: readonly Sample[] = [
  { name: 'default fields', content: `${gateway(WEB, API, [41234, 8080])}\n`, calls: [CALL] },
  {
    name: 'fields of one’s own',
    content: `tgw-id srcaddr dstaddr srcport dstport protocol packets-lost-no-route\ntgw-1 ${WEB} ${API} 41234 8080 6 0\n`,
    calls: [CALL],
  },
  {
    name: 'no route',
    content: `${gateway(WEB, API, [41234, 8080], 4)}\n`,
    calls: [`deny ${CALL}`],
  },
];

const tracked = (rest: string): string => `tcp      6 431999 ${rest}\n`;

/** Connection lists of a node (conntrack(8)). */
export const CONNTRACK: readonly Sample[] = [
  {
    name: 'to a pod',
    content: tracked(
      `ESTABLISHED src=${WEB} dst=${API} sport=41234 dport=8080 src=${API} dst=${WEB} sport=8080 dport=41234 [ASSURED] mark=0 use=1`,
    ),
    calls: [CALL],
  },
  {
    name: 'extended, through a Service',
    content: `ipv4     2 ${tracked(`ESTABLISHED src=${WEB} dst=172.20.10.1 sport=41234 dport=80 src=${API} dst=${WEB} sport=8080 dport=41234 [ASSURED] mark=0 use=1`)}`,
    calls: [CALL],
  },
  {
    name: 'without an answer',
    content: tracked(
      `SYN_SENT src=${WEB} dst=${API} sport=41234 dport=8080 [UNREPLIED] src=${API} dst=${WEB} sport=8080 dport=41234 mark=0 use=1`,
    ),
    calls: [],
    says: ['unanswered'],
  },
];

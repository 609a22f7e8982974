import type { Sample } from './shop';

/** Addresses of the shop. */
export const WEB = '10.0.1.101';
const WEB2 = '10.0.2.101';
export const API = '10.0.1.102';
const DB = '10.0.1.103';
const DNS = '10.0.1.53';
const PROMETHEUS = '10.0.2.104';
const NODE = '10.0.1.10';
const CLIENT = '10.9.0.5';

/** A record in the default format (VPC guide, flow log records). */
export interface Fields {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly [number, number];
  readonly protocol?: number;
  readonly action?: 'ACCEPT' | 'REJECT';
  readonly start?: number;
  readonly account?: string;
  readonly interface?: string;
}

export const START = 1764500010;

export const v2 = (fields: Fields): string => {
  const { from, to, ports, protocol = 6, action = 'ACCEPT', start = START } = fields;
  const { account = '123456789010', interface: eni = 'eni-0a1b2c3d4e5f60001' } = fields;
  return `2 ${account} ${eni} ${from} ${to} ${ports.join(' ')} ${protocol} 20 4249 ${start} ${start + 60} ${action} OK`;
};

export const REQUEST = v2({ from: WEB, to: API, ports: [41234, 8080] });
export const REPLY = v2({ from: API, to: WEB, ports: [8080, 41234] });
export const CALL = 'web -> api 8080';
const withoutData = (status: string): string =>
  `2 123456789010 eni-0a1b2c3d4e5f60001 - - - - - - - ${START} ${START + 60} - ${status}`;
export const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

/** Records of the default format, without and with a header line. */
export const VPC_LINES: readonly Sample[] = [
  { name: 'a request', content: lines(REQUEST), calls: [CALL] },
  { name: 'a request with its reply', content: lines(REQUEST, REPLY), calls: [CALL] },
  { name: 'a reply alone', content: lines(REPLY), calls: [CALL] },
  { name: 'a header line', content: lines(HEADER, REQUEST), calls: [CALL] },
  {
    name: 'line ends of Windows',
    content: lines(HEADER, REQUEST).replaceAll('\n', '\r\n'),
    calls: [CALL],
  },
  { name: 'a byte order mark', content: `\ufeff${lines(HEADER, REQUEST)}`, calls: [CALL] },
  {
    name: 'a window without traffic',
    content: lines(REQUEST, withoutData('NODATA')),
    calls: [CALL],
    says: ['no-data'],
  },
  {
    name: 'a window that was not captured',
    content: lines(REQUEST, withoutData('SKIPDATA')),
    calls: [CALL],
    says: ['skipped-data'],
  },
  {
    name: 'rejected',
    content: lines(REQUEST.replace('ACCEPT', 'REJECT')),
    calls: [`deny ${CALL}`],
  },
  {
    name: 'accepted, and its reply rejected',
    content: lines(REQUEST, REPLY.replace('ACCEPT', 'REJECT')),
    calls: [`deny ${CALL}`],
  },
  {
    name: 'rejected at first, accepted later',
    content: lines(
      v2({ from: WEB, to: API, ports: [41234, 8080], action: 'REJECT' }),
      v2({ from: WEB, to: API, ports: [41300, 8080], start: START + 600 }),
    ),
    calls: [CALL, `deny ${CALL}`],
  },
  {
    name: 'accepted, and one packet rejected after its end',
    content: lines(
      REQUEST,
      v2({ from: WEB, to: API, ports: [41234, 8080], action: 'REJECT', start: START + 120 }),
    ),
    calls: [CALL],
  },
  {
    name: 'ICMP',
    content: lines(REQUEST, v2({ from: WEB, to: API, ports: [0, 0], protocol: 1 })),
    calls: [CALL],
    says: ['no-ports'],
  },
  {
    name: 'GRE',
    content: lines(REQUEST, v2({ from: WEB, to: API, ports: [0, 0], protocol: 47 })),
    calls: [CALL],
    says: ['no-ports'],
  },
  {
    name: 'SCTP',
    content: lines(v2({ from: WEB, to: DB, ports: [40001, 5432], protocol: 132 })),
    calls: ['web -> db 5432/SCTP'],
  },
  {
    name: 'DNS and its answer',
    content: lines(
      v2({ from: WEB, to: DNS, ports: [40001, 53], protocol: 17 }),
      v2({ from: DNS, to: WEB, ports: [53, 40001], protocol: 17 }),
    ),
    calls: ['web -> dns 53/UDP'],
  },
  {
    name: 'a client outside over IPv6',
    content: lines(v2({ from: '2001:db8::7', to: WEB, ports: [50000, 8080] })),
    calls: ['2001:db8::7 -> web 8080'],
  },
  {
    name: 'a load balancer’s low client port on a declared port',
    content: lines(
      v2({ from: CLIENT, to: WEB, ports: [1500, 8080] }),
      v2({ from: WEB, to: CLIENT, ports: [8080, 1500] }),
    ),
    calls: ['10.9.0.5 -> web 8080'],
  },
  {
    name: 'an unknown account',
    content: lines(v2({ from: WEB, to: API, ports: [41234, 8080], account: 'unknown' })),
    calls: [CALL],
  },
  {
    name: 'two interfaces that disagree',
    content: lines(
      REQUEST,
      v2({ from: WEB, to: API, ports: [41234, 8080], action: 'REJECT', interface: 'eni-2' }),
    ),
    calls: [`deny ${CALL}`],
  },
  {
    name: 'one broken line',
    content: lines(REQUEST, REQUEST.replace('8080', 'http')),
    calls: [CALL],
    says: ['skipped'],
  },
  {
    name: 'one foreign line',
    content: lines('Nov 30 10:00:00 host sshd[1]: session opened', REQUEST),
    calls: [CALL],
    says: ['skipped'],
  },
  { name: 'nothing', content: '', refused: 'the file is empty' },
  {
    name: 'a header line alone',
    content: lines(HEADER),
    calls: [],
  },
];

const V5 =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path';

interface V5Fields {
  readonly own: readonly [string, string];
  readonly packet: readonly [string, string];
  readonly ports: readonly [number, number];
  readonly flags?: number;
  readonly services?: readonly [string, string];
}

const v5 = ({ own, packet, ports, flags = 3, services = ['-', '-'] }: V5Fields): string =>
  `5 123456789010 eni-0a1b2c3d4e5f60001 ${own.join(' ')} ${ports.join(' ')} 6 14 15044 ${START} ${START + 60} ACCEPT OK vpc-0abc subnet-0aaa i-0123 ${flags} IPv4 ${packet.join(' ')} eu-west-1 euw1-az1 - - ${services.join(' ')} egress 1`;

const PAIR = [WEB, API] as const;
const PORTS = [41234, 8080] as const;
const placeholder = (name: string): string => `$\{${name}}`;

/** Formats of one’s own, with versions 3 to 10 of the fields. */
export const VPC_CUSTOM: readonly Sample[] = [
  {
    name: 'every field of version 5',
    content: lines(V5, v5({ own: PAIR, packet: PAIR, ports: PORTS })),
    calls: [CALL],
  },
  {
    name: 'the packet’s addresses before those of the interfaces',
    content: lines(V5, v5({ own: [NODE, '10.0.2.10'], packet: PAIR, ports: PORTS })),
    calls: [CALL],
  },
  {
    name: 'a reply by its flags',
    content: lines(
      V5,
      v5({ own: [API, WEB], packet: [API, WEB], ports: [8080, 41234], flags: 19 }),
    ),
    calls: [CALL],
  },
  {
    name: 'through a NAT gateway',
    content: lines(
      V5,
      v5({ own: ['10.0.0.7', '140.82.121.4'], packet: [API, '140.82.121.4'], ports: [41234, 443] }),
    ),
    calls: ['api -> 140.82.121.4 443'],
  },
  {
    name: 'a service of AWS',
    content: lines(
      V5,
      v5({
        own: [API, '3.5.64.1'],
        packet: [API, '3.5.64.1'],
        ports: [41234, 443],
        services: ['-', 'S3'],
      }),
    ),
    calls: ['api -> 3.5.64.1 443'],
  },
  {
    name: 'reject-reason of version 8',
    content: lines(
      'srcaddr dstaddr srcport dstport protocol action log-status reject-reason',
      `${WEB} ${API} 41234 8080 6 REJECT OK BPA`,
    ),
    calls: [`deny ${CALL}`],
  },
  {
    name: 'ECS fields of version 7',
    content: lines(
      'srcaddr dstaddr srcport dstport protocol action ecs-cluster-name ecs-task-id',
      `${WEB} ${API} 41234 8080 6 ACCEPT shop -`,
    ),
    calls: [CALL],
  },
  {
    name: 'fields of version 10 that are not known here',
    content: lines(
      'srcaddr dstaddr srcport dstport protocol action encryption-status resource-id',
      `${WEB} ${API} 41234 8080 6 ACCEPT 1 -`,
    ),
    calls: [CALL],
  },
  {
    name: 'without client ports',
    content: lines('srcaddr dstaddr dstport protocol action', `${WEB} ${API} 8080 6 ACCEPT`),
    calls: [CALL],
  },
  {
    name: 'packet addresses alone',
    content: lines(
      'pkt-srcaddr pkt-dstaddr dstport protocol action',
      `${WEB} ${API} 8080 6 ACCEPT`,
    ),
    calls: [CALL],
  },
  {
    name: 'another order of fields',
    content: lines(
      'action protocol dstport srcport dstaddr srcaddr',
      `ACCEPT 6 8080 41234 ${API} ${WEB}`,
    ),
    calls: [CALL],
  },
  {
    name: 'no header line, and --log-format',
    content: lines(`8080 6 ACCEPT ${WEB} ${API} 41234`),
    logFormat: ['dstport', 'protocol', 'action', 'srcaddr', 'dstaddr', 'srcport']
      .map(placeholder)
      .join(' '),
    calls: [CALL],
  },
  {
    name: 'no header line and no format',
    content: lines(
      `3 vpc-0abc subnet-0aaa i-0123 eni-0a1b2c3d4e5f60001 123456789010 IPv4 ${WEB} ${API} 41234 8080`,
    ),
    refused: 'no header line names them',
  },
  {
    name: 'two formats in one file',
    content: lines(
      V5,
      v5({ own: PAIR, packet: PAIR, ports: PORTS }),
      'srcaddr dstaddr dstport protocol action',
      `${API} ${DB} 5432 6 ACCEPT`,
    ),
    calls: ['api -> db 5432', CALL],
  },
  {
    name: 'Athena’s names with spaces',
    content: lines(
      V5.replaceAll('-', '_'),
      v5({ own: [NODE, '10.0.2.10'], packet: PAIR, ports: PORTS }),
    ),
    calls: [CALL],
  },
];

const between = (a: string, b: string, ports: readonly (readonly [number, number])[]): string =>
  lines(
    ...ports.flatMap(([x, y]) => [
      v2({ from: a, to: b, ports: [x, y] }),
      v2({ from: b, to: a, ports: [y, x] }),
    ]),
  );

const flagged = (...all: readonly (readonly [string, string, number, number, number])[]): string =>
  lines(
    'srcaddr dstaddr srcport dstport protocol tcp-flags action',
    ...all.map(([from, to, x, y, flags]) => `${from} ${to} ${x} ${y} 6 ${flags} ACCEPT`),
  );

/** Which side called, where no port is declared. */
export const VPC_CALLER: readonly Sample[] = [
  {
    name: 'both ports high: the one that stays is the server’s',
    content: between(API, CLIENT, [
      [41000, 50051],
      [41002, 50051],
    ]),
    calls: ['api -> 10.9.0.5 50051'],
  },
  {
    name: 'low client ports of a load balancer',
    content: between('10.9.0.77', WEB, [
      [1500, 3000],
      [2411, 3000],
    ]),
    calls: ['10.9.0.77 -> web 3000'],
  },
  {
    name: 'AWS’ own example port against a well-known one',
    content: between(API, CLIENT, [[20641, 5432]]),
    calls: ['api -> 10.9.0.5 5432'],
  },
  {
    name: 'flags FIN alone',
    content: flagged(
      [API, CLIENT, 41000, 50051, 3],
      [CLIENT, API, 50051, 41000, 1],
      [API, CLIENT, 41002, 50051, 1],
      [CLIENT, API, 50051, 41002, 1],
    ),
    calls: ['api -> 10.9.0.5 50051'],
  },
  {
    name: 'a SYN in one window decides for the next',
    content: flagged(
      [API, CLIENT, 41000, 50051, 2],
      [CLIENT, API, 50051, 41000, 18],
      [API, CLIENT, 41000, 50051, 0],
      [CLIENT, API, 50051, 41000, 0],
    ),
    calls: ['api -> 10.9.0.5 50051'],
  },
  {
    name: 'one long connection to the port of gRPC',
    content: flagged([API, CLIENT, 41000, 50051, 0], [CLIENT, API, 50051, 41000, 0]),
    calls: ['api -> 10.9.0.5 50051'],
  },
  {
    name: 'one long connection between two unusual ports: it stays unknown',
    content: flagged([API, CLIENT, 41000, 50052, 0], [CLIENT, API, 50052, 41000, 0]),
    calls: [],
    says: ['caller-unknown'],
  },
  {
    name: 'pods without declared ports call each other in a row',
    content: between(WEB, DB, [
      [40001, 50051],
      [40014, 50051],
      [40027, 50051],
    ]),
    calls: ['web -> db 50051'],
  },
  {
    name: 'an end that is client and server',
    content:
      between(WEB, API, [
        [40001, 8080],
        [40002, 8080],
      ]) +
      between(API, WEB, [
        [40003, 8080],
        [40004, 8080],
      ]),
    calls: ['api -> web 8080', CALL],
  },
  {
    name: 'UDP with two high ports, seen once',
    content: lines(v2({ from: API, to: CLIENT, ports: [41000, 50052], protocol: 17 })),
    calls: [],
    says: ['caller-unknown'],
  },
];

const later = new Date((START + 7200) * 1000).toISOString();

/** Who had an address at that time. */
export const VPC_WHO: readonly Sample[] = [
  {
    name: 'a pod that is gone',
    content: lines(REQUEST, v2({ from: '10.0.1.222', to: API, ports: [41234, 8080] })),
    calls: [CALL],
    says: ['gone-address'],
  },
  {
    name: 'a node calls out: any of its pods may have',
    content: lines(v2({ from: NODE, to: '140.82.121.4', ports: [41234, 443] })),
    calls: ['node:n1 -> 140.82.121.4 443'],
    says: ['hidden-by-node'],
  },
  {
    name: 'a node calls a pod',
    content: lines(v2({ from: NODE, to: WEB, ports: [41234, 8080] })),
    calls: ['node:n1 -> web 8080'],
  },
  {
    name: 'another cluster',
    content: lines(v2({ from: '10.50.0.7', to: '10.50.0.9', ports: [41234, 8080] })),
    calls: ['10.50.0.7 -> 10.50.0.9 8080'],
  },
  {
    name: 'the pod started after the record',
    content: lines(v2({ from: '10.0.1.130', to: DB, ports: [41234, 5432] })),
    more: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { namespace: 'shop', name: 'cart', labels: { app: 'cart' } },
        spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'x' }] },
        status: { phase: 'Running', podIP: '10.0.1.130', startTime: later },
      },
    ],
    calls: [],
    says: ['other-time'],
  },
  {
    name: 'a pod of a Job that ended had it then',
    content: lines(v2({ from: '10.0.1.130', to: DB, ports: [41234, 5432] })),
    more: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          namespace: 'shop',
          name: 'report-29408330-b7h2k',
          labels: { app: 'report', 'job-name': 'report-29408330' },
          ownerReferences: [
            {
              apiVersion: 'batch/v1',
              kind: 'Job',
              name: 'report-29408330',
              controller: true,
              uid: 'u',
            },
          ],
        },
        spec: { nodeName: 'n1', restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] },
        status: {
          phase: 'Succeeded',
          podIP: '10.0.1.130',
          startTime: new Date((START - 60) * 1000).toISOString(),
          containerStatuses: [
            {
              name: 'c',
              state: { terminated: { finishedAt: new Date((START + 300) * 1000).toISOString() } },
            },
          ],
        },
      },
    ],
    calls: ['report -> db 5432'],
  },
  {
    name: 'windows without traffic alone',
    content: lines(withoutData('NODATA')),
    calls: [],
    says: ['no-data'],
  },
  {
    name: 'a Service’s cluster address',
    content: lines(v2({ from: WEB, to: '172.20.10.1', ports: [41234, 80] })),
    calls: [CALL],
  },
  {
    name: 'replicas on two nodes, and another namespace',
    content: lines(
      v2({ from: WEB2, to: API, ports: [41234, 8080] }),
      v2({ from: PROMETHEUS, to: API, ports: [41234, 8080] }),
    ),
    calls: ['prometheus -> api 8080', CALL],
  },
];

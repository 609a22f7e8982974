import type { Sample } from './shop';
import { CALL } from './vpc';

interface HubbleFields {
  readonly from?: object;
  readonly to?: object;
  readonly l4?: object;
  readonly more?: object;
}

const WEB = { namespace: 'shop', pod_name: 'web-6c7d9f8b5d-x7k2p' };
const API = { namespace: 'shop', pod_name: 'api-5f4b8c7d66-x7k2p' };
const DB = { namespace: 'shop', pod_name: 'db-0' };

/** A flow of Hubble (cilium/cilium api/v1/flow/flow.proto: Flow). */
const hubble = ({ from = WEB, to = API, l4, more = {} }: HubbleFields = {}) => ({
  time: '2026-11-30T10:00:00.517394084Z',
  verdict: 'FORWARDED',
  IP: { source: '10.0.1.101', destination: '10.0.1.102', ipVersion: 'IPv4' },
  l4: l4 ?? { TCP: { source_port: 41234, destination_port: 8080, flags: { SYN: true } } },
  source: from,
  destination: to,
  Type: 'L3_L4',
  node_name: 'n1',
  is_reply: false,
  ...more,
});
const lines = (...values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
const observed = (fields?: HubbleFields) => ({ flow: hubble(fields), node_name: 'n1' });
const tcp = (source_port: number, destination_port: number) => ({
  TCP: { source_port, destination_port },
});

export const HUBBLE: readonly Sample[] = [
  {
    name: 'observe -o json: a call and its reply',
    content: lines(
      observed(),
      observed({ from: API, to: WEB, l4: tcp(8080, 41234), more: { is_reply: true } }),
    ),
    calls: [CALL],
  },
  { name: 'a bare flow', content: lines(hubble()), calls: [CALL] },
  {
    name: 'the exporter with a field mask: no is_reply',
    content: lines({ flow: { ...hubble(), is_reply: undefined } }),
    calls: [CALL],
  },
  {
    name: 'dropped by policy',
    content: lines(
      observed(),
      observed({
        to: DB,
        l4: tcp(41235, 5432),
        more: { verdict: 'DROPPED', drop_reason_desc: 'POLICY_DENIED' },
      }),
    ),
    calls: ['deny web -> db 5432', CALL],
  },
  {
    name: 'dropped for another reason',
    content: lines(
      observed(),
      observed({
        to: DB,
        l4: tcp(41235, 5432),
        more: { verdict: 'DROPPED', drop_reason_desc: 'STALE_OR_UNROUTABLE_IP' },
      }),
    ),
    calls: [CALL],
    says: ['other-drop'],
  },
  {
    name: 'the world outside',
    content: lines(
      observed({
        from: API,
        to: { labels: ['reserved:world'] },
        l4: tcp(41234, 443),
        more: { IP: { source: '10.0.1.102', destination: '140.82.121.4' } },
      }),
    ),
    calls: ['api -> 140.82.121.4 443'],
  },
  {
    name: 'DNS',
    content: lines(
      observed({
        to: { namespace: 'kube-system', pod_name: 'coredns-7b98449c4-d8f2k' },
        l4: { UDP: { source_port: 41234, destination_port: 53 } },
      }),
    ),
    calls: ['web -> dns 53/UDP'],
  },
  {
    name: 'a node’s probe of its own pod',
    content: lines(observed(), observed({ from: { labels: ['reserved:host'] } })),
    calls: [CALL],
    says: ['own-node'],
  },
  {
    name: 'a pod that is gone, with its workload',
    content: lines(
      observed({
        from: {
          namespace: 'shop',
          pod_name: 'web-7d9f6c5b48-zzzzz',
          workloads: [{ name: 'web', kind: 'Deployment' }],
        },
      }),
    ),
    calls: [CALL],
  },
  {
    name: 'events that were lost',
    content: lines(observed(), { lost_events: { source: 'HUBBLE_RING_BUFFER' } }),
    calls: [CALL],
    says: ['lost-records'],
  },
];

const answer = (fields: object = {}) => ({
  from: 'shop/web-6c7d9f8b5d-x7k2p',
  to: 'shop/api-5f4b8c7d66-x7k2p',
  protocol: 'TCP',
  port: 8080,
  verdict: 'allowed',
  ...fields,
});

/** Answers of lab itself. */
export const ANSWERS: readonly Sample[] = [
  { name: 'a prediction', content: lines(answer()), calls: [CALL] },
  { name: 'a plain flow', content: lines(answer({ verdict: undefined })), calls: [CALL] },
  {
    name: 'observed before predicted',
    content: lines(answer({ observed: { verdict: 'denied' } })),
    calls: [`deny ${CALL}`],
  },
  {
    name: 'an unknown verdict',
    content: lines(answer(), answer({ to: 'internet', port: 443, verdict: 'unknown' })),
    calls: [CALL],
    says: ['unknown-verdict'],
  },
  { name: 'a Service', content: lines(answer({ to: 'svc:shop/api', port: 80 })), calls: [CALL] },
  {
    name: 'a Service without backends',
    content: lines(answer({ to: 'svc:shop/lonely', port: 80 })),
    more: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace: 'shop', name: 'lonely' },
        spec: { selector: { app: 'nobody' }, ports: [{ port: 80 }] },
      },
    ],
    calls: [],
    says: ['no-backends'],
  },
  {
    name: 'a Service that is not there',
    content: lines(answer(), answer({ to: 'svc:shop/none', port: 80 })),
    calls: [CALL],
    says: ['skipped'],
  },
  {
    name: 'ICMP',
    content: lines(answer(), answer({ protocol: 'ICMP', port: undefined })),
    calls: [CALL],
    says: ['no-ports'],
  },
];

/** Files that people take for flow logs. */
export const FOREIGN: readonly Sample[] = [
  {
    name: 'Kubernetes audit',
    content: lines({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'Metadata',
      verb: 'list',
    }),
    refused: 'this is a Kubernetes audit log',
  },
  {
    name: 'Inspektor Gadget',
    content: lines({ k8s: { namespace: 'shop' }, pktType: 'OUTGOING', proto: 'tcp', port: 8080 }),
    refused: 'this is output of Inspektor Gadget',
  },
  {
    name: 'Hubble’s compact text',
    content:
      'Nov 30 10:00:00.117: shop/web:48122 (ID:28411) -> shop/api:8080 (ID:9120) to-endpoint FORWARDED (TCP Flags: SYN)\n',
    refused: 'this is Hubble’s compact text (use -o json)',
  },
  {
    name: 'half a Parquet file',
    content: 'PAR1\u0000\u0000PAR1',
    refused: 'this is a Parquet file that is not whole',
  },
  {
    name: 'CloudTrail',
    content: JSON.stringify({
      Records: [{ eventVersion: '1.08', eventSource: 'ec2.amazonaws.com' }],
    }),
    refused: 'this is an AWS CloudTrail log',
  },
  {
    name: 'tcpdump',
    content: '10:00:00.117 IP 10.0.1.101.41234 > 10.0.1.102.8080: Flags [S], seq 1\n',
    refused: 'this is output of tcpdump',
  },
  {
    name: 'objects of a cluster',
    content: 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\n',
    refused: 'this is YAML objects, not records',
  },
  {
    name: 'a picture',
    content: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
    refused: 'this is a picture',
  },
  {
    name: 'a capture',
    content: Buffer.from([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    refused: 'this is a packet capture (pcap)',
  },
];

import type { Sample } from './shop';
import { CALL } from './vpc';

const TIME = '2026-11-30T10:00:00Z';

/** A flow in the names of Whisker's backend (whisker-backend/pkg/apis/v1: FlowResponse). */
const whisker = (fields: object = {}) => ({
  start_time: TIME,
  end_time: '2026-11-30T10:00:15Z',
  action: 'Allow',
  source_name: 'web-6c7d9f8b5d-*',
  source_namespace: 'shop',
  source_labels: 'app=web | pod-template-hash=6c7d9f8b5d',
  dest_name: 'api-5f4b8c7d66-*',
  dest_namespace: 'shop',
  dest_labels: 'app=api',
  protocol: 'tcp',
  dest_port: 8080,
  reporter: 'Src',
  policies: { enforced: [], pending: [] },
  packets_in: 5,
  packets_out: 6,
  bytes_in: 400,
  bytes_out: 500,
  ...fields,
});

const lines = (...flows: readonly object[]): string =>
  flows.map((flow) => `${JSON.stringify(flow)}\n`).join('');
const DST = { reporter: 'Dst' };
const TO_DB = { dest_name: 'db-*', dest_port: 5432 };
const FROM_GONE = { source_name: 'report-28912345-*' };

const partner = (kind: string, name: string, namespace?: string) => ({
  apiVersion: 'projectcalico.org/v3',
  kind,
  metadata: namespace === undefined ? { name } : { name, namespace },
  spec: { nets: ['198.51.100.0/24'] },
});

/** Lines of flows in Whisker's names. */
export const WHISKER_LINES: readonly Sample[] = [
  { name: 'both ends agree', content: lines(whisker(), whisker(DST)), calls: [CALL] },
  { name: 'the source alone', content: lines(whisker()), calls: [CALL] },
  { name: 'the destination alone', content: lines(whisker(DST)), calls: [CALL] },
  {
    name: 'the destination denies',
    content: lines(whisker(), whisker({ ...DST, action: 'Deny' })),
    calls: [`deny ${CALL}`],
    says: ['allowed-and-denied'],
  },
  {
    name: 'the destination denies in another window',
    content: lines(
      whisker(),
      whisker({ ...DST, action: 'Deny', start_time: '2026-11-30T10:00:15Z' }),
    ),
    calls: [`deny ${CALL}`],
    says: ['allowed-and-denied'],
  },
  {
    name: 'the source denies',
    content: lines(whisker({ action: 'Deny' })),
    calls: [`deny ${CALL}`],
  },
  {
    name: 'another hash of the same Deployment',
    content: lines(whisker({ dest_name: 'api-7d9f6c5b48-*' })),
    calls: [CALL],
  },
  { name: 'a StatefulSet', content: lines(whisker(TO_DB)), calls: ['web -> db 5432'] },
  {
    name: 'one pod by its name',
    content: lines(whisker({ source_name: 'web-6c7d9f8b5d-x7k2p' })),
    calls: [CALL],
  },
  {
    name: 'DNS of another namespace',
    content: lines(
      whisker({
        dest_name: 'coredns-7b98449c4-*',
        dest_namespace: 'kube-system',
        dest_port: 53,
        protocol: 'udp',
      }),
    ),
    calls: ['web -> dns 53/UDP'],
  },
  {
    name: 'ICMP',
    content: lines(whisker(), whisker({ protocol: 'icmp', dest_port: 0 })),
    calls: [CALL],
    says: ['no-ports'],
  },
  {
    name: 'SCTP',
    content: lines(whisker({ protocol: 'sctp' })),
    calls: ['web -> api 8080/SCTP'],
  },
  {
    name: 'PUBLIC NETWORK',
    content: lines(whisker({ dest_name: 'PUBLIC NETWORK', dest_namespace: '-', dest_port: 443 })),
    calls: ['web -> internet 443'],
  },
  {
    name: 'PRIVATE NETWORK',
    content: lines(whisker(), whisker({ source_name: 'PRIVATE NETWORK', source_namespace: '-' })),
    calls: [CALL],
    says: ['private-network'],
  },
  {
    name: 'pub and pvt, as Goldmane says them',
    content: lines(
      whisker({ dest_name: 'pub', dest_namespace: '', dest_port: 443 }),
      whisker({ source_name: 'pvt', source_namespace: '' }),
    ),
    calls: ['web -> internet 443'],
    says: ['private-network'],
  },
  {
    name: 'a workload that is gone',
    content: lines(whisker(), whisker({ ...FROM_GONE, ...TO_DB })),
    calls: [CALL],
    says: ['name'],
  },
  {
    name: 'a namespace that is gone',
    content: lines(whisker(), whisker({ source_name: 'x-5d4f8c9d7b-*', source_namespace: 'old' })),
    calls: [CALL],
    says: ['name'],
  },
  {
    name: 'a StatefulSet of a like name that is gone',
    content: lines(whisker(), whisker({ source_name: 'api-cache-*', ...TO_DB })),
    calls: [CALL],
    says: ['name'],
  },
  {
    name: 'the last run of a CronJob, completed',
    content: lines(whisker({ source_name: 'backup-28912345-*', ...TO_DB })),
    more: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          namespace: 'shop',
          name: 'backup-28912345-kx2vq',
          labels: { app: 'backup', 'job-name': 'backup-28912345' },
          ownerReferences: [
            {
              apiVersion: 'batch/v1',
              kind: 'Job',
              name: 'backup-28912345',
              controller: true,
              uid: 'u',
            },
          ],
        },
        spec: { nodeName: 'n1', restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] },
        status: { phase: 'Succeeded', podIP: '10.0.1.120' },
      },
    ],
    calls: ['backup -> db 5432'],
  },
  {
    name: 'a network set of the manifests',
    content: lines(whisker({ dest_name: 'partner', dest_port: 443 })),
    more: [partner('NetworkSet', 'partner', 'shop')],
    calls: ['web -> 198.51.100.0 443'],
  },
  {
    name: 'a global network set of the manifests',
    content: lines(whisker({ dest_name: 'partner', dest_namespace: '-', dest_port: 443 })),
    more: [partner('GlobalNetworkSet', 'partner')],
    calls: ['web -> 198.51.100.0 443'],
  },
  {
    name: 'a host endpoint of the manifests',
    content: lines(whisker({ source_name: 'n1-eth0', source_namespace: '-' })),
    more: [
      {
        apiVersion: 'projectcalico.org/v3',
        kind: 'HostEndpoint',
        metadata: { name: 'n1-eth0' },
        spec: { node: 'n1', interfaceName: 'eth0' },
      },
    ],
    calls: ['node:n1 -> api 8080'],
  },
  {
    name: 'an address where the writer knew it',
    content: lines(whisker({ dest_name: '198.51.100.7', dest_namespace: '-', dest_port: 443 })),
    calls: ['web -> 198.51.100.7 443'],
  },
  {
    name: 'one broken line',
    content: `${lines(whisker())}{"source_name": "web"\n`,
    calls: [CALL],
    says: ['skipped'],
  },
  {
    name: 'one flow with an action that is none',
    content: lines(whisker(), whisker({ action: 'Maybe', ...TO_DB })),
    calls: [CALL],
    says: ['skipped'],
  },
];

const TWO = [whisker(), whisker({ ...TO_DB, source_name: 'api-5f4b8c7d66-*' })];
const BOTH = ['api -> db 5432', CALL];

/** Whisker's own answers. */
export const WHISKER: readonly Sample[] = [
  {
    name: 'the stream of ?watch=true',
    content: TWO.map((flow) => `data: ${JSON.stringify(flow)}\n\n`).join(''),
    calls: BOTH,
  },
  {
    name: 'the list',
    content: JSON.stringify({ total: { totalPages: 1, totalResults: 2 }, items: TWO }),
    calls: BOTH,
  },
  {
    name: 'the list through jq',
    content: JSON.stringify({ total: { totalPages: 1 }, items: TWO }, null, 2),
    calls: BOTH,
  },
  { name: 'jq .items', content: JSON.stringify(TWO), calls: BOTH },
  {
    name: 'jq .items[]',
    content: TWO.map((flow) => `${JSON.stringify(flow, null, 2)}\n`).join(''),
    calls: BOTH,
  },
];

const result = (key: object) => ({ id: '17', flow: { Key: key, startTime: '1764500010' } });
const camel = {
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
};
const snake = {
  source_name: 'web-6c7d9f8b5d-*',
  source_namespace: 'shop',
  source_type: 1,
  dest_name: 'api-5f4b8c7d66-*',
  dest_namespace: 'shop',
  dest_type: 1,
  dest_port: 8080,
  proto: 'tcp',
  reporter: 1,
  action: 1,
};

/** Goldmane's API (goldmane/proto/api.proto: FlowResult). */
export const GOLDMANE: readonly Sample[] = [
  {
    name: 'the stream by grpcurl',
    content: JSON.stringify(result(camel), null, 2).repeat(2),
    calls: [CALL],
  },
  { name: 'lines', content: lines(result(camel)), calls: [CALL] },
  { name: 'Go’s JSON, numbers for names', content: lines(result(snake)), calls: [CALL] },
  {
    name: 'the list',
    content: JSON.stringify({ meta: { totalPages: '1' }, flows: [result(camel)] }),
    calls: [CALL],
  },
];

/** A flow log of Calico Enterprise (Tigera's documentation, flow log data types). */
const felix = (fields: object = {}) => ({
  start_time: 1764500010,
  end_time: 1764500310,
  source_ip: null,
  source_name: '-',
  source_name_aggr: 'web-6c7d9f8b5d-*',
  source_namespace: 'shop',
  source_type: 'wep',
  dest_ip: null,
  dest_name: '-',
  dest_name_aggr: 'api-5f4b8c7d66-*',
  dest_namespace: 'shop',
  dest_type: 'wep',
  dest_port: 8080,
  proto: 'tcp',
  action: 'allow',
  reporter: 'src',
  ...fields,
});

/** File logs of Felix, and what Calico Enterprise keeps. */
export const FELIX: readonly Sample[] = [
  { name: 'both ends', content: lines(felix(), felix({ reporter: 'dst' })), calls: [CALL] },
  {
    name: 'denied at the destination',
    content: lines(felix(), felix({ reporter: 'dst', action: 'deny' })),
    calls: [`deny ${CALL}`],
    says: ['allowed-and-denied'],
  },
  {
    name: 'the public network',
    content: lines(
      felix({
        dest_name_aggr: 'pub',
        dest_namespace: '-',
        dest_type: 'net',
        dest_port: 443,
      }),
    ),
    calls: ['web -> internet 443'],
  },
  {
    name: 'Elasticsearch’s answer',
    content: JSON.stringify({ hits: { hits: [{ _source: felix() }] } }),
    calls: [CALL],
  },
];

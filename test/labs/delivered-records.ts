import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Flow, type FlowEnd, formatEnd } from '../../lib/model/flow';
import type { PodEndpoint, World } from '../../lib/model/world';
import { createEngine } from '../../lib/reach/engine';
import { calicoFlowLogs } from '../../lib/records/calico';
import { PROTOCOL_NUMBERS } from '../../lib/records/vpc';

/** Records of a lab's application as the real sources deliver them, each a file of the lab's folder `records`. */
export interface DeliveredFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A flow, and the world whose policies judged it. */
export interface Delivered {
  readonly world: World;
  readonly flows: readonly Flow[];
}

export const recordsFolder = (id: string): string => join(__dirname, '../../labs', id, 'records');

const AT = new Date('2026-11-30T10:00:00Z');
const SECONDS = AT.getTime() / 1000;
const json = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** Whisker's list, or its stream with `?watch=true`: one line a pair of workloads, as Calico aggregates them. */
export function whisker({ world, flows }: Delivered, form: 'list' | 'stream'): DeliveredFile {
  const items = whiskerFlows({ world, flows });
  const text =
    form === 'list'
      ? json({ total: { totalPages: 1, totalResults: items.length }, items })
      : items.map((one) => `data: ${json(one)}\n`).join('');
  const name = form === 'list' ? 'whisker.json' : 'whisker-stream.txt';
  return { name, bytes: Buffer.from(text) };
}

function whiskerFlows({ world, flows }: Delivered): readonly object[] {
  const [enforced, pending] = [
    createEngine(world, { staged: 'as-written' }),
    createEngine(world, { staged: 'as-enforced' }),
  ];
  const all = flows.flatMap((flow) =>
    calicoFlowLogs(world, {
      enforced: enforced.explain(flow),
      pending: pending.explain(flow),
      at: AT,
    }),
  );
  const lines = all.map((log) =>
    JSON.stringify({
      ...log,
      start_time: '2026-11-30T10:00:00Z',
      end_time: '2026-11-30T10:00:15Z',
      source_name: sharedName(world, log.source_namespace, log.source_name),
      source_namespace: log.source_namespace || '-',
      dest_name: sharedName(world, log.dest_namespace, log.dest_name),
      dest_namespace: log.dest_namespace || '-',
      packets_in: 5,
      packets_out: 6,
      bytes_in: 400,
      bytes_out: 500,
    }),
  );
  return [...new Set(lines)].map((line) => JSON.parse(line) as object);
}

/** What the pods of a Deployment share; outside of the cluster Calico knows public and private networks alone. */
function sharedName({ pods }: World, namespace: string, name: string): string {
  const pod = pods.find((one) => one.namespace === namespace && one.name === name);
  return pod === undefined ? 'PUBLIC NETWORK' : `${pod.workload.split('/').at(-1)}-5d4f8c7b9d-*`;
}

/** Goldmane's stream as grpcurl prints it (goldmane/proto/api.proto: FlowResult). */
export function goldmane(delivered: Delivered): DeliveredFile {
  const results = whiskerFlows(delivered).map((flow, i) => {
    const { source_name, source_namespace, dest_name, dest_namespace, ...rest } = flow as Record<
      string,
      unknown
    >;
    const isPublic = dest_name === 'PUBLIC NETWORK';
    return {
      id: String(i + 1),
      flow: {
        Key: {
          sourceName: source_name,
          sourceNamespace: source_namespace,
          sourceType: 'WorkloadEndpoint',
          destName: isPublic ? 'pub' : dest_name,
          destNamespace: isPublic ? '' : dest_namespace,
          destType: isPublic ? 'Network' : 'WorkloadEndpoint',
          destPort: String(rest.dest_port),
          proto: rest.protocol,
          reporter: rest.reporter,
          action: rest.action,
        },
        startTime: String(SECONDS),
        endTime: String(SECONDS + 15),
      },
    };
  });
  return {
    name: 'goldmane.json',
    bytes: Buffer.from(results.map((one) => `${JSON.stringify(one, null, 2)}\n`).join('')),
  };
}

const podOf = ({ pods }: World, end: FlowEnd): PodEndpoint | undefined =>
  pods.find((pod) => formatEnd(end) === `${pod.namespace}/${pod.name}`);
const addressOf = (world: World, end: FlowEnd): string =>
  podOf(world, end)?.addresses[0] ?? formatEnd(end).replace('ip:', '');

/** Hubble's exporter (cilium/cilium api/v1/flow/flow.proto): a line a flow, dropped ones with their reason. */
export function hubble({ world, flows }: Delivered): DeliveredFile {
  const engine = createEngine(world, { staged: 'as-written' });
  const party = (end: FlowEnd): object => {
    const pod = podOf(world, end);
    if (pod === undefined) return { identity: 2, labels: ['reserved:world'] };
    const [kind = '', name = ''] = pod.workload.split('/');
    return { namespace: pod.namespace, pod_name: pod.name, workloads: [{ kind, name }] };
  };
  const lines = flows.map((flow, i) => {
    const isAllowed = engine.explain(flow).verdict === 'allowed';
    const ports = { source_port: 40_000 + i, destination_port: flow.port };
    return json({
      flow: {
        time: '2026-11-30T10:00:00.517394084Z',
        verdict: isAllowed ? 'FORWARDED' : 'DROPPED',
        ...(!isAllowed && { drop_reason_desc: 'POLICY_DENIED' }),
        IP: {
          source: addressOf(world, flow.from),
          destination: addressOf(world, flow.to),
          ipVersion: 'IPv4',
        },
        l4: {
          [flow.protocol]: { ...ports, ...(flow.protocol === 'TCP' && { flags: { SYN: true } }) },
        },
        source: party(flow.from),
        destination: party(flow.to),
        Type: 'L3_L4',
        is_reply: false,
      },
      node_name: podOf(world, flow.from)?.node,
    });
  });
  return { name: 'hubble.json', bytes: Buffer.from(lines.join('')) };
}

const V5 =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags pkt-srcaddr pkt-dstaddr flow-direction';

/**
 * An object that a VPC flow log delivers to S3: gzip, a header, records of both nodes' interfaces. The interface's own
 * address stands in `srcaddr` and `dstaddr`; what leaves the VPC carries the node's (VPC CNI, external SNAT).
 */
export function vpcFlowLog({ world, flows }: Delivered): DeliveredFile {
  const lines = flows.flatMap((flow, i) => {
    const [from, to] = [podOf(world, flow.from), podOf(world, flow.to)];
    if (from === undefined || from.node === to?.node) return [];
    const [near, far] = [nodeAddress(world, from.node), to && nodeAddress(world, to.node)];
    const source = to === undefined ? near : addressOf(world, flow.from);
    const destination = addressOf(world, flow.to);
    const client = 40_000 + i;
    const isTcp = flow.protocol === 'TCP';
    const record = (
      eni: string,
      ends: readonly string[],
      packet: readonly string[],
      ports: readonly unknown[],
      more: readonly unknown[],
    ): string =>
      [
        '5 123456789010',
        eni,
        ...ends,
        ...ports,
        PROTOCOL_NUMBERS[flow.protocol],
        9,
        900,
        SECONDS,
        SECONDS + 60,
        'ACCEPT OK',
        isTcp ? more[0] : 0,
        ...packet,
        more[1],
      ].join(' ');
    const ask = [client, flow.port];
    const answer = [flow.port, client];
    const own = `eni-${from.node}`;
    return [
      record(own, [near, destination], [source, destination], ask, [3, 'egress']),
      record(own, [destination, near], [destination, source], answer, [19, 'ingress']),
      ...(to === undefined || far === undefined
        ? []
        : [
            record(`eni-${to.node}`, [source, far], [source, destination], ask, [3, 'ingress']),
            record(`eni-${to.node}`, [far, source], [destination, source], answer, [19, 'egress']),
          ]),
    ];
  });
  return {
    name: '123456789010_vpcflowlogs_eu-west-1_fl-0abc_20261130T1000Z_d1b2.log.gz',
    bytes: gzipSync([V5, ...lines, ''].join('\n')),
  };
}

const nodeAddress = ({ nodes }: World, name: string): string =>
  nodes.find((node) => node.name === name)?.addresses[0] ?? '';

/** `conntrack -L -o extended` of a node: every connection with an end on it. */
export function conntrack({ world, flows }: Delivered, node: string): DeliveredFile {
  const lines = flows.flatMap((flow, i) => {
    if (![flow.from, flow.to].some((end) => podOf(world, end)?.node === node)) return [];
    const [from, to] = [addressOf(world, flow.from), addressOf(world, flow.to)];
    const client = 40_000 + i;
    const there = `src=${from} dst=${to} sport=${client} dport=${flow.port}`;
    const back = `src=${to} dst=${from} sport=${flow.port} dport=${client}`;
    const head =
      flow.protocol === 'TCP'
        ? 'ipv4     2 tcp      6 431999 ESTABLISHED'
        : 'ipv4     2 udp      17 117';
    return [`${head} ${there} ${back} [ASSURED] mark=0 use=1\n`];
  });
  return { name: `conntrack-${node}.txt`, bytes: Buffer.from(lines.join('')) };
}

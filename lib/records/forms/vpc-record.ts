import type { PortProtocol, RecordedPackets } from '../observation';
import { byFlags } from '../who-called';
import { NO_PORTS, type RecordSink } from './form';
import type { VpcColumn, VpcColumns } from './vpc-fields';

/** Numbers that IANA gives the protocols with ports (RFC 790 and its successors). */
const PROTOCOLS: ReadonlyMap<string, PortProtocol> = new Map([
  ['6', 'TCP'],
  ['17', 'UDP'],
  ['132', 'SCTP'],
]);

/** The fields of one record, in the order of its columns. */
type Values = readonly string[];

/** What became of a line: `read` (or left out with a remark), `header`, or what is wrong with it. */
export type VpcOutcome = 'read' | string;

/** Reads the fields of one VPC or transit gateway flow log record (VPC guide, flow log records). */
export function readVpcValues(values: Values, { at }: VpcColumns, sink: RecordSink): VpcOutcome {
  const field = (column: VpcColumn): string => values[at[column]] ?? '-';
  const status = field('logstatus');
  if (status === 'NODATA' || status === 'SKIPDATA') {
    sink.remark(status === 'NODATA' ? NO_DATA : SKIPPED_DATA);
    return 'read';
  }
  const source = addressIn(field, 'pktsrcaddr', 'srcaddr');
  const destination = addressIn(field, 'pktdstaddr', 'dstaddr');
  if (source === '-' || destination === '-') {
    sink.remark(NO_DATA);
    return 'read';
  }
  const number = field('protocol');
  if (!/^\d{1,3}$/.test(number)) return `'${number}' is not a protocol number`;
  const protocol = PROTOCOLS.get(number);
  if (protocol === undefined) {
    sink.remark(NO_PORTS);
    return 'read';
  }
  const port = portOf(field('dstport'));
  const sourcePort = at.srcport === -1 ? 0 : portOf(field('srcport'));
  if (port === undefined) return `'${field('dstport')}' is not a port`;
  if (sourcePort === undefined) return `'${field('srcport')}' is not a port`;
  const action = actionOf(field, at);
  if (action === undefined) return `'${field('action')}' is not ACCEPT or REJECT`;
  const start = timeOf(field('start'));
  const observation: RecordedPackets = {
    source,
    destination,
    protocol,
    sourcePort,
    port,
    caller: protocol === 'TCP' ? byFlags(numberOf(field('tcpflags'))) : 'unknown',
    action,
    isPolicyVerdict: false,
    start,
    end: timeOf(field('end')) ?? start,
    interface: field('interfaceid'),
  };
  sink.observe(observation);
  return 'read';
}

/** The packet's own address where it was logged, else the interface's. */
function addressIn(
  field: (column: VpcColumn) => string,
  packet: VpcColumn,
  own: VpcColumn,
): string {
  const address = field(packet);
  return address === '-' || address === '' ? field(own) : address;
}

function actionOf(
  field: (column: VpcColumn) => string,
  at: VpcColumns['at'],
): 'allow' | 'deny' | undefined {
  const action = field('action');
  if (action === 'ACCEPT') return 'allow';
  if (action === 'REJECT') return 'deny';
  const lost = at.packetslostnoroute;
  if (at.action !== -1 || lost === -1) return undefined;
  const isLost = [field('packetslostnoroute'), field('packetslostblackhole')].some(
    (packets) => Number(packets) > 0,
  );
  return isLost ? 'deny' : 'allow';
}

const PORT = /^\d{1,5}$/;

function portOf(text: string): number | undefined {
  if (!PORT.test(text)) return undefined;
  const port = Number(text);
  return port <= 65_535 ? port : undefined;
}

function timeOf(text: string): number | undefined {
  if (text === '-' || text === '') return undefined;
  const time = Number(text);
  if (!Number.isNaN(time)) return time;
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? undefined : Math.floor(parsed / 1000);
}

const numberOf = (text: string): number | undefined =>
  /^\d+$/.test(text) ? Number(text) : undefined;

const NO_DATA = {
  kind: 'no-data',
  problem: 'the flow log has windows without traffic (NODATA)',
  fix: 'nothing to do: no packet passed the interface in them',
} as const;

const SKIPPED_DATA = {
  kind: 'skipped-data',
  problem: 'the flow log skipped records (SKIPDATA): flows of those windows are not in it',
  fix: 'record longer before you enforce, so that each flow is seen in another window',
} as const;

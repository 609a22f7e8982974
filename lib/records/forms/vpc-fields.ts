/** Fields of a VPC flow log record that matter here, by their place in a line. */
export interface VpcColumns {
  readonly count: number;
  /** Place of a field by its normal name; -1 where the log does not have it. */
  readonly at: Readonly<Record<VpcColumn, number>>;
}

const COLUMNS = [
  'srcaddr',
  'dstaddr',
  'pktsrcaddr',
  'pktdstaddr',
  'srcport',
  'dstport',
  'protocol',
  'tcpflags',
  'action',
  'logstatus',
  'start',
  'end',
  'packets',
  'interfaceid',
  'packetslostnoroute',
  'packetslostblackhole',
  'message',
] as const;

export type VpcColumn = (typeof COLUMNS)[number];

/** Other names of the same fields: CloudWatch Logs Insights and Athena tables name some in their way. */
const ALIASES: Readonly<Record<string, VpcColumn>> = {
  starttime: 'start',
  endtime: 'end',
  sourceaddress: 'srcaddr',
  destinationaddress: 'dstaddr',
  sourceport: 'srcport',
  destinationport: 'dstport',
  numpackets: 'packets',
};

/** `pkt-srcaddr`, `pkt_srcaddr`, `${pkt-srcaddr}` and `"pktSrcAddr"` are one field. */
export const normalName = (name: string): string => {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return ALIASES[plain] ?? plain;
};

/** The columns that a list of field names gives. */
export function columnsOf(names: readonly string[]): VpcColumns {
  const normal = names.map(normalName);
  const at = Object.fromEntries(COLUMNS.map((column) => [column, normal.indexOf(column)]));
  return { count: names.length, at: at as VpcColumns['at'] };
}

/** Do these words name the fields of a flow log? */
export function isHeader(words: readonly string[]): boolean {
  const normal = new Set(words.map(normalName));
  const hasAddress = normal.has('srcaddr') || normal.has('pktsrcaddr');
  return (hasAddress || normal.has('message')) && !words.some((word) => /^\d+$/.test(word));
}

/** Fields of a flow log for which none were chosen (VPC guide, flow log records: version 2). */
export const DEFAULT_COLUMNS = columnsOf([
  ...['version', 'account-id', 'interface-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport'],
  ...['protocol', 'packets', 'bytes', 'start', 'end', 'action', 'log-status'],
]);

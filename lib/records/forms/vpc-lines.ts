import { VPC_FIELDS } from '../vpc';
import type { RecordSink } from './form';
import { isTransitGateway, TRANSIT_GATEWAY_COLUMNS } from './transit-gateway';
import { columnsOf, DEFAULT_COLUMNS, isHeader, type VpcColumns } from './vpc-fields';
import { readVpcValues, type VpcOutcome } from './vpc-record';

/** Reads lines of flow logs; a header line, wherever it stands, holds for the lines after it. */
export interface VpcLineReader {
  /** `not-vpc` where the line is no flow log record at all. */
  readonly line: (text: string, sink: RecordSink) => VpcOutcome | 'not-vpc';
  /** The name of what was read. */
  readonly what: () => string;
}

/** The network stack's own format, without a header line. */
const OWN_COLUMNS = columnsOf(VPC_FIELDS);

/** `format` is the log format of a flow log that has no header, as AWS writes it: `${srcaddr} ...`. */
export function createVpcLines(format?: string): VpcLineReader {
  let columns = format === undefined ? undefined : columnsOf(format.trim().split(/\s+/));
  let isGateway = false;
  const words = (all: readonly string[], sink: RecordSink): VpcOutcome | 'not-vpc' => {
    if (columns?.count === all.length) {
      const outcome = readVpcValues(all, columns, sink);
      if (outcome === 'read') return outcome;
      if (isHeader(all)) return header(all);
      const other = knownColumns(all);
      return other === undefined ? outcome : readVpcValues(all, other, sink);
    }
    const known = knownColumns(all);
    if (known !== undefined) {
      isGateway ||= known === TRANSIT_GATEWAY_COLUMNS;
      return readVpcValues(all, known, sink);
    }
    if (isHeader(all)) return header(all);
    if (!looksLikeVpc(all)) return 'not-vpc';
    return columns === undefined
      ? `${all.length} fields, and no header line names them`
      : `${all.length} fields where there are ${columns.count}`;
  };
  const header = (all: readonly string[]): VpcOutcome => {
    columns = columnsOf(all);
    isGateway = all.some((word) => word.includes('tgw'));
    return 'header';
  };
  return {
    line: (text, sink) => embedded(text, (all) => words(all, sink)),
    what: () => (isGateway ? 'transit gateway flow log' : 'VPC flow log'),
  };
}

/** Columns that a record shows by itself, where no header line named them. */
function knownColumns(all: readonly string[]): VpcColumns | undefined {
  if (isTransitGateway(all)) return all.length === 36 ? TRANSIT_GATEWAY_COLUMNS : undefined;
  const [first = '', account = '', third = ''] = all;
  const isDefault = /^\d{1,2}$/.test(first) && /^(\d{12}|unknown|-)$/.test(account);
  if (isDefault && all.length === DEFAULT_COLUMNS.count) return DEFAULT_COLUMNS;
  const isOwn = /^\d+$/.test(first) && third !== '' && /^(ACCEPT|REJECT)$/.test(all[15] ?? '');
  return isOwn && all.length === OWN_COLUMNS.count ? OWN_COLUMNS : undefined;
}

const looksLikeVpc = (all: readonly string[]): boolean =>
  all.some((word) => /^(?:eni-[0-9a-f]+|ACCEPT|REJECT)$/.test(word));

const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*$/;

/**
 * The record inside a line: as it is, behind the time and the log stream's name that CloudWatch writes
 * (export, `aws logs tail`), or between the tabs of the AWS CLI's text output.
 */
function embedded(
  text: string,
  read: (words: readonly string[]) => VpcOutcome | 'not-vpc',
): VpcOutcome | 'not-vpc' {
  if (text.includes('\t')) return tabbed(text, read);
  const all = text.split(' ');
  const clean = all.includes('') ? all.filter((word) => word !== '') : all;
  if (!TIME.test(clean[0] ?? '')) return read(clean);
  const behind = read(clean.slice(1));
  if (behind === 'read') return behind;
  const further = read(clean.slice(2));
  return further === 'not-vpc' ? behind : further;
}

function tabbed(
  text: string,
  read: (words: readonly string[]) => VpcOutcome | 'not-vpc',
): VpcOutcome | 'not-vpc' {
  const pieces = text.split('\t').map((piece) => piece.trim().split(/\s+/));
  const long = pieces.filter((piece) => piece.length > 3);
  const outcomes = (long.length > 0 ? long : [text.trim().split(/\s+/)]).map(read);
  return outcomes.find((one) => one === 'read') ?? outcomes[0] ?? 'not-vpc';
}

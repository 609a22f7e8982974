import type { RecordSink } from './form';
import { columnsOf, isHeader, type VpcColumns } from './vpc-fields';
import { readVpcValues, type VpcOutcome } from './vpc-record';

/** Reads comma-separated flow logs: results of Athena, and of CloudWatch Logs Insights. */
export interface CsvReader {
  readonly line: (text: string, sink: RecordSink) => VpcOutcome | 'not-csv';
}

/** `message` reads the text of a record that a column holds whole (`@message`). */
export function createCsv(message: (text: string, sink: RecordSink) => VpcOutcome): CsvReader {
  let columns: VpcColumns | undefined;
  return {
    line: (text, sink) => {
      if (!text.includes(',')) return 'not-csv';
      const values = splitCsv(text);
      if (isHeader(values)) {
        columns = columnsOf(values);
        return 'header';
      }
      if (columns === undefined || values.length !== columns.count) return 'not-csv';
      const { srcaddr, message: whole } = columns.at;
      if (srcaddr === -1 && whole !== -1) return message(values[whole] ?? '', sink);
      return readVpcValues(values.map(emptyAsDash), columns, sink);
    },
  };
}

const emptyAsDash = (value: string): string => (value === '' ? '-' : value);

/** The fields of a line (RFC 4180); quotes are taken off. */
export function splitCsv(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',').map((field) => field.trim());
  const fields: string[] = [];
  const field = /\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(,|$)/gy;
  for (let match = field.exec(line); match !== null; match = field.exec(line)) {
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2]?.trim() ?? '');
    if (match[3] === '' || field.lastIndex > line.length) break;
  }
  return fields;
}

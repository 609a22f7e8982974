import type { RecordPlace } from '../../model/flow-evidence';
import type { World } from '../../model/world';
import { isConntrack, readConntrack } from '../forms/conntrack';
import { createCsv } from '../forms/csv';
import { isObject, type JsonObject, type RecordSink, type ValueForm } from '../forms/form';
import { createJsonSplitter, type JsonPiece } from '../forms/json-splitter';
import { foreignName, valueForms } from '../forms/table';
import { dataIn, unwrap } from '../forms/unwrap';
import { createVpcLines } from '../forms/vpc-lines';
import { createFileCount, type FileCount, type RecordFile } from './file-outcome';
import { textInData } from './kinesis';

/** Takes the content of one file, piece by piece. */
export interface FileIntake {
  readonly text: (chunk: string) => void;
  /** A record that came as fields, such as a row of a Parquet file. */
  readonly row: (value: JsonObject) => void;
  /** After the last piece. */
  readonly end: () => RecordFile;
}

/** What an intake needs to know. */
export interface IntakeContext {
  readonly world: World;
  /** Field names of flow logs that have no header line, as AWS writes a log format. */
  readonly logFormat?: string | undefined;
  /** Puts what is read at its place. */
  readonly sinkAt: (place: () => RecordPlace) => RecordSink;
}

/** A line without an end that is longer may be JSON without lines, which is then cut into its values. */
const LONG_LINE = 256 * 1024;

/** Opens the intake of one file: of lines and of JSON in any layout, mixed as they come. */
export function openIntake(path: string, context: IntakeContext): FileIntake {
  const count = createFileCount(path);
  const read = createRecordReader(path, context, count);
  const splitter = createJsonSplitter();
  let line = 1;
  let rest = '';
  const pieces = (text: string): void => {
    for (const piece of splitter.push(text, line)) read.json(piece);
  };
  const whole = (text: string): void => {
    if (splitter.isOpen()) {
      if (!(splitter.isInObject() && text.startsWith('{'))) {
        pieces(`${text}\n`);
        return;
      }
      count.skip(line, 'the JSON value ends before it is complete');
      splitter.reset();
    }
    const bare = bareLine(text);
    if (bare === '') return;
    const isJson = bare.startsWith('{') || bare.startsWith('[');
    if (!isJson || read.whole({ text: bare, line })) {
      if (!isJson) read.line(bare, line);
      return;
    }
    pieces(`${bare}\n`);
  };
  return {
    text: (chunk) => {
      let from = 0;
      for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', from)) {
        whole(rest === '' ? chunk.slice(from, end) : rest + chunk.slice(from, end));
        rest = '';
        from = end + 1;
        line += 1;
      }
      rest += from === 0 ? chunk : chunk.slice(from);
      if (rest.length > LONG_LINE && (splitter.isOpen() || /^\s*(data: ?)?[[{]/.test(rest))) {
        pieces(splitter.isOpen() ? rest : bareLine(rest));
        rest = '';
      }
    },
    row: (value) => {
      read.value(value, line, '');
      line += 1;
    },
    end: () => {
      if (rest !== '') whole(rest);
      if (splitter.isOpen()) count.skip(line, 'the JSON value ends before it is complete');
      return count.outcome();
    },
  };
}

/** Comments and fields of an event stream without data (WHATWG HTML, server-sent events). */
const EVENT_FIELD = /^(?:event|id|retry): ?|^:/;

/** A line without its byte order mark, its line end and the `data:` of an event stream. */
function bareLine(text: string): string {
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1).trim() : text.trim();
  if (bare.startsWith('data:')) return bare.slice('data:'.length).trim();
  return EVENT_FIELD.test(bare) ? '' : bare;
}

interface RecordReader {
  /** A line that is a whole JSON value; false where it is none. */
  readonly whole: (piece: JsonPiece) => boolean;
  readonly json: (piece: JsonPiece) => void;
  readonly line: (text: string, line: number) => void;
  readonly value: (value: unknown, line: number, text: string) => void;
}

function createRecordReader(path: string, context: IntakeContext, count: FileCount): RecordReader {
  let at = 1;
  const sink = context.sinkAt(() => ({ file: path, line: at }));
  const forms = valueForms(context.world);
  const line = createLineReader(context, { sink, count });
  const lines = (text: string, number: number): void => {
    for (const part of text.split('\n').map(bareLine)) {
      if (part.startsWith('{') && json({ text: part, line: number })) continue;
      if (part !== '') line(part, number);
    }
  };
  const value = (one: unknown, number: number, text: string): void => {
    at = number;
    if (Array.isArray(one)) {
      for (const element of one) value(element, number, '');
      return;
    }
    if (!isObject(one)) {
      count.skip(number, 'the value is not a JSON object');
      return;
    }
    const form = forms.find(({ matches }) => matches(one));
    if (form !== undefined) {
      readValue(form, one, { sink, count, number });
      return;
    }
    for (const inner of contents(one) ?? [undefined]) {
      if (typeof inner === 'string') lines(inner, number);
      else if (inner !== undefined) value(inner, number, '');
      else
        count.skip(
          number,
          'the JSON object is not a flow record',
          foreignName(text || JSON.stringify(one)),
        );
    }
  };
  const json = (piece: JsonPiece): boolean => {
    const parsed = parse(piece.text);
    if (parsed === undefined) return false;
    value(parsed, piece.line, piece.text);
    return true;
  };
  return {
    value,
    whole: json,
    json: (piece) => {
      if (!json(piece)) count.skip(piece.line, 'the value is not valid JSON');
    },
    line: (text, number) => {
      at = number;
      line(text, number);
    },
  };
}

function contents(value: JsonObject): ReturnType<typeof unwrap> {
  const data = dataIn(value);
  return data === undefined ? unwrap(value) : textInData(data);
}

interface Reading {
  readonly sink: RecordSink;
  readonly count: FileCount;
}

function readValue(
  form: ValueForm,
  value: JsonObject,
  { sink, count, number }: Reading & { readonly number: number },
): void {
  const wrong = form.read(value, sink);
  if (wrong === undefined) count.record(form.what);
  else count.skip(number, wrong);
}

/** Reads lines of text: flow logs of AWS with or without a header, CSV, and connection lists. */
function createLineReader(
  { logFormat }: IntakeContext,
  { sink, count }: Reading,
): (text: string, line: number) => void {
  const vpc = createVpcLines(logFormat);
  const csv = createCsv((text, to) => {
    const outcome = vpc.line(text, to);
    return outcome === 'not-vpc' ? 'the message is not a flow log record' : outcome;
  });
  return (text, line) => {
    const outcome = vpc.line(text, sink);
    if (outcome === 'read') return count.record(vpc.what());
    if (outcome === 'header') return count.record(HEADER);
    if (isConntrack(text)) {
      const wrong = readConntrack(text, sink);
      return wrong === undefined ? count.record('connection list entry') : count.skip(line, wrong);
    }
    const fields = csv.line(text, sink);
    if (fields === 'read') return count.record(vpc.what());
    if (fields === 'header') return count.record(HEADER);
    const foreign = foreignName(text);
    if (foreign !== undefined) return count.skip(line, 'the line is not a flow record', foreign);
    if (fields !== 'not-csv') return count.skip(line, fields);
    count.skip(line, outcome === 'not-vpc' ? 'the line is not a flow record' : outcome);
  };
}

/** What a line that names fields is counted as. */
const HEADER = 'header line';

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

import { ALL, type Selector } from '../../model/selector';

/** Longest selector that Calico's API takes (v3.33, CEL on its kinds). */
const MAX_LENGTH = 1024;

/** Why a text is no selector, and what to write instead. */
export interface NoSelector {
  readonly problem: string;
  readonly fix: string;
}

/** Where reading went wrong, and what should have stood there. */
class Unexpected extends Error {
  constructor(
    readonly offset: number,
    readonly wanted: string,
  ) {
    super(wanted);
  }
}

/**
 * A selector in Calico's language (libcalico-go/lib/selector), such as
 * `app == "web" && !has(old)`; the empty text selects everything. `!` binds tighter than `&&`,
 * `&&` tighter than `||`.
 */
export function parseSelector(text: string): Selector | NoSelector {
  if (text.length > MAX_LENGTH) {
    const problem = `the selector has ${text.length} characters`;
    return { problem, fix: `keep to ${MAX_LENGTH}: an 'in' list is shorter than many ||` };
  }
  try {
    return readAll(text);
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    const { offset, wanted } = error;
    const problem = `selector ${text}: column ${offset + 1} is wrong`;
    return { problem, fix: `write ${wanted} there` };
  }
}

/** A position in the text that only moves forward. */
interface Reader {
  readonly text: string;
  offset: number;
}

function readAll(text: string): Selector {
  const reader: Reader = { text, offset: 0 };
  skipBlanks(reader);
  if (atEnd(reader)) return ALL;
  const selector = readOr(reader);
  if (!atEnd(reader)) throw new Unexpected(reader.offset, '&&, || or nothing more');
  return selector;
}

/** Blanks are spaces and tabs; a new line is none (tokenizer.go). */
function skipBlanks(reader: Reader): void {
  while (reader.text[reader.offset] === ' ' || reader.text[reader.offset] === '\t') {
    reader.offset += 1;
  }
}

const atEnd = (reader: Reader): boolean => reader.offset >= reader.text.length;

/** Takes a piece of text and the blanks behind it, if it stands here. */
function take(reader: Reader, piece: string): boolean {
  if (!reader.text.startsWith(piece, reader.offset)) return false;
  reader.offset += piece.length;
  skipBlanks(reader);
  return true;
}

function expect(reader: Reader, piece: string): void {
  if (!take(reader, piece)) throw new Unexpected(reader.offset, piece);
}

function readOr(reader: Reader): Selector {
  const operands = [readAnd(reader)];
  while (take(reader, '||')) operands.push(readAnd(reader));
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : { kind: 'or', operands };
}

function readAnd(reader: Reader): Selector {
  const operands = [readUnary(reader)];
  while (take(reader, '&&')) operands.push(readUnary(reader));
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : { kind: 'and', operands };
}

/** `!` before a test negates the whole test; two of them cancel out (parser.go). */
function readUnary(reader: Reader): Selector {
  let negated = false;
  while (!reader.text.startsWith('!=', reader.offset) && take(reader, '!')) negated = !negated;
  const operand = readPrimary(reader);
  return negated ? { kind: 'not', operand } : operand;
}

/** `has`, `all` and `global` are functions only with the bracket right behind; else labels. */
function readPrimary(reader: Reader): Selector {
  if (take(reader, '(')) {
    const inner = readOr(reader);
    expect(reader, ')');
    return inner;
  }
  if (take(reader, 'has(')) {
    const label = readLabel(reader);
    expect(reader, ')');
    return { kind: 'has', label };
  }
  for (const kind of ['all', 'global'] as const) {
    if (take(reader, `${kind}(`)) {
      expect(reader, ')');
      return { kind };
    }
  }
  return readTest(reader, readLabel(reader));
}

function readLabel(reader: Reader): string {
  const [label] = /^[A-Za-z0-9_./-]{1,512}/.exec(reader.text.slice(reader.offset)) ?? [];
  if (label === undefined) {
    throw new Unexpected(reader.offset, 'a label, has(…), all(), global() or a bracket');
  }
  reader.offset += label.length;
  skipBlanks(reader);
  return label;
}

const OPERATORS = {
  equals: /==/y,
  'not-equals': /!=/y,
  contains: /contains/y,
  'starts-with': /starts[ \t]*with/y,
  'ends-with': /ends[ \t]*with/y,
  'not-in': /not[ \t]*in/y,
  in: /in/y,
} as const;

type Operator = keyof typeof OPERATORS;

const operatorNames = Object.keys(OPERATORS) as Operator[];

/** A comparison; the blanks inside an operator may be missing (`notin`). */
function readTest(reader: Reader, label: string): Selector {
  const kind = operatorNames.find((name) => takeMatch(reader, OPERATORS[name]));
  switch (kind) {
    case undefined:
      throw new Unexpected(reader.offset, '==, !=, in {…}, contains, starts with or ends with');
    case 'in':
    case 'not-in':
      return { kind, label, values: readSet(reader) };
    case 'equals':
    case 'not-equals':
    case 'contains':
    case 'starts-with':
    case 'ends-with':
      return { kind, label, value: readString(reader) };
  }
}

function takeMatch(reader: Reader, pattern: RegExp): boolean {
  pattern.lastIndex = reader.offset;
  const [piece] = pattern.exec(reader.text) ?? [];
  return piece !== undefined && take(reader, piece);
}

/** A text in either kind of quotes; there is no escape, so it cannot hold its own quote. */
function readString(reader: Reader): string {
  const quote = reader.text[reader.offset];
  if (quote !== '"' && quote !== "'") throw new Unexpected(reader.offset, 'a value in quotes');
  const end = reader.text.indexOf(quote, reader.offset + 1);
  if (end === -1) throw new Unexpected(reader.text.length, `the closing ${quote}`);
  const value = reader.text.slice(reader.offset + 1, end);
  reader.offset = end + 1;
  skipBlanks(reader);
  return value;
}

/** A set may be empty and may end with a comma; it is kept sorted and without repetition. */
function readSet(reader: Reader): readonly string[] {
  expect(reader, '{');
  const values = new Set<string>();
  while (!take(reader, '}')) {
    values.add(readString(reader));
    if (take(reader, '}')) break;
    if (!take(reader, ',')) throw new Unexpected(reader.offset, 'a comma or }');
  }
  return [...values].sort();
}

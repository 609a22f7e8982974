/** Fields of an answer whose elements are the records (Whisker, CloudWatch Logs, Goldmane, Kinesis). */
const LISTS: ReadonlySet<string> = new Set([
  'items',
  'events',
  'logEvents',
  'flows',
  'Records',
  'records',
]);

/** A record that is longer is no record. */
const LONGEST = 16 * 1024 * 1024;

/** One JSON value of a text, and the line it begins on. */
export interface JsonPiece {
  readonly text: string;
  readonly line: number;
}

/** Cuts JSON that goes over lines, or that has no lines, into the values that are records. */
export interface JsonSplitter {
  /** Takes the next text, whose first character is on this line. */
  readonly push: (text: string, line: number) => readonly JsonPiece[];
  /** Is a value open, so that more has to come? */
  readonly isOpen: () => boolean;
  /** Is it an object that is open? A line with a new object then begins a new record. */
  readonly isInObject: () => boolean;
  readonly reset: () => void;
}

/**
 * Values at the top level, elements of a list at the top level, and elements of the lists that answers
 * have come one by one, so an answer of any length is read in the memory of one record.
 */
export function createJsonSplitter(): JsonSplitter {
  const state: SplitState = initial();
  return {
    push: (text, line) => scan(state, text, line),
    isOpen: () => state.stack.length > 0,
    isInObject: () => state.stack.at(-1) === '{',
    reset: () => void Object.assign(state, initial()),
  };
}

interface SplitState {
  /** Open brackets, outermost first; `L` is a list whose elements are records. */
  stack: string[];
  /** Depth at which the present record began, and what was read of it. */
  base: number;
  parts: string[];
  size: number;
  begun: number;
  inString: boolean;
  escaped: boolean;
  /** The string just read where it may be a field of the outermost object. */
  word: string;
}

const initial = (): SplitState => ({
  stack: [],
  base: 0,
  parts: [],
  size: 0,
  begun: 0,
  inString: false,
  escaped: false,
  word: '',
});

function scan(state: SplitState, text: string, from: number): readonly JsonPiece[] {
  const pieces: JsonPiece[] = [];
  let line = from;
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] ?? '';
    if (char === '\n') line += 1;
    if (state.inString) {
      readString(state, char);
      continue;
    }
    if (char === '"') {
      state.inString = true;
      state.word = '';
    } else if (char === '{' || char === '[') {
      if (opensRecord(state, char)) {
        start = i;
        state.parts = [];
        state.size = 0;
        state.begun = line;
        state.base = state.stack.length;
      }
      state.stack.push(kindOf(state, char));
    } else if (char === '}' || char === ']') {
      state.stack.pop();
      if (state.stack.length === state.base && char === '}' && state.parts !== NONE) {
        pieces.push({ text: state.parts.join('') + text.slice(start, i + 1), line: state.begun });
        state.parts = NONE;
      }
      if (state.stack.length === 0) state.base = 0;
    }
  }
  keep(state, text.slice(start));
  return pieces;
}

/** No record is open. */
const NONE: string[] = [];

function keep(state: SplitState, rest: string): void {
  if (state.parts === NONE || state.stack.length === 0) return;
  state.size += rest.length;
  if (state.size > LONGEST) Object.assign(state, initial());
  else state.parts.push(rest);
}

function readString(state: SplitState, char: string): void {
  if (state.escaped) state.escaped = false;
  else if (char === '\\') state.escaped = true;
  else if (char === '"') state.inString = false;
  else if (state.stack.length === 1 && state.word.length < 16) state.word += char;
}

/** An object begins a record at the top level and in a list of records. */
const opensRecord = ({ stack }: SplitState, char: string): boolean =>
  char === '{' && (stack.length === 0 || stack.at(-1) === 'L');

/** The outermost list holds records, and so do the lists that an answer of an API has. */
function kindOf({ stack, word }: SplitState, char: string): string {
  if (char === '{') return '{';
  const isTop = stack.length === 0;
  const isAnswers = stack.length === 1 && stack[0] === '{' && LISTS.has(word);
  return isTop || isAnswers ? 'L' : '[';
}

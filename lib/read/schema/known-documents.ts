import { MAX_DEPTH } from './yaml-limits';

/** Above this size (characters) a file is read piece by piece, as memory allows. */
export const MAX_QUICK = 1024 * 1024;
/** Documents remembered; a lab's stages have about 30, and most of them in common. */
const MAX_KNOWN = 2000;

/** Documents read before in this process, by their text; frozen, since many worlds share them. */
const known = new Map<string, unknown>();

/** Reads one document; `undefined` where anything about it is wrong. */
export type ReadAlone = (text: string) => { readonly value: unknown } | undefined;

/**
 * The documents of a file, where each can be read by itself: most were read before (the stages of a
 * lab share their workloads), or are JSON as programs write it, which the JSON parser reads fifty
 * times as fast. `undefined` where the file must be read as a whole: something is wrong with it, or
 * its documents are not plainly apart.
 */
export function knownDocuments(text: string, readAlone: ReadAlone): readonly unknown[] | undefined {
  if (text.length > MAX_QUICK || !isPlainlyDivided(text)) return undefined;
  const [head = '', ...rest] = text.split(/^---(?:\n|$)/m);
  // What stands before the first marker is a document only where there is something.
  const pieces = /^(?:\s*(?:#.*)?\n)*$/.test(head) ? rest : [head, ...rest];
  const values: unknown[] = [];
  for (const piece of pieces) {
    const read = writtenByProgram(piece) ?? remembered(piece, readAlone);
    if (read === undefined) return undefined;
    values.push(read.value);
  }
  return values;
}

/** No directive, no end mark, no text behind a marker, no line end that YAML and we count otherwise. */
const isPlainlyDivided = (text: string): boolean =>
  !/^(?:%|\.\.\.|---[^\n])/m.test(text) && !/[\r\u0085\u2028\u2029\ufeff]/.test(text);

/**
 * JSON that is letter by letter what `JSON.stringify` writes: so no key stands twice, which the
 * parser would not tell.
 */
function writtenByProgram(text: string): { readonly value: unknown } | undefined {
  if (!/^[{[]/.test(text) || /"(?:<<|__proto__)"/.test(text) || depthOf(text) > MAX_DEPTH) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text.trimEnd() ? { value } : undefined;
  } catch {
    return undefined;
  }
}

/** Levels of brackets, those inside of strings counted too: at least what it really is. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}

function remembered(text: string, readAlone: ReadAlone): { readonly value: unknown } | undefined {
  if (known.has(text)) return { value: known.get(text) };
  const read = readAlone(text);
  if (read === undefined) return undefined;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, frozen(read.value));
  return read;
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) frozen(inner);
  return value;
}

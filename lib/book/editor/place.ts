/** Where the cursor stands in a YAML document, read from indentation alone: the text may be unfinished. */
export interface YamlPlace {
  readonly apiVersion: string;
  readonly kind: string;
  /** Keys from the top to the line, joined by dots; list items add nothing. */
  readonly path: string;
  /** The key of the line, where the cursor is behind its colon. */
  readonly key?: string;
  /** What is typed of the key or the value so far. */
  readonly typed: string;
  /** Keys that are already there beside it. */
  readonly siblings: readonly string[];
}

const KEY = /^(\s*(?:- +)*)("?)([^\s:#"][^:#"]*)\2:(?:\s|$)/;

/** @param column characters of the line before the cursor */
export function placeAt(lines: readonly string[], line: number, column: number): YamlPlace {
  const before = (lines[line] ?? '').slice(0, column);
  const start = 1 + lastIndex(lines.slice(0, line), (one) => one.startsWith('---'));
  const after = lines.findIndex((one, i) => i > line && one.startsWith('---'));
  const document = lines.slice(start, after < 0 ? undefined : after);
  const word = (name: string): string =>
    document.flatMap((one) => new RegExp(`^${name}:\\s*(\\S+)`).exec(one)?.[1] ?? [])[0] ?? '';
  const own = KEY.exec(before);
  const indent = own?.[1] === undefined ? indentOf(before) : own[1].length;
  const ownKey = own === null ? undefined : own[3];
  return {
    apiVersion: word('apiVersion'),
    kind: word('kind'),
    path: parents(lines.slice(start, line), indent).join('.'),
    typed: own === null ? before.trim().replace(/^(- +)+/, '') : before.slice(own[0].length).trim(),
    siblings: siblingsOf(lines, { start, line, indent }),
    ...(ownKey !== undefined && { key: ownKey }),
  };
}

const indentOf = (text: string): number => (/^\s*(?:- +)*/.exec(text)?.[0] ?? '').length;

function lastIndex(lines: readonly string[], test: (line: string) => boolean): number {
  return lines.findLastIndex(test);
}

/** Keys above a line whose indentation is smaller each time; a list may stand as far left as its key. */
function parents(above: readonly string[], indent: number): readonly string[] {
  const keys: string[] = [];
  let limit = indent;
  for (const line of above.toReversed()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, lead = '', , key] = KEY.exec(line) ?? [];
    const bare = /^\s*/.exec(line)?.[0].length ?? 0;
    if (key !== undefined && lead.length < limit) {
      keys.unshift(key);
      limit = lead.includes('-') ? bare + 1 : lead.length;
    } else if (bare < limit && line.trimStart().startsWith('- ')) limit = bare + 1;
    if (limit === 0) break;
  }
  return keys;
}

function siblingsOf(
  lines: readonly string[],
  {
    start,
    line,
    indent,
  }: { readonly start: number; readonly line: number; readonly indent: number },
): readonly string[] {
  const found: string[] = [];
  const look = (places: Iterable<number>): void => {
    for (const i of places) {
      const text = lines[i] ?? '';
      if (text.startsWith('---') || (text.trim() !== '' && indentOf(text) < indent)) return;
      const [, lead = '', , key] = KEY.exec(text) ?? [];
      if (key !== undefined && lead.length === indent) found.push(key);
      if (lead.includes('-') && i < line) return;
    }
  };
  look(Array.from({ length: line - start }, (_, i) => line - 1 - i));
  look(Array.from({ length: lines.length - line - 1 }, (_, i) => line + 1 + i));
  return found;
}

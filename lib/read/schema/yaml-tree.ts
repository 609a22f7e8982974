import {
  Composer,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  type Tags,
} from 'yaml';
import type { SourceFile } from '../../model/problem';
import { type At, complain, inside, newReport } from './at';
import { goTags } from './go-scalars';
import { checkDepth, Limit, MAX_TOKENS, TOO_DEEP, TOO_LARGE } from './yaml-limits';

/** Values one document may repeat through aliases. */
const MAX_ALIASES = 100;

/** The documents of a text with the place of every problem; `undefined` for one that holds nothing. */
export function* documentsWithPlaces(
  file: SourceFile,
  place: (document: number) => At,
): Generator<unknown> {
  let document = 0;
  try {
    for (const tree of compose(file.text)) {
      yield plain(tree, { file, at: place(document) });
      document += 1;
    }
  } catch (error) {
    // The parser goes one call deeper for each level it leaves.
    if (!(error instanceof RangeError || error instanceof Limit)) throw error;
    const [problem, fix] = error instanceof Limit ? error.reason : TOO_DEEP;
    complain(place(document), problem, fix);
  }
}

/** One document by itself; `undefined` where it is none, more than one, or wrong in any way. */
export function readAlone(text: string): { readonly value: unknown } | undefined {
  const at: At = { file: '', document: 0, path: '', report: newReport() };
  try {
    const [tree, ...more] = compose(text);
    if (tree === undefined || more.length > 0) return undefined;
    const value = plain(tree, { file: { path: '', text }, at });
    return at.report.problems.length > 0 ? undefined : { value };
  } catch (error) {
    if (error instanceof RangeError || error instanceof Limit) return undefined;
    throw error;
  }
}

/** Lists, objects and text as YAML has them, every other scalar as Go reads it. */
const kubectlTags = (tags: Tags): Tags => [
  ...tags.filter((tag) => typeof tag === 'string' || /:(map|seq|str|merge)$/.test(tag.tag)),
  ...goTags,
];

/** Trees one by one, so that memory is bounded by the largest document and not by the file. */
function* compose(source: string): Generator<Document.Parsed> {
  const composer = new Composer({
    schema: 'yaml-1.1',
    merge: true,
    customTags: kubectlTags,
    resolveKnownTags: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const parser = new Parser();
  let tokens = 0;
  for (const lexeme of new Lexer().lex(source)) {
    if (++tokens > MAX_TOKENS) throw new Limit(TOO_LARGE);
    for (const token of parser.next(lexeme)) {
      checkDepth(token);
      for (const tree of composer.next(token)) {
        tokens = 0;
        yield tree as Document.Parsed;
      }
    }
  }
  for (const token of parser.end()) {
    checkDepth(token);
    yield* composer.next(token) as Generator<Document.Parsed>;
  }
  yield* composer.end() as Generator<Document.Parsed>;
}

/** What a chart's `templates` hold is a text for Helm to fill in. */
const UNRENDERED =
  'render it first: helm template <chart> | npx lab lint --manifests - (it holds {{ }})';

/** What to do about a text that is not valid YAML. */
export const fixFor = (text: string): string =>
  text.includes('{{') ? UNRENDERED : 'check indentation and quotes';

interface Source {
  readonly file: SourceFile;
  readonly at: At;
}

function plain(tree: Document.Parsed, source: Source): unknown {
  const { file, at } = source;
  const [error] = tree.errors;
  if (error !== undefined) {
    const where = { ...at, path: position(file.text, error.pos[0]) };
    complain(where, `this is not valid YAML: ${firstLine(error.message)}`, fixFor(file.text));
  }
  if (error !== undefined || !sound(tree, at)) return undefined;
  try {
    return tree.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    const [problem, fix] = refusalOf(error);
    complain(at, problem, fix);
    return undefined;
  }
}

/** What the library refuses when it makes values of a tree. */
function refusalOf(error: unknown): readonly [problem: string, fix: string] {
  if (error instanceof ReferenceError) {
    return /Excessive/.test(error.message)
      ? [`aliases repeat more than ${MAX_ALIASES} values`, 'write the values out']
      : [firstLine(error.message), 'define the anchor before the alias'];
  }
  // A merge of what is no map is the one plain error (yaml: schema/yaml-1.1/merge.ts).
  if (error instanceof Error && /^Merge sources/.test(error.message)) {
    return ['`<<` merges what is not a map', 'give it a map, or an alias of one'];
  }
  throw error;
}

/** No key is written twice, and no alias stands inside what it names. */
function sound(tree: Document.Parsed, at: At): boolean {
  const before = at.report.problems.length;
  const visit = (node: unknown, here: At, open: readonly string[]): void => {
    if (isScalar(node)) {
      // `!!merge <<` where no merge can be: the two letters.
      if (typeof node.value === 'symbol') node.value = node.source;
      return;
    }
    if (isAlias(node) && open.includes(node.source)) {
      complain(here, `alias *${node.source} stands inside what it names`, 'write the value out');
    }
    if (!isCollection(node)) return;
    const within = node.anchor === undefined ? open : [...open, node.anchor];
    if (isSeq(node)) {
      for (const [i, item] of node.items.entries()) visit(item, inside(here, i), within);
    } else if (isMap(node)) {
      const seen = new Set<string>();
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : '';
        if (isScalar(key) && name !== '<<' && seen.has(name)) {
          complain(inside(here, name), `'${name}' is written twice`, 'remove one of the two');
        }
        seen.add(name);
        visit(value, inside(here, name), within);
      }
    }
  };
  visit(tree.contents, at, []);
  return at.report.problems.length === before;
}

const firstLine = (message: string): string => (message.split('\n')[0] ?? '').slice(0, 200);

function position(source: string, offset: number): string {
  const lines = source.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

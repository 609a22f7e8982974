import type { SourceFile } from '../../model/problem';
import { type At, complain, type Report } from './at';
import { knownDocuments, MAX_QUICK } from './known-documents';
import { memoryProblem } from './memory';
import type * as Quick from './quick-yaml';
import type * as Trees from './yaml-tree';

/** Above this size a JSON file is read by the JSON parser, which does not see a key written twice. */
const LARGE_JSON = 256 * 1024;

// Each parser is loaded where a text needs it: most runs read JSON alone, or YAML that is sound.
const quick = () => require('./quick-yaml') as typeof Quick;
const trees = () => require('./yaml-tree') as typeof Trees;

/** A document as plain data, and where it stands. */
export interface PlainDocument {
  readonly at: At;
  readonly value: unknown;
}

/**
 * The documents of a YAML or JSON file, one after the other; what cannot be read is reported.
 *
 * Scalars mean what they mean to kubectl (sigs.k8s.io/yaml speaks YAML 1.1): `yes` and `on` are
 * booleans, but `22:22` and dates stay text.
 */
export function* parseDocuments(file: SourceFile, report: Report): Generator<PlainDocument> {
  const place = (document: number): At => ({ file: file.path, document, path: '', report });
  const { length } = file.text;
  const isJson = memoryProblem(length, 'json') !== undefined || startsAsJson(file.text);
  const unfit = memoryProblem(length, isJson ? 'json' : 'yaml');
  if (unfit !== undefined) {
    complain(place(0), unfit.problem, unfit.fix);
    return;
  }
  const json = isJson && file.text.length > LARGE_JSON ? parseJson(file.text) : undefined;
  if (json !== undefined) {
    yield { at: place(0), value: json };
    return;
  }
  const values =
    file.text.length > MAX_QUICK ? largeDocuments(file, place) : knownDocuments(file.text, alone);
  let document = 0;
  for (const value of values ?? trees().documentsWithPlaces(file, place)) {
    if (value !== undefined && value !== null) yield { at: place(document), value };
    document += 1;
  }
}

const startsAsJson = (text: string): boolean => /^\s*[{[]/.test(text.slice(0, 1000));

/** The documents of a large file; `undefined` where only the parser with places reads them as kubectl does. */
function largeDocuments(
  { text }: SourceFile,
  place: (document: number) => At,
): readonly unknown[] | undefined {
  const read = quick().quickYaml(text);
  if (read.kind === 'documents') return read.values;
  if (read.kind === 'special') return undefined;
  const { line, column, reason } = read.fault;
  const where = { ...place(0), path: `line ${line}, column ${column}` };
  complain(where, `this is not valid YAML: ${reason}`, trees().fixFor(text));
  return [];
}

/** One document by itself: fast where it is sound. */
function alone(text: string): { readonly value: unknown } | undefined {
  const read = quick().quickYaml(text);
  if (read.kind === 'documents' && read.values.length === 1) return { value: read.values[0] };
  return trees().readAlone(text);
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source) ?? undefined;
  } catch {
    return undefined;
  }
}

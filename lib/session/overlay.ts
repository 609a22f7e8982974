import { type Document, parseAllDocuments } from 'yaml';
import type { SourceFile } from '../model/problem';

/**
 * Files as `kubectl apply` would take them one after the other: an object of a later file replaces
 * the one of its kind, namespace and name in an earlier file. Within one file nothing is replaced, so
 * an object that is written twice is still found.
 */
export function overlay(files: readonly SourceFile[]): readonly SourceFile[] {
  const later = new Set<string>();
  return files
    .toReversed()
    .map((file) => {
      const documents = parseAllDocuments(file.text);
      const kept = without(file, documents, later);
      for (const document of documents) for (const name of namesIn(document)) later.add(name);
      return kept;
    })
    .toReversed();
}

/** The file with empty documents in place of replaced ones, so that the others keep their numbers. */
function without(
  file: SourceFile,
  documents: readonly Document[],
  replaced: ReadonlySet<string>,
): SourceFile {
  const isReplaced = (document: Document): boolean => {
    const names = namesIn(document);
    return names.length > 0 && names.every((name) => replaced.has(name));
  };
  const readable = documents.every(({ errors }) => errors.length === 0);
  if (!readable || !documents.some(isReplaced)) return file;
  const text = documents.map((one) => (isReplaced(one) ? '\n' : plain(one))).join('---\n');
  return { ...file, text };
}

const plain = (document: Document): string => document.toString({ directives: false });

interface Named {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown } | null;
  readonly items?: unknown;
}

/** Who the objects of a document are; an API's group counts and its version does not. */
function namesIn(document: Document): readonly string[] {
  const value = valueIn(document);
  if (!isNamed(value)) return [];
  return (Array.isArray(value.items) ? value.items.filter(isNamed) : [value]).map(nameOf);
}

/** The value of a document; `undefined` where it has an error, which reading it reports. */
function valueIn(document: Document): unknown {
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

const isNamed = (value: unknown): value is Named => typeof value === 'object' && value !== null;

function nameOf({ apiVersion, kind, metadata }: Named): string {
  const [group = '', version] = `${apiVersion}`.split('/');
  const { namespace = 'default', name } = metadata ?? {};
  return [version === undefined ? '' : group, kind, namespace, name].join(' ');
}

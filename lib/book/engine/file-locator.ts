import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
} from 'yaml';
import type { SourceFile } from '../../model/problem';

/** Where something stands in a file, both from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** An object of a manifest by its name. */
export interface ObjectName {
  readonly kind: string;
  /** Absent: the object has none, or its namespace does not matter. */
  readonly namespace?: string;
  readonly name: string;
}

/** Answers where objects and their fields stand; prepared once for a text. */
export interface FileLocator {
  /** A path such as `spec.ingress[0].ports`, as problems have it; the nearest part that exists. */
  readonly path: (document: number, path: string) => TextPosition | undefined;
  /** An object, and a path inside it. */
  readonly object: (name: ObjectName, path: string) => TextPosition | undefined;
}

/** Parses a file for its positions. What is not valid YAML has the positions that it could be read to. */
export function createFileLocator({ text }: SourceFile): FileLocator {
  const counter = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: counter,
    uniqueKeys: false,
    logLevel: 'silent',
  }) as readonly Document[];
  const at = (offset: number | undefined): TextPosition | undefined => {
    if (offset === undefined) return undefined;
    const { line, col } = counter.linePos(offset);
    return { line, column: col };
  };
  return {
    path: (document, path) =>
      positionInText(path) ?? at(offsetOf(documents[document]?.contents, stepsOf(path))),
    object: (name, path) => {
      const found = documents
        .flatMap(({ contents }) => objectsIn(contents))
        .find((contents) => isNamed(contents, name));
      return found === undefined ? undefined : at(offsetOf(found, stepsOf(path)));
    },
  };
}

/** A document, or the items of a `List`. */
function objectsIn(contents: unknown): readonly unknown[] {
  if (!isMap(contents)) return [];
  const items = contents.get('items');
  return isSeq(items) ? items.items : [contents];
}

function isNamed(contents: unknown, { kind, namespace, name }: ObjectName): boolean {
  if (!isMap(contents)) return false;
  const metadata = contents.get('metadata');
  if (!isMap(metadata)) return false;
  const own = metadata.get('namespace');
  return (
    contents.get('kind') === kind &&
    metadata.get('name') === name &&
    (namespace === undefined || own === namespace || (own === undefined && namespace === 'default'))
  );
}

/** What the YAML parser says about a place it could not read: `line 3, column 5`. */
function positionInText(path: string): TextPosition | undefined {
  const [, line, column] = /^line (\d+), column (\d+)$/.exec(path) ?? [];
  return line === undefined ? undefined : { line: Number(line), column: Number(column) };
}

/** `spec.ports[0].'a.b'` as its steps. */
const stepsOf = (path: string): readonly (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|'([^']*)'|([^.[\]']+)/g)].map(([, index, quoted, plain]) =>
    index === undefined ? (quoted ?? plain ?? '') : Number(index),
  );

/** The offset of the last step that exists: of its key in a map, of the item in a list. */
function offsetOf(start: unknown, steps: readonly (string | number)[]): number | undefined {
  let node: unknown = start;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const step of steps) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === `${step}`);
      if (pair === undefined) return offset;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      const item = node.items[step];
      if (item === undefined) return offset;
      if (isNode(item)) offset = item.range?.[0] ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}

import type { SourceFile } from '../../model/problem';
import { type At, complain, inside, isFull, MAX_PROBLEMS, type Report } from './at';
import { memoryProblem } from './memory';
import { parseDocuments } from './yaml';

/** One object of a manifest: a document, or an item of a `List`. */
export interface ManifestObject {
  readonly at: At;
  readonly apiVersion: string;
  readonly kind: string;
  readonly value: object;
}

/** Every object of the files, `List` kinds unpacked (`v1` List, and `PodList` and its like). */
export function* readObjects(
  files: readonly SourceFile[],
  report: Report,
): Generator<ManifestObject> {
  const size = files.reduce((sum, file) => sum + file.text.length, 0);
  const unfit = memoryProblem(size, 'json');
  if (unfit !== undefined) {
    const at = { file: files[0]?.path ?? '', document: 0, path: '', report };
    complain(at, unfit.problem, unfit.fix);
    return;
  }
  for (const file of files) {
    for (const { at, value } of parseDocuments(file, report)) {
      yield* objectsIn(value, at);
      if (isFull(at)) return;
    }
  }
}

function* objectsIn(value: unknown, at: At): Generator<ManifestObject> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    complain(
      at,
      'the document is not a Kubernetes object',
      'give it apiVersion, kind and metadata',
    );
    return;
  }
  const apiVersion = stringAt(value, 'apiVersion', at);
  const kind = stringAt(value, 'kind', at);
  if (apiVersion === undefined || kind === undefined) return;
  if (!kind.endsWith('List') || !('items' in value)) {
    yield { at, apiVersion, kind, value };
    return;
  }
  const place = inside(at, 'items');
  const items: unknown = value.items ?? [];
  if (!Array.isArray(items)) {
    complain(place, 'items is no list', 'write a list of objects');
    return;
  }
  for (const [i, item] of items.entries()) {
    // Items of a typed list (PodList) may leave out what the list's own kind says.
    const typed = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
    const object = typeof item === 'object' && item !== null ? { ...typed, ...item } : item;
    yield* objectsIn(object, inside(place, i));
    if (at.report.problems.length >= MAX_PROBLEMS) return;
  }
}

function stringAt(value: object, key: 'apiVersion' | 'kind', at: At): string | undefined {
  const found: unknown = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  if (typeof found === 'string' && found !== '') return found;
  complain(inside(at, key), `${key} is missing`, `add ${key}, such as ${EXAMPLES[key]}`);
  return undefined;
}

const EXAMPLES = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' } as const;

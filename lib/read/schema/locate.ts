import { isMap, isSeq, LineCounter, parseAllDocuments, type YAMLMap } from 'yaml';
import type { SourceFile } from '../../model/problem';
import type { SoughtObject, SourcePlace } from '../../model/source-place';

/** An object in a file, found by its place. */
interface FoundObject {
  readonly file: string;
  readonly document: number;
  readonly map: YAMLMap;
  readonly lines: LineCounter;
}

/** Finds objects in files; parsing is done once, at the first question. */
export interface Locator {
  readonly locate: (sought: SoughtObject) => SourcePlace | undefined;
}

/**
 * Prepares files for questions about where objects stand. Kubernetes objects are found by kind, API group,
 * namespace and name, resources of a template by logical id or name. Where two files have an object, the
 * later one counts, as it does for `kubectl apply`.
 */
export function createLocator(files: readonly SourceFile[]): Locator {
  let parsed: readonly FoundObject[] | undefined;
  return {
    locate: (sought) => {
      parsed ??= files.flatMap(objectsIn);
      const found = parsed.findLast(({ map }) => isObject(map, sought));
      return found && placeOf(found, sought);
    },
  };
}

function objectsIn({ path: file, text }: SourceFile): readonly FoundObject[] {
  const lines = new LineCounter();
  return parseAllDocuments(text, { lineCounter: lines, keepSourceTokens: false }).flatMap(
    (document, i) => {
      const { contents } = document;
      return isMap(contents)
        ? unpacked(contents).map((map) => ({ file, document: i, map, lines }))
        : [];
    },
  );
}

/** A List's items, a template's resources, or the object itself. */
function unpacked(map: YAMLMap): readonly YAMLMap[] {
  const [items, resources] = [map.get('items'), map.get('Resources')];
  if (isSeq(items)) return items.items.filter(isMap);
  return isMap(resources) ? [resources] : [map];
}

function isObject(map: YAMLMap, { kinds, groups, namespace, name }: SoughtObject): boolean {
  const text = (path: readonly string[]): string => `${map.getIn(path) ?? ''}`;
  if (text(['metadata', 'name']) !== name)
    return map.get('kind') === undefined && resourceAt(map, name) !== undefined;
  const [group = '', version] = text(['apiVersion']).split('/');
  const own = text(['metadata', 'namespace']);
  return (
    (kinds === undefined || kinds.includes(text(['kind']))) &&
    (groups === undefined || groups.includes(version === undefined ? '' : group)) &&
    (namespace === undefined || (own === '' ? 'default' : own) === namespace)
  );
}

/** The resource of a template with this logical id or `GroupName`. */
function resourceAt(resources: YAMLMap, name: string): YAMLMap | undefined {
  for (const { key, value } of resources.items) {
    if (!isMap(value)) continue;
    const isNamed = `${key}` === name || value.getIn(['Properties', 'GroupName']) === name;
    if (isNamed) return value;
  }
  return undefined;
}

function placeOf(found: FoundObject, { name, rule }: SoughtObject): SourcePlace | undefined {
  const { map, lines, file, document } = found;
  const object = map.get('kind') === undefined ? resourceAt(map, name) : map;
  const own = rule && map.getIn(['spec', rule.direction, rule.index], true);
  const node = isMap(own) ? own : object;
  const start = node?.range?.[0];
  if (start === undefined) return undefined;
  const { line, col } = lines.linePos(start);
  return { file, document, line, column: col, of: node === own ? 'rule' : 'object' };
}

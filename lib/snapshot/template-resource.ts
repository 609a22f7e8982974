import { type Cidr, parseCidr } from '../model/address';
import type { Problem } from '../model/problem';
import { isRecord } from './template-document';
import { holds, resolve } from './template-resolve';
import {
  type Assembly,
  type Place,
  propertiesOf,
  report,
  resourceId,
  typeOf,
} from './template-scope';
import {
  isUnknown,
  isValueList,
  isValueMap,
  type UnknownValue,
  type Value,
  type ValueMap,
} from './template-value';

/** One resource with its properties resolved. */
export interface Resource {
  /** What references to it resolve to: `<stack>.<logical id>`. */
  readonly id: string;
  readonly type: string;
  /** Its name or `Name` tag, else its logical id. */
  readonly name: string;
  readonly properties: ValueMap;
  readonly place: Place;
}

/** The resources of all templates, and where readers put what they find wrong or remarkable. */
export interface Resources {
  readonly region: string;
  readonly ofType: (type: string) => readonly Resource[];
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

/** Resolves every resource of the given types; counts the others. */
export function readResources(
  assembly: Assembly,
  types: ReadonlySet<string>,
): { readonly resources: Resources; readonly skipped: Readonly<Record<string, number>> } {
  const byType = new Map<string, Resource[]>();
  const skipped: Record<string, number> = {};
  for (const stack of assembly.stacks) {
    for (const [logicalId, raw] of Object.entries(stack.resources)) {
      const place = { scope: { stack, assembly }, path: `Resources.${logicalId}`, depth: 0 };
      if (!isRecord(raw)) {
        const fix = 'write each resource with Type and Properties, after any transform';
        report(place, `'${logicalId}' is no resource`, fix);
        continue;
      }
      const type = typeOf(raw);
      if (!types.has(type)) {
        skipped[type] = (skipped[type] ?? 0) + 1;
      } else if (exists(raw.Condition, place)) {
        const at = { ...place, path: `${place.path}.Properties` };
        const resolved = resolve(propertiesOf(raw), at);
        const properties = isValueMap(resolved) ? resolved : {};
        const name = nameOf(properties) ?? logicalId;
        const resource = { id: resourceId(stack, logicalId), type, name, properties, place: at };
        byType.set(type, [...(byType.get(type) ?? []), resource]);
      }
    }
  }
  const named = new Map([...byType].map(([type, all]) => [type, withShortNames(all)] as const));
  const ofType = (type: string): readonly Resource[] => named.get(type) ?? [];
  const { region, problems } = assembly;
  return { resources: { region, ofType, problems, warnings: [] }, skipped };
}

/** Adds a problem at a property of a resource. */
export function wrong(
  resource: Resource,
  path: string,
  what: { problem: string; fix: string },
): void {
  report({ ...resource.place, path: pathOf(resource, path) }, what.problem, what.fix);
}

/** Adds a remark that stops nothing. */
export function remark(
  resources: Resources,
  resource: Resource,
  problem: string,
  fix: string,
): void {
  const file = resource.place.scope.stack.file;
  resources.warnings.push({ file, document: 0, path: pathOf(resource, ''), problem, fix });
}

const pathOf = (resource: Resource, path: string): string =>
  path === '' ? resource.place.path : `${resource.place.path}.${path}`;

/** A property as text; numbers are accepted, as CloudFormation does. */
export function textAt(from: ValueMap, key: string): string | UnknownValue | undefined {
  const value = from[key];
  if (value === undefined || value === null || isUnknown(value)) return value ?? undefined;
  return typeof value === 'object' ? undefined : String(value);
}

/** A property as text where it is known. */
export function knownText(from: ValueMap, key: string): string | undefined {
  const value = textAt(from, key);
  return typeof value === 'string' ? value : undefined;
}

/** A property as a whole number; text of digits is accepted, as CloudFormation does. */
export function numberAt(from: ValueMap, key: string): number | UnknownValue | undefined {
  const value = textAt(from, key);
  if (typeof value !== 'string') return value;
  return /^-?\d+$/.test(value) ? Number(value) : undefined;
}

export const isTrue = (value: Value | undefined): boolean => value === true || value === 'true';

/** A property as a list; one value alone is a list of one. */
export function listAt(from: ValueMap, key: string): readonly Value[] {
  const value = from[key];
  if (value === undefined || value === null) return [];
  return isValueList(value) ? value : [value];
}

/** The known texts of a list. */
export const textsAt = (from: ValueMap, key: string): readonly string[] =>
  listAt(from, key).filter((item): item is string => typeof item === 'string');

export function mapAt(from: ValueMap, key: string): ValueMap {
  const value = from[key];
  return isValueMap(value) ? value : {};
}

/** A property as a block that must be known; reports what is wrong, then answers `undefined`. */
export function cidrAt(resource: Resource, key: string): Cidr | undefined {
  const value = textAt(resource.properties, key);
  if (value === undefined) return undefined;
  const parsed = isUnknown(value)
    ? {
        problem: `the block is ${value.unknown}, known only after deployment`,
        fix: 'give the block itself',
      }
    : parseCidr(value);
  if (!('problem' in parsed)) return parsed;
  wrong(resource, key, parsed);
  return undefined;
}

function exists(condition: unknown, place: Place): boolean {
  if (typeof condition !== 'string') return true;
  const answer = holds(condition, place);
  if (answer !== undefined) return answer;
  report(
    place,
    `whether it exists depends on the condition ${condition}, known only after deployment`,
    'give the parameters of the condition a default',
  );
  return false;
}

/**
 * CDK names what it makes after its path (`stack/Network/Vpc/publicSubnet1`). A person says the
 * end of it, and before that what tells it from others of the type: `Peer/publicSubnet1`.
 */
function withShortNames(resources: readonly Resource[]): readonly Resource[] {
  const paths = resources.map(({ name }) => name.replace(/\/Resource$/, '').split('/'));
  const end = (path: readonly string[], length: number): string => path.slice(-length).join('/');
  return resources.map((resource, i) => {
    const own = paths[i] ?? [];
    const shared = (length: number): boolean =>
      paths.some((path, j) => j !== i && end(path, length) === end(own, length));
    const lengths = own.map((_, n) => n + 1);
    const length = lengths.find((n) => !shared(n)) ?? own.length;
    const [first = '', ...rest] = own.slice(-length);
    const last = rest.at(-1);
    return { ...resource, name: last === undefined ? first : `${first}/${last}` };
  });
}

function nameOf(properties: ValueMap): string | undefined {
  const tag = listAt(properties, 'Tags').find((t) => isValueMap(t) && t.Key === 'Name');
  const own = ['GroupName', 'Name', 'NodegroupName']
    .map((key) => properties[key])
    .find((value) => typeof value === 'string');
  const tagged = isValueMap(tag) ? tag.Value : undefined;
  return [own, tagged].find((value): value is string => typeof value === 'string');
}

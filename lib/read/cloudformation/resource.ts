import type { Cidr } from '../../model/address';
import type { Problem } from '../../model/problem';
import { unknownId } from '../../model/unknown-id';
import { parseBlock } from './block';
import { holds, unknownCondition } from './condition';
import { conform, NOT_MODELLED } from './conform';
import { isRecord, type RawMap } from './document';
import { PROCESSED, resolve, resolveMap } from './resolve';
import {
  type Assembly,
  type Place,
  propertiesOf,
  regionOf,
  report,
  resourceId,
  typeOf,
  UNKNOWN_REGION,
} from './scope';
import { tellBy } from './tell';
import {
  isScalar,
  isUnknown,
  isValueList,
  isValueMap,
  type UnknownValue,
  type Value,
  type ValueMap,
} from './value';

/** One resource with its properties resolved. */
export interface Resource {
  /** What references to it resolve to: `<stack>.<logical id>`. */
  readonly id: string;
  readonly type: string;
  /** Its name or `Name` tag, else its logical id. */
  readonly name: string;
  readonly properties: ValueMap;
  readonly place: Place;
  /** What an exported template says beside its properties (`Metadata.Found`); empty: nothing. */
  readonly found: RawMap;
}

/** The resources of all templates, and where readers put what they find wrong or remarkable. */
export interface Resources {
  /** The region of the first stack that tells one, else what stands for it. */
  readonly region: string;
  readonly ofType: (type: string) => readonly Resource[];
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

/** Resolves every resource of the given types; counts the others, and says which may matter. */
export function readResources(
  assembly: Assembly,
  types: ReadonlySet<string>,
): { readonly resources: Resources; readonly skipped: Readonly<Record<string, number>> } {
  const byType = new Map<string, Resource[]>();
  const skipped: Record<string, number> = {};
  const warnings: Problem[] = [];
  for (const stack of assembly.stacks) {
    for (const [logicalId, raw] of Object.entries(stack.resources)) {
      if (logicalId === 'Fn::Transform') continue;
      const place = { scope: { stack, assembly }, path: `Resources.${logicalId}`, depth: 0 };
      if (!isRecord(raw)) {
        const fix = 'write each resource with Type and Properties, after any transform';
        report(place, `'${logicalId}' is not a resource`, fix);
        continue;
      }
      const type = typeOf(raw);
      if (!types.has(type)) {
        if (isHidden(type)) warnings.push(hiddenType(place, type));
        else skipped[type] = (skipped[type] ?? 0) + 1;
      } else if (exists(raw.Condition, place)) {
        const resource = readResource(raw, logicalId, place);
        byType.set(type, [...(byType.get(type) ?? []), resource]);
      }
    }
  }
  const named = new Map([...byType].map(([type, all]) => [type, withShortNames(all)] as const));
  const ofType = (type: string): readonly Resource[] => named.get(type) ?? [];
  const [region = UNKNOWN_REGION] = assembly.stacks.flatMap((stack) => regionOf(stack) ?? []);
  return { resources: { region, ofType, problems: assembly.problems, warnings }, skipped };
}

/** Has a type that is not read interfaces or filters in a VPC? A module may have anything. */
const isHidden = (type: string): boolean => NOT_MODELLED.has(type) || type.endsWith('::MODULE');

function hiddenType({ scope, path }: Place, type: string): Problem {
  const problem = `${type} is not modelled: verdicts that depend on it are not made`;
  const fix = 'name its interfaces by their addresses, or judge the rest without it';
  return { file: scope.stack.file, document: 0, path, problem, fix };
}

function readResource(raw: RawMap, logicalId: string, place: Place): Resource {
  const { stack } = place.scope;
  const type = typeOf(raw);
  const at = { ...place, path: `${place.path}.Properties` };
  if (Object.hasOwn(raw, 'Fn::Transform') || Object.hasOwn(propertiesOf(raw), 'Fn::Transform')) {
    report(at, 'Fn::Transform adds properties that are not in the file', PROCESSED);
  }
  const entries = Object.entries(propertiesOf(raw)).filter(([key]) => key !== 'Fn::Transform');
  const asked = entries.filter(([key]) => !NEVER_ASKED.has(key));
  const properties = conform(type, resolveMap(Object.fromEntries(asked), at), at);
  const name = nameOf(properties) ?? logicalId;
  const found = isRecord(raw.Metadata) && isRecord(raw.Metadata.Found) ? raw.Metadata.Found : {};
  return { id: resourceId(stack, logicalId), type, name, properties, place: at, found };
}

/** Properties that no reader asks for: what is written in them is not resolved, and stops nothing. */
const NEVER_ASKED: ReadonlySet<string> = new Set([
  'BlockDeviceMappings',
  'Code',
  'Environment',
  'IamInstanceProfile',
  'ImageId',
  'KeyName',
  'PolicyDocument',
  'UserData',
]);

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

export const isTrue = (value: Value | undefined): boolean => /^true$/i.test(String(value));

/** A property as a boolean, or why it is not known; absent is `otherwise`. */
export function flagAt(from: ValueMap, key: string, otherwise = false): boolean | UnknownValue {
  const value = from[key];
  if (value === undefined || isUnknown(value)) return value ?? otherwise;
  return isTrue(value);
}

/** A property as an id; an unknown id where it is not known. */
export function idAt(from: ValueMap, key: string): string | undefined {
  const text = textAt(from, key);
  return isUnknown(text) ? unknownId(text.unknown) : text;
}

/** The ids of a list, those that are not known as unknown ids. */
export const idsAt = (from: ValueMap, key: string): readonly string[] =>
  listAt(from, key).flatMap((item) => {
    if (isUnknown(item)) return [unknownId(item.unknown)];
    return isScalar(item) ? [String(item)] : [];
  });

/** Does a property name an id? Unknown where the property is not known. */
export function names(from: ValueMap, key: string, id: string): boolean | UnknownValue {
  const value = from[key];
  return isUnknown(value) ? value : value === id;
}

/** The resources whose property names an id, and those of which that is not known. */
export function naming(
  resources: readonly Resource[],
  key: string,
  id: string,
): { readonly known: readonly Resource[]; readonly doubtful: readonly Resource[] } {
  const of = (test: (answer: boolean | UnknownValue) => boolean): readonly Resource[] =>
    resources.filter(({ properties }) => test(names(properties, key, id)));
  return { known: of((answer) => answer === true), doubtful: of(isUnknown) };
}

/** Why a property is not known; `undefined` where it is. */
export const doubtAt = (from: ValueMap, key: string): string | undefined => {
  const value = from[key];
  return isUnknown(value) ? value.unknown : undefined;
};

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
    : parseBlock(value);
  if (!('problem' in parsed)) return parsed;
  wrong(resource, key, parsed);
  return undefined;
}

function exists(condition: unknown, place: Place): boolean {
  if (typeof condition !== 'string') return true;
  const answer = holds(condition, place, resolve);
  if (answer !== undefined) return answer;
  const what = unknownCondition(condition, place, resolve);
  report(
    place,
    `whether it exists depends on the ${what}, known only after deployment`,
    tellBy(what),
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

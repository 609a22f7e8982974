import type { Problem } from '../../model/problem';
import type { Raw, RawMap, Stack } from './document';
import { isRecord } from './document';
import { unknown, type Value } from './value';

/** Everything that functions of one template may refer to. */
export interface Scope {
  readonly stack: Stack;
  readonly assembly: Assembly;
}

/** The templates given together: what one exports another may import. */
export interface Assembly {
  readonly stacks: readonly Stack[];
  /** Problems found while resolving, gathered. */
  readonly problems: Problem[];
  /** Values of conditions, exports and properties that were resolved, by stack and name. */
  readonly resolved: Map<Stack, Map<string, Value | typeof RESOLVING>>;
}

/** Stands for a value that is being resolved: what meets it goes in a circle. */
const RESOLVING = Symbol('resolving');

export const assemblyOf = (stacks: readonly Stack[], problems: Problem[]): Assembly => ({
  stacks,
  problems,
  resolved: new Map(),
});

/**
 * A condition, an export or a property, resolved once however many references lead to it. A circle is a
 * problem, and its value unknown.
 */
export function resolvedOnce(place: Place, name: string, resolveIt: () => Value): Value {
  const { stack, assembly } = place.scope;
  const own = assembly.resolved.get(stack) ?? new Map<string, Value | typeof RESOLVING>();
  assembly.resolved.set(stack, own);
  const key = `${place.inCondition ? 'condition ' : ''}${name}`;
  const known = own.get(key);
  if (known === RESOLVING) {
    report(place, `${name} leads back to itself`, 'break the circle of references');
    return unknown(name);
  }
  if (known !== undefined) return known;
  own.set(key, RESOLVING);
  const value = resolveIt();
  own.set(key, value);
  return value;
}

/** A value still to be resolved, and where it stands, for problems. */
export interface Place {
  readonly scope: Scope;
  readonly path: string;
  /** How many references led here: a circle must end. */
  readonly depth: number;
  /** Is a condition asked? What only names a stack decides nothing there. */
  readonly inCondition?: true;
}

/** Resolves the functions in a value. */
export type Resolve = (raw: Raw, place: Place) => Value;

/** Stands for a region that no template and no parameter names. */
export const UNKNOWN_REGION = '(AWS::Region)';

/**
 * The region of a stack, where it is given or follows from the template: a subnet names a zone, or
 * an endpoint names a service of the region.
 */
export function regionOf(stack: Stack): string | undefined {
  const given = stack.pseudo['AWS::Region'];
  if (given !== undefined) return given;
  const named = Object.values(stack.resources).flatMap((resource) => {
    const properties = isRecord(resource) ? resource.Properties : undefined;
    if (!isRecord(properties)) return [];
    const { AvailabilityZone: zone, ServiceName: service } = properties;
    return [ZONE.exec(String(zone))?.[1] ?? SERVICE.exec(String(service))?.[1] ?? []].flat();
  });
  return named[0];
}

const ZONE = /^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]$/;
const SERVICE = /^(?:com\.amazonaws|aws\.api)\.([a-z]{2}(?:-[a-z]+)+-\d)\./;

/** The id that stands for a resource everywhere: its stack and its logical id. */
export const resourceId = (stack: Stack, logicalId: string): string => `${stack.name}.${logicalId}`;

/** The unresolved resource of a logical id. */
export function rawResource(stack: Stack, logicalId: string): RawMap | undefined {
  const found = Object.hasOwn(stack.resources, logicalId) ? stack.resources[logicalId] : undefined;
  return isRecord(found) ? found : undefined;
}

export const propertiesOf = (resource: RawMap): RawMap =>
  isRecord(resource.Properties) ? resource.Properties : {};

export const typeOf = (resource: RawMap): string =>
  typeof resource.Type === 'string' ? resource.Type : '';

/** All resources of a type over all templates, in the order written. */
export const resourcesOfType = (assembly: Assembly, type: string): readonly string[] =>
  assembly.stacks.flatMap((stack) =>
    Object.entries(stack.resources)
      .filter(([, resource]) => isRecord(resource) && typeOf(resource) === type)
      .map(([logicalId]) => resourceId(stack, logicalId)),
  );

/** Adds a problem at a place. */
export function report(place: Place, problem: string, fix: string): void {
  const { scope, path } = place;
  scope.assembly.problems.push({ file: scope.stack.file, document: 0, path, problem, fix });
}

export const below = (place: Place, key: string | number): Place => ({
  ...place,
  path: typeof key === 'number' ? `${place.path}[${key}]` : `${place.path}.${key}`,
});

/** An output of some stack under the name it is exported by. */
export interface Export {
  readonly stack: Stack;
  readonly output: string;
  readonly name: Raw;
  readonly value: Raw;
  /** It is exported only where this condition holds. */
  readonly condition?: string;
}

export const exportsOf = (assembly: Assembly): readonly Export[] =>
  assembly.stacks.flatMap((stack) =>
    Object.entries(stack.outputs).flatMap(([output, body]): Export[] => {
      if (!isRecord(body) || !isRecord(body.Export) || body.Export.Name === undefined) return [];
      const found = { stack, output, name: body.Export.Name, value: body.Value ?? null };
      const { Condition: condition } = body;
      return [typeof condition === 'string' ? { ...found, condition } : found];
    }),
  );

import type { Problem } from '../model/problem';
import type { Raw, RawMap, Stack } from './template-document';
import { isRecord } from './template-document';

/** Everything that functions of one template may refer to. */
export interface Scope {
  readonly stack: Stack;
  readonly assembly: Assembly;
}

/** The templates given together: what one exports another may import. */
export interface Assembly {
  readonly stacks: readonly Stack[];
  /** The region that `AWS::Region` stands for. */
  readonly region: string;
  /** Problems found while resolving, gathered. */
  readonly problems: Problem[];
}

/** A value still to be resolved, and where it stands, for problems. */
export interface Place {
  readonly scope: Scope;
  readonly path: string;
  /** How many references led here: a circle must end. */
  readonly depth: number;
}

/** The region taken where no template names a zone: the one AWS's own examples use. */
const NOMINAL_REGION = 'us-east-1';

/** Puts templates together; their region is that of the first zone a subnet names. */
export function assemble(stacks: readonly Stack[], problems: Problem[]): Assembly {
  const zones = stacks.flatMap((stack) =>
    Object.values(stack.resources).map((resource) => {
      const properties = isRecord(resource) ? resource.Properties : undefined;
      return isRecord(properties) ? properties.AvailabilityZone : undefined;
    }),
  );
  const zone = zones.find((z): z is string => typeof z === 'string' && ZONE.test(z));
  return { stacks, region: zone?.slice(0, -1) ?? NOMINAL_REGION, problems };
}

const ZONE = /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/;

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
}

export const exportsOf = (assembly: Assembly): readonly Export[] =>
  assembly.stacks.flatMap((stack) =>
    Object.entries(stack.outputs).flatMap(([output, body]) =>
      isRecord(body) && isRecord(body.Export) && body.Export.Name !== undefined
        ? [{ stack, output, name: body.Export.Name, value: body.Value ?? null }]
        : [],
    ),
  );

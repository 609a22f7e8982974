import { conditionValue } from './condition';
import { type Export, exportsOf, type Place, type Resolve } from './scope';
import { agreed, isUnknown, unknown, type Value } from './value';

/**
 * `Fn::ImportValue`: the value that some stack exports under a name. An output whose condition is
 * false does not exist; one whose condition is not known leaves the value unknown.
 */
export function importValue(name: Value, place: Place, resolve: Resolve): Value {
  if (isUnknown(name)) return name;
  const { assembly } = place.scope;
  const at = (found: Export, part: string): Place => ({
    scope: { assembly, stack: found.stack },
    path: `Outputs.${found.output}.${part}`,
    depth: place.depth + 1,
  });
  const answers = exportsOf(assembly)
    .filter((found) => resolve(found.name, at(found, 'Export.Name')) === name)
    .map((found) => ({ found, exists: existence(found, at(found, 'Condition'), resolve) }))
    .filter(({ exists }) => exists !== false);
  const values = answers.map(({ found }) => resolve(found.value, at(found, 'Value')));
  const doubt = answers.map(({ exists }) => exists).find(isUnknown);
  if (doubt !== undefined)
    return unknown(`export ${String(name)}, which depends on ${doubt.unknown}`);
  const [first] = values;
  if (first === undefined) return unknown(`export ${String(name)} of a stack that is not given`);
  if (values.length === 1) return first;
  return agreed(values) ?? unknown(`export ${String(name)}, which ${values.length} stacks have`);
}

const existence = (found: Export, place: Place, resolve: Resolve): Value =>
  found.condition === undefined ? true : conditionValue(found.condition, place, resolve);

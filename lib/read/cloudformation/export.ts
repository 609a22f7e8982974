import { conditionValue } from './condition';
import type { Raw } from './document';
import { type Export, exportsOf, type Place, type Resolve, resolvedOnce } from './scope';
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
  const part = (found: Export, named: string, raw: Raw): Value => {
    const here = at(found, named);
    return resolvedOnce(here, here.path, () => resolve(raw, here));
  };
  const answers = exportsOf(assembly)
    .filter((found) => part(found, 'Export.Name', found.name) === name)
    .map((found) => ({ found, exists: existence(found, at(found, 'Condition'), resolve) }))
    .filter(({ exists }) => exists !== false);
  const values = answers.map(({ found }) => part(found, 'Value', found.value));
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

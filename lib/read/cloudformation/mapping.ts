import { isRecord, type Raw } from './document';
import { type Place, type Resolve, report } from './scope';
import {
  agreed,
  firstUnknown,
  isUnknown,
  isValueList,
  isValueMap,
  unknown,
  type Value,
} from './value';

/**
 * `Fn::FindInMap`. A key that is not known may be any of the map's; where all of them lead to one
 * value, that is the value (a map with one region can only be deployed there).
 */
export function findInMap(argument: Value, place: Place, resolve: Resolve): Value {
  const keys = isValueList(argument) ? argument : [];
  const [map = null, ...path] = keys.slice(0, 3);
  if (path.length !== 2) {
    report(place, 'Fn::FindInMap needs a map and two keys', 'write [map, first key, second key]');
    return unknown('Fn::FindInMap');
  }
  const { mappings, transforms } = place.scope.stack;
  if (Object.hasOwn(mappings, 'Fn::Transform')) return unknown('Fn::Transform of the mappings');
  const options = keys[3];
  const spare = isValueMap(options) ? options.DefaultValue : undefined;
  const extended = transforms.includes('AWS::LanguageExtensions');
  if (spare !== undefined && !extended) {
    const fix = 'add Transform: AWS::LanguageExtensions';
    report(place, 'DefaultValue needs a transform that the template does not name', fix);
    return unknown('Fn::FindInMap');
  }
  const ends = [map, ...path].reduce<readonly (Raw | undefined)[]>(
    (from, key) => from.flatMap((raw) => steps(raw, key)),
    [mappings],
  );
  const missing = firstUnknown([map, ...path]);
  const found = ends.filter((end): end is Raw => end !== undefined);
  if (missing === undefined) return known(found[0], { spare, keys, place, resolve });
  const values = found.map((raw) => resolve(raw, place));
  return agreed(spare === undefined ? values : [...values, spare]) ?? missing;
}

/** Where a key leads: to its value, or, where it is not known, to any. */
function steps(raw: Raw | undefined, key: Value): readonly (Raw | undefined)[] {
  if (!isRecord(raw)) return [];
  if (isUnknown(key)) return Object.values(raw);
  return Object.hasOwn(raw, String(key)) ? [raw[String(key)]] : [];
}

function known(
  raw: Raw | undefined,
  {
    spare,
    keys,
    place,
    resolve,
  }: {
    readonly spare: Value | undefined;
    readonly keys: readonly Value[];
    readonly place: Place;
    readonly resolve: Resolve;
  },
): Value {
  if (raw !== undefined) return resolve(raw, place);
  if (spare !== undefined) return spare;
  const path = keys.slice(0, 3).map(String).join(' / ');
  report(place, `no mapping has ${path}`, 'add it under Mappings');
  return unknown('Fn::FindInMap');
}

import type { Raw } from './document';
import { getAttribute, reference } from './reference';
import { type Place, type Resolve, report } from './scope';
import {
  isScalar,
  isUnknown,
  isValueMap,
  joined,
  unknown,
  type Value,
  type ValueMap,
} from './value';

/** `${Name}`, `${Name.Attribute}` and `${!literal}` (CloudFormation: Fn::Sub). */
export function substitute(argument: Raw, place: Place, resolve: Resolve): Value {
  const [template, given = {}] = Array.isArray(argument) ? argument : [argument];
  const variables = resolve(given as Raw, place);
  if (typeof template !== 'string' || !(isValueMap(variables) || isUnknown(variables))) {
    report(place, 'Fn::Sub has no text', 'write text, or [text, { variable: value }]');
    return unknown('Fn::Sub');
  }
  if (isUnknown(variables)) return variables;
  const parts = template.split(/(\$\{[^{}]*\}|\{\{resolve:[^{}]*\}\})/);
  const values = parts.map((part) => partValue(part, variables, { place, resolve }));
  return joined(values, '');
}

function partValue(
  part: string,
  variables: ValueMap,
  { place, resolve }: { readonly place: Place; readonly resolve: Resolve },
): Value {
  if (part.startsWith('{{resolve:')) return unknown(part);
  const name = /^\$\{(.*)\}$/s.exec(part)?.[1]?.trim();
  if (name === undefined) return part;
  if (name.startsWith('!')) return `\${${name.slice(1)}}`;
  const found = named(name, variables, { place, resolve });
  if (isUnknown(found) || isScalar(found)) return found;
  report(
    place,
    `\${${name}} of Fn::Sub is not text`,
    'use a value that is text, such as an item of the list',
  );
  return unknown(name);
}

function named(
  name: string,
  variables: ValueMap,
  { place, resolve }: { readonly place: Place; readonly resolve: Resolve },
): Value {
  if (Object.hasOwn(variables, name)) return variables[name] ?? null;
  const [head = '', ...rest] = name.split('.');
  return rest.length > 0
    ? getAttribute(head, rest.join('.'), place, resolve)
    : reference(name, place, resolve);
}

import type { Raw, RawMap } from './template-document';
import { isRecord } from './template-document';
import { getAttribute, reference } from './template-reference';
import { below, exportsOf, type Place, report } from './template-scope';
import { callText } from './template-text';
import {
  firstUnknown,
  isUnknown,
  isValueList,
  isValueMap,
  unknown,
  type Value,
  type ValueMap,
} from './template-value';

/** References one may follow before it is called a circle. */
const MAX_REFERENCES = 60;

/** `AWS::NoValue`: a property with it is as if not written. */
const NO_VALUE = 'AWS::NoValue';

/**
 * Resolves the functions in a value (CloudFormation: intrinsic function reference). What cannot be
 * known before deployment becomes `unknown` with its name; what is written wrongly is a problem.
 */
export function resolve(raw: Raw, place: Place): Value {
  if (Array.isArray(raw)) {
    return raw
      .filter((item) => !isNothing(item, place))
      .map((item, i) => resolve(item, below(place, i)));
  }
  if (!isRecord(raw)) return raw as Value;
  const [entry, ...others] = Object.entries(raw);
  if (entry === undefined) return {};
  const [name, argument] = entry;
  if (others.length > 0 || !/^(Ref$|Condition$|Fn::)/.test(name)) return resolveMap(raw, place);
  return call(name, argument, place);
}

/** Whether a condition holds; `undefined` where that is not known before deployment. */
export function holds(name: string, place: Place): boolean | undefined {
  const { conditions } = place.scope.stack;
  const raw = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
  if (raw === undefined) {
    report(place, `no condition is called '${name}'`, `define ${name} under Conditions`);
    return undefined;
  }
  const value = resolve(raw, deeper(place, `Conditions.${name}`));
  return typeof value === 'boolean' ? value : undefined;
}

function resolveMap(raw: RawMap, place: Place): ValueMap {
  const kept = Object.entries(raw).filter(([, child]) => !isNothing(child, place));
  return Object.fromEntries(
    kept.map(([key, child]) => [key, resolve(child, below(place, key))] as const),
  );
}

/** Is it `AWS::NoValue`, perhaps at the end of an `Fn::If`? */
function isNothing(raw: Raw, place: Place): boolean {
  if (!isRecord(raw)) return false;
  if (raw.Ref === NO_VALUE) return true;
  const branch = raw['Fn::If'];
  if (!Array.isArray(branch) || typeof branch[0] !== 'string') return false;
  if (!Object.hasOwn(place.scope.stack.conditions, branch[0])) return false;
  const condition = holds(branch[0], place);
  return condition !== undefined && isNothing(branch[condition ? 1 : 2] ?? null, place);
}

function call(name: string, argument: Raw, place: Place): Value {
  if (place.depth > MAX_REFERENCES) {
    report(place, `${name} leads back to itself`, 'break the circle of references');
    return unknown(`${name} at ${place.path}`);
  }
  const at = deeper(place, place.path);
  switch (name) {
    case 'Ref':
      return reference(String(argument), at, resolve);
    case 'Condition':
      return holds(String(argument), at) ?? unknown(`condition ${String(argument)}`);
    case 'Fn::If':
      return choose(argument, at);
    case 'Fn::Transform':
      return unknown('Fn::Transform');
    default:
      return callResolved(name, resolve(argument, at), at);
  }
}

function callResolved(name: string, argument: Value, place: Place): Value {
  switch (name) {
    case 'Fn::GetAtt':
      return attribute(argument, place);
    case 'Fn::ImportValue':
      return importValue(argument, place);
    case 'Fn::FindInMap':
      return findInMap(argument, place);
    case 'Fn::Sub':
      return substitute(argument, place);
    case 'Fn::Equals':
    case 'Fn::And':
    case 'Fn::Or':
    case 'Fn::Not':
      return logic(name, isValueList(argument) ? argument : [argument]);
    default:
      return callText(name, argument, place);
  }
}

function choose(argument: Raw, place: Place): Value {
  const [condition, yes = null, no = null] = Array.isArray(argument) ? argument : [];
  if (typeof condition !== 'string') {
    report(place, 'Fn::If names no condition', 'write [condition, value if true, value if false]');
    return unknown('Fn::If');
  }
  const answer = holds(condition, place);
  return answer === undefined
    ? unknown(`condition ${condition}`)
    : resolve(answer ? yes : no, place);
}

function logic(name: string, operands: readonly Value[]): Value {
  const missing = firstUnknown(operands);
  if (name === 'Fn::And' && operands.includes(false)) return false;
  if (name === 'Fn::Or' && operands.includes(true)) return true;
  if (missing !== undefined) return missing;
  if (name === 'Fn::Equals') return String(operands[0]) === String(operands[1]);
  return name === 'Fn::Not' ? operands[0] === false : name === 'Fn::And';
}

function attribute(argument: Value, place: Place): Value {
  const [head, ...rest] = isValueList(argument) ? argument : String(argument).split('.');
  if (isUnknown(head)) return head;
  return getAttribute(String(head), rest.map(String).join('.'), place, resolve);
}

function importValue(name: Value, place: Place): Value {
  if (isUnknown(name)) return name;
  const { assembly } = place.scope;
  const found = exportsOf(assembly).find(
    (e) => resolve(e.name, { ...place, scope: { assembly, stack: e.stack } }) === name,
  );
  if (found === undefined) return unknown(`export ${String(name)} of a stack that is not given`);
  const scope = { assembly, stack: found.stack };
  return resolve(found.value, { scope, path: `Outputs.${found.output}.Value`, depth: place.depth });
}

function findInMap(argument: Value, place: Place): Value {
  const keys = isValueList(argument) ? argument : [];
  const missing = firstUnknown(keys.slice(0, 3));
  if (missing !== undefined) return missing;
  const step = (raw: Raw | undefined, key: Value): Raw | undefined =>
    isRecord(raw) && Object.hasOwn(raw, String(key)) ? raw[String(key)] : undefined;
  const found = keys.slice(0, 3).reduce<Raw | undefined>(step, place.scope.stack.mappings);
  if (found !== undefined) return resolve(found, place);
  const [, , , options] = keys;
  if (isValueMap(options) && options.DefaultValue !== undefined) return options.DefaultValue;
  report(place, `no mapping has ${keys.map(String).join(' / ')}`, 'add it under Mappings');
  return unknown('Fn::FindInMap');
}

/** `${Name}`, `${Name.Attribute}` and `${!literal}` (CloudFormation: Fn::Sub). */
function substitute(argument: Value, place: Place): Value {
  const [template, given] = isValueList(argument) ? argument : [argument];
  const variables = isValueMap(given) ? given : {};
  const parts = String(template).split(/(\$\{[^}]*\})/);
  const values = parts.map((part): Value => {
    const name = /^\$\{(.*)\}$/s.exec(part)?.[1]?.trim();
    if (name === undefined) return part;
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(variables, name)) return variables[name] ?? null;
    return name.includes('.') ? attribute(name, place) : reference(name, place, resolve);
  });
  return firstUnknown(values) ?? values.map(String).join('');
}

const deeper = (place: Place, path: string): Place => ({ ...place, path, depth: place.depth + 1 });

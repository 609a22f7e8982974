import { choose, holds, isNothing, logic } from './condition';
import type { Raw, RawMap } from './document';
import { isRecord } from './document';
import { importValue } from './export';
import { findInMap } from './mapping';
import { getAttribute, reference } from './reference';
import { below, type Place, report } from './scope';
import { substitute } from './substitute';
import { callText } from './text';
import { isUnknown, isValueList, joined, unknown, type Value, type ValueMap } from './value';

/** Deepest chain of functions and references that is followed. A circle is found before. */
const MAX_REFERENCES = 400;

/**
 * Resolves the functions in a value (CloudFormation: intrinsic function reference). What cannot be
 * known before deployment becomes `unknown` with its name; what is written wrongly is a problem.
 */
export function resolve(raw: Raw, place: Place): Value {
  if (Array.isArray(raw)) {
    return raw
      .filter((item) => !isNothing(item, place, resolve))
      .map((item, i) => resolve(item, below(place, i)));
  }
  if (typeof raw === 'string') return dynamic(raw);
  if (!isRecord(raw)) return raw as Value;
  const [entry, ...others] = Object.entries(raw);
  if (entry === undefined) return {};
  const [name, argument] = entry;
  if (others.length > 0 || !/^(Ref$|Condition$|Fn::)/.test(name)) return resolveMap(raw, place);
  return call(name, argument, place);
}

/** `{{resolve:service:reference}}` is read when the stack is deployed (CloudFormation: dynamic references). */
function dynamic(text: string): Value {
  if (!text.includes('{{resolve:')) return text;
  const parts = text.split(/(\{\{resolve:[^{}]*\}\})/);
  return joined(
    parts.map((part) => (part.startsWith('{{resolve:') ? unknown(part) : part)),
    '',
  );
}

/** The values of a map, each resolved; without those that are `AWS::NoValue`. */
export function resolveMap(raw: RawMap, place: Place): ValueMap {
  if (Object.hasOwn(raw, 'Fn::Transform')) {
    const problem = 'Fn::Transform adds properties that are not in the file';
    report(place, problem, PROCESSED);
  }
  const kept = Object.entries(raw).filter(
    ([key, child]) => key !== 'Fn::Transform' && !isNothing(child, place, resolve),
  );
  return Object.fromEntries(
    kept.map(([key, child]) => [key, resolve(child, below(place, key))] as const),
  );
}

/** What to do where a macro rewrites the template. */
export const PROCESSED =
  'give the template as it is deployed: aws cloudformation get-template --template-stage Processed';

function call(name: string, argument: Raw, place: Place): Value {
  if (place.depth > MAX_REFERENCES) {
    const problem = `${name} is at the end of more than ${MAX_REFERENCES} references`;
    report(place, problem, 'write fewer functions into one another');
    return unknown(`${name} at ${place.path}`);
  }
  const at = deeper(place);
  switch (name) {
    case 'Ref':
      return referTo(argument, at);
    case 'Condition':
      return holds(String(argument), at, resolve) ?? unknown(`condition ${String(argument)}`);
    case 'Fn::If':
      return choose(argument, at, resolve);
    case 'Fn::Transform':
      return unknown('Fn::Transform');
    case 'Fn::FindInMap':
      return findInMap(resolve(argument, { ...at, inCondition: true }), place, resolve);
    case 'Fn::Sub':
      return substitute(argument, at, resolve);
    default:
      return callResolved(name, resolve(argument, at), at);
  }
}

/** `Ref` names a thing; with AWS::LanguageExtensions a function may make the name. */
function referTo(argument: Raw, place: Place): Value {
  const name = resolve(argument, place);
  if (isUnknown(name)) return name;
  if (typeof name === 'string') return reference(name, place, resolve);
  report(place, 'Ref does not name a parameter or resource', 'write the name as text');
  return unknown('Ref');
}

function callResolved(name: string, argument: Value, place: Place): Value {
  switch (name) {
    case 'Fn::GetAtt':
      return attribute(argument, place);
    case 'Fn::ImportValue':
      return importValue(argument, place, resolve);
    case 'Fn::Equals':
    case 'Fn::And':
    case 'Fn::Or':
    case 'Fn::Not':
      return logic(name, isValueList(argument) ? argument : [argument], place);
    default:
      return callText(name, argument, place);
  }
}

function attribute(argument: Value, place: Place): Value {
  if (isUnknown(argument)) return argument;
  const [head, ...rest] = isValueList(argument) ? argument : String(argument).split('.');
  if (isUnknown(head)) return head;
  const missing = rest.find(isUnknown);
  if (missing !== undefined) return missing;
  return getAttribute(String(head), rest.map(String).join('.'), place, resolve);
}

const deeper = (place: Place): Place => ({ ...place, depth: place.depth + 1 });

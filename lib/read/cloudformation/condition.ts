import type { Raw } from './document';
import { isRecord } from './document';
import { type Place, type Resolve, report, resolvedOnce } from './scope';
import { agreed, firstUnknown, isScalar, isUnknown, unknown, type Value } from './value';

/** `AWS::NoValue`: a property with it is as if not written. */
const NO_VALUE = 'AWS::NoValue';

/** What a condition says, or why that is not known before deployment. */
export function conditionValue(name: string, place: Place, resolve: Resolve): Value {
  const { conditions } = place.scope.stack;
  const raw = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
  if (raw === undefined) {
    report(place, `no condition is called '${name}'`, `define ${name} under Conditions`);
    return unknown(`condition ${name}`);
  }
  const path = `Conditions.${name}`;
  const at: Place = { ...place, path, depth: place.depth + 1, inCondition: true };
  return resolvedOnce(at, path, () => resolve(raw, at));
}

/** Whether a condition holds; `undefined` where that is not known before deployment. */
export function holds(name: string, place: Place, resolve: Resolve): boolean | undefined {
  const value = conditionValue(name, place, resolve);
  return typeof value === 'boolean' ? value : undefined;
}

/** A condition that is not known, with what it depends on. */
export function unknownCondition(name: string, place: Place, resolve: Resolve): string {
  const value = conditionValue(name, place, resolve);
  return isUnknown(value) && !value.unknown.startsWith('condition ')
    ? `condition ${name}, which depends on ${value.unknown}`
    : `condition ${name}`;
}

/** Is it `AWS::NoValue`, perhaps at the end of an `Fn::If`? */
export function isNothing(raw: Raw, place: Place, resolve: Resolve): boolean {
  if (!isRecord(raw)) return false;
  if (raw.Ref === NO_VALUE) return true;
  const branch = raw['Fn::If'];
  if (!Array.isArray(branch) || typeof branch[0] !== 'string') return false;
  if (!Object.hasOwn(place.scope.stack.conditions, branch[0])) return false;
  const condition = holds(branch[0], place, resolve);
  return condition !== undefined && isNothing(branch[condition ? 1 : 2] ?? null, place, resolve);
}

/** `Fn::If`: one of two values. Where the condition is not known, both must agree. */
export function choose(argument: Raw, place: Place, resolve: Resolve): Value {
  const [condition, yes, no, ...more] = Array.isArray(argument) ? argument : [];
  if (typeof condition !== 'string' || yes === undefined || no === undefined || more.length > 0) {
    const fix = 'write [condition, value if true, value if false]';
    report(place, 'Fn::If does not name a condition and two values', fix);
    return unknown('Fn::If');
  }
  const answer = holds(condition, place, resolve);
  if (answer !== undefined) return resolve(answer ? yes : no, place);
  const nothing = [yes, no].some((branch) => isNothing(branch, place, resolve));
  const same = nothing ? undefined : agreed([resolve(yes, place), resolve(no, place)]);
  return same ?? unknown(unknownCondition(condition, place, resolve));
}

const OPERANDS: Readonly<Record<string, readonly [number, number]>> = {
  'Fn::Equals': [2, 2],
  'Fn::Not': [1, 1],
  'Fn::And': [2, 10],
  'Fn::Or': [2, 10],
};

/** The functions of conditions (CloudFormation: condition functions). */
export function logic(name: string, operands: readonly Value[], place: Place): Value {
  const [least = 0, most = 0] = OPERANDS[name] ?? [];
  if (operands.length < least || operands.length > most) {
    const count = least === most ? `${least}` : `${least} to ${most}`;
    report(place, `${name} has ${operands.length} operands`, `give it ${count}`);
    return unknown(name);
  }
  const missing = firstUnknown(operands);
  if (name === 'Fn::And' && operands.includes(false)) return false;
  if (name === 'Fn::Or' && operands.includes(true)) return true;
  if (missing !== undefined) return missing;
  if (name === 'Fn::Equals') return equals(operands, place);
  return name === 'Fn::Not' ? operands[0] === false : name === 'Fn::And';
}

function equals([a = null, b = null]: readonly Value[], place: Place): Value {
  if (isScalar(a) && isScalar(b)) return String(a) === String(b);
  const known = agreed([a, b]);
  if (known !== undefined) return true;
  const partly = JSON.stringify([a, b]).includes('"unknown":');
  if (partly) return unknown(`Fn::Equals at ${place.path}`);
  return false;
}

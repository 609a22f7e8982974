import { isRecord, type Raw, type RawMap, type Stack } from './document';
import { resolve } from './resolve';
import { type Assembly, type Place, report } from './scope';
import { firstUnknown, isUnknown, isValueList, unknown, type Value } from './value';

/**
 * Rules of a template: what they assert of parameters must hold, or CloudFormation refuses to make
 * the stack (CloudFormation: Rules section). An assertion over what is not known asserts nothing here.
 */
export function checkRules(stack: Stack, assembly: Assembly): void {
  for (const [name, raw] of Object.entries(stack.rules)) {
    const place: Place = { scope: { stack, assembly }, path: `Rules.${name}`, depth: 0 };
    if (!isRecord(raw)) continue;
    const { RuleCondition: condition, Assertions: assertions } = raw;
    if (condition !== undefined && evaluate(condition, place) !== true) continue;
    for (const assertion of Array.isArray(assertions) ? assertions : []) {
      if (!isRecord(assertion) || evaluate(assertion.Assert ?? true, place) !== false) continue;
      const said = assertion.AssertDescription;
      const problem = `an assertion does not hold${typeof said === 'string' ? `: ${said}` : ''}`;
      report(place, problem, 'give parameters that satisfy the rule');
    }
  }
}

/** The functions of rules, by name; all others are those of conditions. */
const RULE_FUNCTIONS: Readonly<Record<string, (operands: readonly Value[]) => Value>> = {
  'Fn::Contains': ([list = null, item = null]) => contains(list, item),
  'Fn::EachMemberEquals': ([list = null, item = null]) =>
    each(list, (one) => String(one) === String(item)),
  'Fn::EachMemberIn': ([list = null, others = null]) =>
    each(list, (one) => contains(others, one) === true),
};

const contains = (list: Value, item: Value): Value =>
  isValueList(list) ? list.map(String).includes(String(item)) : unknown('Fn::Contains');

const each = (list: Value, test: (one: Value) => boolean): Value =>
  isValueList(list) ? list.every(test) : unknown('a rule');

function evaluate(raw: Raw, place: Place): Value {
  if (!isRecord(raw)) return resolve(raw, place);
  const [entry, ...more] = Object.entries(raw);
  if (entry === undefined || more.length > 0) return unknown('a rule');
  const [name, argument] = entry;
  const operands = Array.isArray(argument) ? argument : [argument];
  if (Object.hasOwn(RULE_FUNCTIONS, name)) {
    const values = operands.map((one) => resolve(one, place));
    return deepUnknown(values) ?? RULE_FUNCTIONS[name]?.(values) ?? unknown(name);
  }
  if (name === 'Fn::ValueOf' || name === 'Fn::RefAll' || name === 'Fn::ValueOfAll')
    return unknown(name);
  return LOGIC.has(name) ? logical(name, operands, place) : resolve(raw as RawMap, place);
}

const LOGIC: ReadonlySet<string> = new Set(['Fn::And', 'Fn::Or', 'Fn::Not']);

/** And, Or and Not over the functions of rules. */
function logical(name: string, operands: readonly Raw[], place: Place): Value {
  const values = operands.map((one) => evaluate(one, place));
  if (name === 'Fn::And' && values.includes(false)) return false;
  if (name === 'Fn::Or' && values.includes(true)) return true;
  const missing = firstUnknown(values);
  if (missing !== undefined) return missing;
  return name === 'Fn::Not' ? values[0] === false : name === 'Fn::And';
}

const deepUnknown = (values: readonly Value[]): Value | undefined =>
  firstUnknown(values.flatMap((one) => (isValueList(one) ? one : [one])).filter(isUnknown));

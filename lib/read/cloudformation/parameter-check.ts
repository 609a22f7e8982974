import type { Problem } from '../../model/problem';
import { isRecord, type Raw, type RawMap, type Stack } from './document';
import { GIVEN, isListType, itemsOf } from './parameter';

/**
 * What CloudFormation refuses of parameters' values, given or by default: a Number that is none,
 * and what AllowedValues, AllowedPattern and the limits do not admit (CloudFormation: Parameters
 * section). The value of an SSM type is the name of a parameter, so nothing holds it.
 */
export const checkParameters = (stacks: readonly Stack[]): readonly Problem[] =>
  stacks.flatMap((stack) =>
    Object.entries(stack.parameters).flatMap(([name, raw]) =>
      isRecord(raw) ? checkParameter(stack, name, raw) : [],
    ),
  );

function checkParameter(stack: Stack, name: string, definition: RawMap): readonly Problem[] {
  const given = definition[GIVEN];
  const value = given ?? definition.Default;
  const type = String(definition.Type ?? 'String');
  if (value === undefined || typeof value === 'object' || type.startsWith('AWS::SSM::')) return [];
  const items = isListType(type) ? itemsOf(String(value)) : [String(value)];
  const trouble = items.flatMap((item) => refusal(item, type, definition) ?? [])[0];
  if (trouble === undefined) return [];
  const place =
    given === undefined
      ? { file: stack.file, path: `Parameters.${name}.Default` }
      : { file: '--parameter', path: name };
  return [{ ...place, document: 0, ...trouble }];
}

interface Trouble {
  readonly problem: string;
  readonly fix: string;
}

/** Why a value cannot be the parameter's. */
function refusal(value: string, type: string, definition: RawMap): Trouble | undefined {
  const { AllowedValues: allowed, AllowedPattern: pattern } = definition;
  if (/^(Number|List<Number>)$/.test(type) && !/^[-+]?\d+(\.\d+)?$/.test(value))
    return { problem: `'${value}' is not a number`, fix: 'the parameter has the type Number' };
  if (Array.isArray(allowed) && !allowed.map(String).includes(value)) {
    const names = allowed.map(String).join(', ');
    return { problem: `'${value}' is not an allowed value`, fix: `use one of ${names}` };
  }
  if (typeof pattern === 'string' && !matches(value, pattern))
    return { problem: `'${value}' does not match AllowedPattern`, fix: `match ${pattern}` };
  return outside(value, definition);
}

/** Is a number or a length outside its limits? */
function outside(value: string, definition: RawMap): Trouble | undefined {
  const limit = (key: string): number | undefined => numberOf(definition[key]);
  const checks = [
    { key: 'MinValue', ok: (bound: number) => Number(value) >= bound },
    { key: 'MaxValue', ok: (bound: number) => Number(value) <= bound },
    { key: 'MinLength', ok: (bound: number) => value.length >= bound },
    { key: 'MaxLength', ok: (bound: number) => value.length <= bound },
  ];
  const failed = checks.find(({ key, ok }) => {
    const bound = limit(key);
    return bound !== undefined && !ok(bound);
  });
  if (failed === undefined) return undefined;
  const bound = `${failed.key} is ${limit(failed.key)}`;
  return { problem: `'${value}' is outside the limits: ${bound}`, fix: 'give a value within them' };
}

const numberOf = (raw: Raw | undefined): number | undefined =>
  raw === undefined || raw === null || Number.isNaN(Number(raw)) ? undefined : Number(raw);

/** AllowedPattern covers the whole value. It is a Java expression: one that JavaScript cannot read checks nothing. */
function matches(value: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 's').test(value);
  } catch (error) {
    if (error instanceof SyntaxError) return true;
    throw error;
  }
}

import type { Unknown } from '../../model/vpc';

const UNKNOWN = Symbol('unknown');

/** A value of a template with every function in it resolved, or named as not known yet. */
export type Value = string | number | boolean | null | UnknownValue | readonly Value[] | ValueMap;

export interface ValueMap {
  readonly [key: string]: Value;
}

/** A value that exists only after deployment. Marked, so that no property of that name is one. */
export interface UnknownValue extends Unknown {
  readonly [UNKNOWN]: true;
  /** A text of which some parts are known: those that are not stand as `HOLE`. */
  readonly pattern?: string;
}

/** Stands in a pattern for the text that is not known. */
export const HOLE = '\u0000';

export const unknown = (what: string, pattern?: string): UnknownValue => {
  const marked: UnknownValue = { unknown: what, [UNKNOWN]: true };
  return pattern === undefined ? marked : { ...marked, pattern };
};

export const isUnknown = (value: unknown): value is UnknownValue =>
  typeof value === 'object' && value !== null && UNKNOWN in value;

export const isValueMap = (value: Value | undefined): value is ValueMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value);

export const isValueList = (value: Value | undefined): value is readonly Value[] =>
  Array.isArray(value);

/** The first unknown among values, so that what is made of them is unknown for its reason. */
export const firstUnknown = (values: readonly Value[]): UnknownValue | undefined =>
  values.find(isUnknown);

/** Is it text, or what CloudFormation writes as text: a number or a boolean? */
export const isScalar = (value: Value | undefined): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Parts put together; unknown, with a pattern, where a part is. */
export function joined(parts: readonly Value[], delimiter: string): Value {
  const missing = firstUnknown(parts);
  if (missing === undefined) return parts.map(String).join(delimiter);
  const pattern = parts.map((part) => (isUnknown(part) ? (part.pattern ?? HOLE) : String(part)));
  return unknown(missing.unknown, pattern.join(delimiter));
}

/** Are two resolved values the same? Of two unknown ones that is not known. */
export const sameValue = (a: Value, b: Value): boolean =>
  !isUnknown(a) && !isUnknown(b) && JSON.stringify(a) === JSON.stringify(b);

/** The one value that all of them are; `undefined` where they differ or one is unknown. */
export function agreed(values: readonly Value[]): Value | undefined {
  const [first, ...rest] = values;
  if (first === undefined || JSON.stringify(first).includes('"unknown":')) return undefined;
  return rest.every((other) => sameValue(first, other)) ? first : undefined;
}

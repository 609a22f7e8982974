import type { Unknown } from '../model/vpc';

const UNKNOWN = Symbol('unknown');

/** A value of a template with every function in it resolved, or named as not known yet. */
export type Value = string | number | boolean | null | UnknownValue | readonly Value[] | ValueMap;

export interface ValueMap {
  readonly [key: string]: Value;
}

/** A value that exists only after deployment. Marked, so that no property of that name is one. */
export interface UnknownValue extends Unknown {
  readonly [UNKNOWN]: true;
}

export const unknown = (what: string): UnknownValue => ({ unknown: what, [UNKNOWN]: true });

export const isUnknown = (value: unknown): value is UnknownValue =>
  typeof value === 'object' && value !== null && UNKNOWN in value;

export const isValueMap = (value: Value | undefined): value is ValueMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value);

export const isValueList = (value: Value | undefined): value is readonly Value[] =>
  Array.isArray(value);

/** The first unknown among values, so that what is made of them is unknown for its reason. */
export const firstUnknown = (values: readonly Value[]): UnknownValue | undefined =>
  values.find(isUnknown);

import { likely } from '../../model/nearest';
import { type At, complain, inside, warn } from './at';
import { listed } from './listed';
import { BAD, type Bad, refuse, wrongType } from './refusal';

/**
 * How a value must look, as a function that answers the typed value or reports every problem in
 * it. `null` is the zero value of its type (`''`, `0`, `false`, `[]`, `{}`), as Go's decoder has it
 * for an item of a list; a field that is `null` is absent.
 */
export type Shape<T> = (value: unknown, at: At) => T | Bad;

/** What is wrong with a value, or nothing. */
export type ValueCheck<T> = (
  value: T,
) => { readonly problem: string; readonly fix: string } | undefined;

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type Value<S> = S extends Shape<infer T> ? Exclude<T, Bad> : never;

/** The type that a shape reads. */
export type Read<S> = Value<S>;

type Nothing = Readonly<Record<never, never>>;
type Values<F extends Shapes> = { readonly [K in keyof F]: Value<F[K]> };
type FieldValues<
  R extends Shapes,
  O extends Shapes,
  E extends Shapes,
  Z extends Shapes,
> = Values<R> & Partial<Values<O>> & Partial<Values<E>> & Partial<Values<Z>>;

/** The fields of an object. A field of any other name is a typing error, or not known here. */
export interface Fields<
  R extends Shapes,
  O extends Shapes,
  E extends Shapes = Nothing,
  Z extends Shapes = Nothing,
> {
  readonly required?: R;
  readonly optional?: O;
  /** Optional texts that Go holds with `omitempty`: `''` is absent, so a default takes its place. */
  readonly omitEmpty?: E;
  /** Optional numbers of which 0 is absent in the same way. */
  readonly omitZero?: Z;
  /** Fields that exist and that nothing here depends on: their values are not looked at. */
  readonly ignored?: readonly string[];
}

const own = (value: object, key: string): unknown =>
  Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isAbsent = (value: unknown): boolean => value === null || value === undefined;

/**
 * An object with these fields. A field near a known name is a typing error; any other is a remark,
 * since a newer Kubernetes may have it and the fields that decide are known here.
 */
export const object = <
  R extends Shapes = Nothing,
  O extends Shapes = Nothing,
  E extends Shapes = Nothing,
  Z extends Shapes = Nothing,
>(
  fields: Fields<R, O, E, Z>,
): Shape<FieldValues<R, O, E, Z>> => fieldsOf(fields, remarkField);

/** An object of which every field decides: a field of any other name is a problem. */
export const closedObject = <
  R extends Shapes = Nothing,
  O extends Shapes = Nothing,
  E extends Shapes = Nothing,
  Z extends Shapes = Nothing,
>(
  fields: Fields<R, O, E, Z>,
): Shape<FieldValues<R, O, E, Z>> => fieldsOf(fields, refuseField);

type OnUnknown = (at: At, key: string, known: readonly string[]) => void;

function fieldsOf<R extends Shapes, O extends Shapes, E extends Shapes, Z extends Shapes>(
  fields: Fields<R, O, E, Z>,
  onUnknown: OnUnknown,
): Shape<FieldValues<R, O, E, Z>> {
  const shapes = new Map<string, Shape<unknown>>(
    Object.entries({
      ...fields.required,
      ...fields.optional,
      ...fields.omitEmpty,
      ...fields.omitZero,
    }),
  );
  const required = Object.keys(fields.required ?? {});
  const isOmitted = (key: string, field: unknown): boolean =>
    isAbsent(field) ||
    (field === '' && Object.hasOwn(fields.omitEmpty ?? {}, key)) ||
    (field === 0 && Object.hasOwn(fields.omitZero ?? {}, key));
  const ignored = new Set(fields.ignored ?? []);
  const known = [...shapes.keys(), ...ignored];

  return (given, at) => {
    const value = given === null ? {} : given;
    if (!isObject(value)) return wrongType(value, at, 'an object');
    const before = at.report.problems.length;
    const read: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const shape = shapes.get(key);
      const field = own(value, key);
      if (shape === undefined) {
        if (!ignored.has(key)) onUnknown(inside(at, key), key, known);
      } else if (!isOmitted(key, field)) {
        read[key] = shape(field, inside(at, key));
      }
    }
    for (const key of required) if (isAbsent(own(value, key))) missingField(inside(at, key), key);
    return at.report.problems.length === before ? (read as FieldValues<R, O, E, Z>) : BAD;
  };
}

function refuseField(at: At, key: string, known: readonly string[]): void {
  const meant = likely(key, known);
  const fix = meant === undefined ? `remove it, or use ${listed(known)}` : `write ${meant}`;
  complain(at, `there is no field '${key}' here`, fix);
}

function remarkField(at: At, key: string, known: readonly string[]): void {
  if (likely(key, known) === undefined) {
    const problem = `the field '${key}' is not known here (newer, or misspelt) and is not judged`;
    warn(at, problem, `remove it, or use ${listed(known)}`);
  } else {
    refuseField(at, key, known);
  }
}

const missingField = (at: At, key: string): void => complain(at, `${key} is missing`, `add ${key}`);

/** A list of such items. */
export function list<T>(item: Shape<T>, limit = Number.POSITIVE_INFINITY): Shape<readonly T[]> {
  return (value, at) => {
    if (value === null) return [];
    if (!Array.isArray(value)) return wrongType(value, at, 'a list');
    if (value.length > limit) {
      return refuse(at, `${value.length} items are too many`, `keep to ${limit}`);
    }
    const items = value.map((entry, i) => item(entry, inside(at, i)));
    return items.includes(BAD) ? BAD : (items as T[]);
  };
}

/** An object whose keys are data, such as labels. */
export function record(
  key: ValueCheck<string>,
  value: Shape<string>,
): Shape<Record<string, string>> {
  return (entries, at) => {
    if (entries === null) return {};
    if (!isObject(entries)) return wrongType(entries, at, 'an object');
    const before = at.report.problems.length;
    const read: Record<string, string> = {};
    for (const [name, entry] of Object.entries(entries)) {
      const wrong = key(name);
      if (wrong !== undefined) refuse(inside(at, name), wrong.problem, wrong.fix);
      const result = value(entry, inside(at, name));
      if (result !== BAD) {
        // A key such as `__proto__` stays data.
        Object.defineProperty(read, name, { value: result, enumerable: true, writable: true });
      }
    }
    return at.report.problems.length === before ? read : BAD;
  };
}

/** A text, perhaps with a rule of its own. */
export function text(check?: ValueCheck<string>): Shape<string> {
  return (given, at) => {
    const value = given === null ? '' : given;
    if (typeof value !== 'string') return wrongType(value, at, 'a text');
    const wrong = check?.(value);
    return wrong === undefined ? value : refuse(at, wrong.problem, wrong.fix);
  };
}

/** A whole number from `first` to `last`. */
export function integer(first: number, last: number): Shape<number> {
  return (value, at) => {
    if (typeof value !== 'number') return wrongType(value, at, 'a number');
    if (Number.isInteger(value) && value >= first && value <= last) return value;
    return refuse(at, `${value} is out of range`, `use a whole number from ${first} to ${last}`);
  };
}

/** Any finite number (Calico's `order` may be a fraction). */
export const decimal: Shape<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? value : wrongType(value, at, 'a number');

export const flag: Shape<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : wrongType(value, at, 'true or false');

/** One of a few words, spelt exactly so. */
export function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  return (given, at) => {
    const value = given === null ? '' : given;
    if (typeof value !== 'string') return wrongType(value, at, `one of ${words.join(', ')}`);
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined) return word;
    const meant = likely(value, words);
    const fix = meant === undefined ? `use ${words.join(' or ')}` : `write ${meant}`;
    return refuse(at, `'${value}' must be one of ${words.join(', ')}`, fix);
  };
}

/** A text that `parse` turns into a value, or says why not. */
export function parsed<T extends object | string>(
  parse: (value: string) => T | { readonly problem: string; readonly fix: string },
): Shape<T> {
  return (given, at) => {
    const value = given === null ? '' : given;
    if (typeof value !== 'string') return wrongType(value, at, 'a text');
    const result = parse(value);
    if (typeof result === 'object' && 'problem' in result && 'fix' in result) {
      return refuse(at, String(result.problem), String(result.fix));
    }
    return result as T;
  };
}

/** A shape with a rule over its fields, which is asked only when every field could be read. */
export const checked =
  <T>(shape: Shape<T>, check: (value: T, at: At) => void): Shape<T> =>
  (value, at) => {
    const read = shape(value, at);
    if (read === BAD) return BAD;
    const before = at.report.problems.length;
    check(read, at);
    return at.report.problems.length === before ? read : BAD;
  };

/** What a shape reads, turned into something else. */
export const mapped =
  <T, U>(shape: Shape<T>, turn: (value: T, at: At) => U | Bad): Shape<U> =>
  (value, at) => {
    const read = shape(value, at);
    return read === BAD ? BAD : turn(read, at);
  };

/** Whatever it is: nothing here depends on it. */
export const anything: Shape<unknown> = (value) => value;

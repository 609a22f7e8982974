import { likely } from '../model/nearest';
import { type At, complain, inside } from './at';
import { listed } from './listed';
import { BAD, type Bad, refuse, wrongType } from './refusal';

/**
 * How a value must look, as a function that answers the typed value or reports every problem in
 * it. `null` counts as absent, as it does for the API server.
 */
export type Shape<T> = (value: unknown, at: At) => T | Bad;

/** What is wrong with a value, or nothing. */
export type Check<T> = (value: T) => { readonly problem: string; readonly fix: string } | undefined;

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type Value<S> = S extends Shape<infer T> ? Exclude<T, Bad> : never;

/** The type that a shape reads. */
export type Read<S> = Value<S>;

type Nothing = Readonly<Record<never, never>>;
type Values<F extends Shapes> = { readonly [K in keyof F]: Value<F[K]> };

/** The fields of an object: any other field is an error, with the nearest name as its fix. */
export interface Fields<R extends Shapes, O extends Shapes> {
  readonly required?: R;
  readonly optional?: O;
  /** Fields that exist and that nothing here depends on: their values are not looked at. */
  readonly ignored?: readonly string[];
}

const own = (value: object, key: string): unknown =>
  Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object with these fields. */
export function object<R extends Shapes = Nothing, O extends Shapes = Nothing>(
  fields: Fields<R, O>,
): Shape<Values<R> & Partial<Values<O>>> {
  const shapes = new Map<string, Shape<unknown>>(
    Object.entries({ ...fields.required, ...fields.optional }),
  );
  const required = Object.keys(fields.required ?? {});
  const ignored = new Set(fields.ignored ?? []);
  const known = [...shapes.keys(), ...ignored];

  return (value, at) => {
    if (!isObject(value)) return wrongType(value, at, 'an object');
    const before = at.report.problems.length;
    const read: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const shape = shapes.get(key);
      if (shape !== undefined) {
        const field = own(value, key);
        if (field !== null && field !== undefined) read[key] = shape(field, inside(at, key));
      } else if (!ignored.has(key)) unknownField(inside(at, key), key, known);
    }
    for (const key of required) {
      const field = own(value, key);
      if (field === null || field === undefined) missingField(inside(at, key), key);
    }
    return at.report.problems.length === before ? (read as Values<R> & Partial<Values<O>>) : BAD;
  };
}

function unknownField(at: At, key: string, known: readonly string[]): void {
  const meant = likely(key, known);
  const fix = meant === undefined ? `remove it, or use ${listed(known)}` : `write ${meant}`;
  complain(at, `there is no field '${key}' here`, fix);
}

const missingField = (at: At, key: string): void => complain(at, `${key} is missing`, `add ${key}`);

/** A list of such items. */
export function list<T>(item: Shape<T>, limit = Number.POSITIVE_INFINITY): Shape<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) return wrongType(value, at, 'a list');
    if (value.length > limit) {
      return refuse(at, `${value.length} items are too many`, `keep to ${limit}`);
    }
    const items = value.map((entry, i) => item(entry, inside(at, i)));
    return items.includes(BAD) ? BAD : (items as T[]);
  };
}

/** An object whose keys are data, such as labels. */
export function record(key: Check<string>, value: Shape<string>): Shape<Record<string, string>> {
  return (entries, at) => {
    if (!isObject(entries)) return wrongType(entries, at, 'an object');
    const before = at.report.problems.length;
    const read: Record<string, string> = {};
    for (const [name, entry] of Object.entries(entries)) {
      const wrong = key(name);
      if (wrong !== undefined) refuse(inside(at, name), wrong.problem, wrong.fix);
      const result = entry === null ? '' : value(entry, inside(at, name));
      if (result !== BAD) {
        // A key such as `__proto__` stays data.
        Object.defineProperty(read, name, { value: result, enumerable: true, writable: true });
      }
    }
    return at.report.problems.length === before ? read : BAD;
  };
}

/** A text, perhaps with a rule of its own. */
export function text(check?: Check<string>): Shape<string> {
  return (value, at) => {
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
  return (value, at) => {
    if (typeof value !== 'string') return wrongType(value, at, `one of ${words.join(', ')}`);
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined) return word;
    const meant = likely(value, words);
    const fix = meant === undefined ? `use ${words.join(' or ')}` : `write ${meant}`;
    return refuse(at, `'${value}' is none of ${words.join(', ')}`, fix);
  };
}

/** A text that `parse` turns into a value, or says why not. */
export function parsed<T extends object | string>(
  parse: (value: string) => T | { readonly problem: string; readonly fix: string },
): Shape<T> {
  return (value, at) => {
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

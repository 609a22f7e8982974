import { Failure } from '../../model/problem';

/** Reads a value of a request. `path` is its place, such as `flows[2].from`. */
export type FieldReader<T> = (value: unknown, path: string) => T;

const bad = (path: string, what: string): Failure =>
  new Failure(
    'bad-request',
    `${path === '' ? 'the request' : path} must be ${what}`,
    'see lib/serve/ROUTES.md for what each route asks',
  );

/** A text of at most so many characters. */
export const text =
  (most = 1000): FieldReader<string> =>
  (value, path) => {
    if (typeof value === 'string' && value.length <= most) return value;
    throw bad(path, `a text of at most ${most} characters`);
  };

/** One of several texts. */
export const oneOf =
  <T extends string>(...options: readonly T[]): FieldReader<T> =>
  (value, path) => {
    const found = options.find((option) => option === value);
    if (found !== undefined) return found;
    throw bad(path, `one of ${options.join(', ')}`);
  };

/** A number from `least` to `most`. */
export const number =
  (least: number, most: number): FieldReader<number> =>
  (value, path) => {
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw bad(path, `a number from ${least} to ${most}`);
  };

/** A whole number from `least` to `most`. */
export const whole =
  (least: number, most: number): FieldReader<number> =>
  (value, path) => {
    if (Number.isInteger(value)) return number(least, most)(value, path);
    throw bad(path, `a whole number from ${least} to ${most}`);
  };

export const flag: FieldReader<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value;
  throw bad(path, 'true or false');
};

/** A list of at most so many items. */
export const list =
  <T>(item: FieldReader<T>, most: number): FieldReader<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value) || value.length > most)
      throw bad(path, `a list of at most ${most} items`);
    return value.map((one, i) => item(one, `${path}[${i}]`));
  };

/** A field that may be left out. */
export const optional =
  <T>(reader: FieldReader<T>): FieldReader<T | undefined> =>
  (value, path) =>
    value === undefined ? undefined : reader(value, path);

/** A field that may be null. */
export const nullable =
  <T>(reader: FieldReader<T>): FieldReader<T | null> =>
  (value, path) =>
    value === null ? null : reader(value, path);

/** The first of two readers that accepts the value. */
export const either =
  <A, B>(first: FieldReader<A>, second: FieldReader<B>): FieldReader<A | B> =>
  (value, path) => {
    try {
      return first(value, path);
    } catch {
      return second(value, path);
    }
  };

type Readers<T> = { readonly [K in keyof T]-?: FieldReader<T[K]> };

/** An object of exactly these fields: one that is not known is an error, not ignored. */
export const object =
  <T extends object>(readers: Readers<T>): FieldReader<T> =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw bad(path, 'an object');
    const known = Object.keys(readers);
    const stranger = Object.keys(value).find((name) => !known.includes(name));
    if (stranger !== undefined)
      throw bad(path, `without the field '${stranger}'; it has ${known.join(', ') || 'no fields'}`);
    const given = new Map(Object.entries(value));
    const fields = Object.entries<FieldReader<unknown>>(readers).flatMap(([name, reader]) => {
      const read = reader(given.get(name), path === '' ? name : `${path}.${name}`);
      return read === undefined ? [] : [[name, read] as const];
    });
    return Object.fromEntries(fields) as T;
  };

/**
 * A value that is made at the first call. It belongs to a prepared index and lives as long as that
 * index; it is not a cache of the module.
 */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/**
 * A table whose entries are made when they are first looked up, by `keyOf` the argument; `@default`
 * the argument itself. Part of a prepared index, as `lazy` is.
 */
export function lazyTable<A, T>(
  make: (argument: A) => T,
  keyOf: (argument: A) => unknown = (argument) => argument,
): (argument: A) => T {
  const entries = new Map<unknown, { readonly value: T }>();
  return (argument) => {
    const key = keyOf(argument);
    const known = entries.get(key);
    if (known !== undefined) return known.value;
    const value = make(argument);
    entries.set(key, { value });
    return value;
  };
}

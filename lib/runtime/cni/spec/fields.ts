/** A JSON object. */
export type ConfigFields = Readonly<Record<string, unknown>>;

/** Is this a JSON object, neither a list nor null? */
export const isObject = (value: unknown): value is ConfigFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The value of a field by its name. An exact name wins; otherwise upper and lower case are alike, as
 * Go's encoding/json reads them for every reference plugin. Null is absent.
 */
export function fieldOf(fields: ConfigFields, name: string): unknown {
  const exact = fields[name];
  if (exact !== undefined) return exact ?? undefined;
  const key = Object.keys(fields).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : (fields[key] ?? undefined);
}

/** Names of the fields that are not among `known`; upper and lower case are alike. */
export function unknownFields(fields: ConfigFields, known: readonly string[]): readonly string[] {
  const names = new Set(known.map((name) => name.toLowerCase()));
  return Object.keys(fields).filter(
    (name) => !names.has(name.toLowerCase()) && fields[name] !== null,
  );
}

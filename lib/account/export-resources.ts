/** A value of a template: text, a reference, a list. */
export type Value =
  | string
  | number
  | boolean
  | readonly Value[]
  | { readonly [key: string]: Value };

/** One resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, Value>>;
}

/** A resource under its logical id. */
export type Named = readonly [string, Resource];

/** Resources by logical id. */
export type Resources = Readonly<Record<string, Resource>>;

/** Says what an id of the account is in the template: a reference where it is part of it, else itself. */
export type Refer = (id: string | undefined) => Value;

/** A logical id: what an account calls something, without what CloudFormation does not take. */
export const logicalId = (id: string): string => id.replace(/[^A-Za-z0-9]/g, '');

/** A resource; properties without a value are left out. */
export const resource = (
  Type: string,
  properties: Readonly<Record<string, Value | undefined>>,
): Resource => ({
  Type,
  Properties: Object.fromEntries(
    Object.entries(properties).filter((one): one is [string, Value] => one[1] !== undefined),
  ),
});

/** The tags that people gave: AWS's own (`aws:`) cannot be given. */
export const tagged = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Value | undefined => {
  const own = tags.flatMap(({ Key = '', Value = '' }) =>
    Key === '' || Key.startsWith('aws:') ? [] : [{ Key, Value }],
  );
  return own.length === 0 ? undefined : own;
};

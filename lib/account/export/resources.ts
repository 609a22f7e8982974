/** A value of a template: text, a reference, a list. */
export type ExportedValue =
  | string
  | number
  | boolean
  | readonly ExportedValue[]
  | { readonly [key: string]: ExportedValue };

/** One resource of a template. */
export interface ExportedResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, ExportedValue>>;
  /** What was found and CloudFormation has no property for. */
  readonly Metadata?: { readonly Found: Readonly<Record<string, ExportedValue>> };
}

/** A resource under its logical id. */
export type NamedResource = readonly [string, ExportedResource];

/** Resources by logical id. */
export type ExportedResources = Readonly<Record<string, ExportedResource>>;

/** Says what an id of the account is in the template: a reference where it is part of it, else itself. */
export type Refer = (id: string | undefined) => ExportedValue;

/** A logical id: what an account calls something, without what CloudFormation does not take. */
export const logicalId = (id: string): string => id.replace(/[^A-Za-z0-9]/g, '');

/** A resource; properties without a value are left out. */
export const resource = (
  Type: string,
  properties: Readonly<Record<string, ExportedValue | undefined>>,
): ExportedResource => ({
  Type,
  Properties: present(properties),
});

/** Values that are there. */
export const present = (
  values: Readonly<Record<string, ExportedValue | undefined>>,
): Readonly<Record<string, ExportedValue>> =>
  Object.fromEntries(
    Object.entries(values).filter((one): one is [string, ExportedValue] => one[1] !== undefined),
  );

/** A resource with what was found of it beside its properties; readers of templates look for it. */
export const withFound = (
  made: ExportedResource,
  found: Readonly<Record<string, ExportedValue>>,
): ExportedResource => ({ ...made, Metadata: { Found: found } });

/** The tags that people gave: AWS's own (`aws:`) cannot be given. */
export const tagged = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): ExportedValue | undefined => {
  const own = tags.flatMap(({ Key = '', Value = '' }) =>
    Key === '' || Key.startsWith('aws:') ? [] : [{ Key, Value }],
  );
  return own.length === 0 ? undefined : own;
};

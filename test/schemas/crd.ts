import { parseAllDocuments } from 'yaml';

/** A JSON schema, or a part of one. */
export type Schema = { readonly [key: string]: unknown };

/** Schemas by `apiVersion kind`. */
export type Schemas = Readonly<Record<string, Schema>>;

interface Definition {
  readonly kind?: string;
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema?: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

/** The schema of every kind and version that CustomResourceDefinitions define, made strict. */
export const schemasOf = (text: string): Schemas =>
  Object.fromEntries(
    parseAllDocuments(text)
      .map((document) => document.toJS() as Definition | null)
      .filter((definition) => definition?.kind === 'CustomResourceDefinition')
      .flatMap((definition) => (definition === null ? [] : versionsOf(definition))),
  );

const versionsOf = ({ spec }: Definition): readonly (readonly [string, Schema])[] =>
  spec.versions.flatMap(({ name, schema }) =>
    schema === undefined
      ? []
      : [[`${spec.group}/${name} ${spec.names.kind}`, ofObject(schema.openAPIV3Schema)]],
  );

/** What every object has; definitions may leave it out, and the API server adds it. */
const EVERY_OBJECT = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: {
    $ref: '/api/_definitions.json#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
  },
} as const;

function ofObject(schema: Schema): Schema {
  const { properties, ...rest } = strict(schema) as { readonly properties?: Schema };
  return { ...rest, properties: { ...properties, ...EVERY_OBJECT } };
}

/**
 * A structural schema as JSON Schema 2020-12 that refuses unknown fields: the API server prunes
 * them silently, `kubectl apply` with strict validation refuses them (Kubernetes documents, "Field
 * validation"). Junctors (`allOf`, `not` ...) only constrain: they declare no fields, so they stay.
 */
export function strict(schema: Schema): Schema {
  const { properties, items, additionalProperties, nullable, ...rest } = schema as {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly items?: Schema;
    readonly additionalProperties?: Schema | boolean;
    readonly nullable?: boolean;
  };
  const { type, ...others } = rest as { readonly type?: string };
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    ...others,
    ...typed(schema, type, nullable),
    ...(items === undefined ? {} : { items: strict(items) }),
    ...(properties === undefined ? {} : { properties: eachStrict(properties) }),
    ...rests(additionalProperties, properties !== undefined && !open),
  };
}

const eachStrict = (properties: Readonly<Record<string, Schema>>): Schema =>
  Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, strict(each)]));

function typed(schema: Schema, type: string | undefined, nullable: boolean | undefined): Schema {
  if (schema['x-kubernetes-int-or-string'] === true) return { type: ['integer', 'string'] };
  if (type === undefined) return {};
  return { type: nullable === true ? [type, 'null'] : type };
}

/** What may stand beside the declared fields. */
const rests = (declared: Schema | boolean | undefined, closed: boolean): Schema => {
  if (typeof declared === 'object') return { additionalProperties: strict(declared) };
  if (declared !== undefined) return { additionalProperties: declared };
  return closed ? { additionalProperties: false } : {};
};

import type { Schema, Schemas } from './crd';

const V1 = 'crd.projectcalico.org/v1';
const V3 = 'projectcalico.org/v3';

/**
 * Schemas of `projectcalico.org/v3`, which is what people write, from those of the storage kinds
 * `crd.projectcalico.org/v1`: one Go type makes both specs (projectcalico/calico, libcalico-go).
 *
 * The newest definitions that a registry carries are those of 3.28. By hand, from the reference of
 * 3.31: tiers, the field `tier` of policies, and the staged kinds, whose spec is that of the policy
 * and `stagedAction`.
 */
export function calicoSchemas(found: Schemas): Schemas {
  const asStored = Object.entries(found).filter(([name]) => name.startsWith(`${V1} `));
  const written = asStored.map(([name, schema]) => [name.replace(V1, V3), schema] as const);
  const policies = written
    .filter(([name]) => /(Global)?NetworkPolicy$/.test(name))
    .flatMap(([name, schema]) => [
      [name, withFields(schema, { tier: TEXT })] as const,
      [name.replace(`${V3} `, `${V3} Staged`), withFields(schema, STAGED)] as const,
    ]);
  return { ...Object.fromEntries([...written, ...policies]), [`${V3} Tier`]: tier(found) };
}

const TEXT: Schema = { type: 'string' };
const STAGED = {
  tier: TEXT,
  stagedAction: { type: 'string', enum: ['Set', 'Delete'] },
};

/** A tier's spec has two fields; the rest of the object is as any other's. */
const tier = (found: Schemas): Schema =>
  withSpec(found[`${V1} GlobalNetworkSet`] ?? {}, {
    type: 'object',
    properties: {
      order: { type: 'number' },
      defaultAction: { type: 'string', enum: ['Allow', 'Deny', 'Log', 'Pass'] },
    },
    additionalProperties: false,
  });

const withFields = (schema: Schema, fields: Schema): Schema => {
  const { spec } = propertiesOf(schema);
  const known = (spec as { readonly properties?: Schema } | undefined)?.properties;
  return withSpec(schema, { ...(spec as Schema), properties: { ...known, ...fields } });
};

const withSpec = (schema: Schema, spec: Schema): Schema => ({
  ...schema,
  properties: { ...propertiesOf(schema), spec },
});

const propertiesOf = (schema: Schema): Schema => (schema.properties ?? {}) as Schema;

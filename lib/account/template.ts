/**
 * A synthesized CloudFormation template as this room reads it: resources by logical id, and
 * references followed as far as the templates themselves say where they lead.
 */

/** A parsed template and the name of its stack. */
export interface Template {
  readonly name: string;
  readonly body: unknown;
}

export interface TemplateResource {
  /** `stack/LogicalId`. */
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The template it stands in: references are looked up there first. */
  readonly template: Template;
}

/** Every resource of every template, in their order. */
export function resourcesOf(templates: readonly Template[]): readonly TemplateResource[] {
  return templates.flatMap((template) =>
    Object.entries(record(record(template.body).Resources)).map(([logicalId, raw]) => ({
      id: `${template.name}/${logicalId}`,
      type: text(record(raw).Type) ?? '(no type)',
      properties: record(record(raw).Properties),
      template,
    })),
  );
}

/** Follows references between the templates of one lab. */
export interface Resolver {
  /** The literal a value comes to: parameters by their default, imports by their export. */
  literal(value: unknown, from: TemplateResource): unknown;
  /** The resource a value names, through `Ref`, `Fn::GetAtt` and imports. */
  resource(value: unknown, from: TemplateResource): TemplateResource | undefined;
}

/** A resolver over these templates; what they do not say is answered `undefined`. */
export function createResolver(templates: readonly Template[]): Resolver {
  const byId = new Map(resourcesOf(templates).map((resource) => [resource.id, resource]));
  const exported = new Map(templates.flatMap(exportsOf));

  const step = (value: unknown, from: Template): { value: unknown; from: Template } | undefined => {
    const node = record(value);
    if ('Fn::ImportValue' in node) return exported.get(String(node['Fn::ImportValue']));
    const parameter = record(record(from.body).Parameters)[String(node.Ref)];
    return 'Ref' in node && parameter !== undefined
      ? { value: record(parameter).Default, from }
      : undefined;
  };
  return {
    literal(value, { template }) {
      const next = step(value, template);
      const final = next === undefined ? value : next.value;
      return typeof final === 'object' && final !== null && !Array.isArray(final)
        ? undefined
        : final;
    },
    resource(value, { template }) {
      const place = step(value, template) ?? { value, from: template };
      const node = record(place.value);
      const attribute = node['Fn::GetAtt'];
      const [owner = ''] = Array.isArray(attribute) ? attribute : [];
      const logicalId = 'Ref' in node ? node.Ref : owner;
      return byId.get(`${place.from.name}/${String(logicalId)}`);
    },
  };
}

const exportsOf = (from: Template): [string, { value: unknown; from: Template }][] =>
  Object.values(record(record(from.body).Outputs)).flatMap((output) => {
    const name = text(record(record(output).Export).Name);
    return name === undefined ? [] : [[name, { value: record(output).Value, from }]];
  });

/** The value as an object, or an empty one: templates are input and may hold anything. */
export const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** A number, also where it is written as text, as CloudFormation allows. */
export const number = (value: unknown): number | undefined => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
};

import { Failure, type SourceFile } from '../model/problem';

/** JSON as templates hold it. */
export type TemplateJson =
  | string
  | number
  | boolean
  | readonly TemplateJson[]
  | { readonly [key: string]: TemplateJson };

/**
 * A change to a synthesized template, in CloudFormation's own words: how a lab breaks a network on
 * purpose, or adds what its step asks for. Resources are found by type and the beginning of their
 * logical id.
 */
export interface TemplateChange {
  readonly resource: `AWS::${string}::${string}`;
  /** Beginning of the logical id; of a resource that is added, all of it. */
  readonly id: string;
  readonly change:
    | { readonly kind: 'remove' }
    /** Properties set to other values; `null`s are not known to templates, so nothing is unset. */
    | { readonly kind: 'set'; readonly properties: Readonly<Record<string, TemplateJson>> }
    | { readonly kind: 'add'; readonly properties: Readonly<Record<string, TemplateJson>> };
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/**
 * The templates with all changes made, in their order.
 * @throws Failure `no-such-resource` where a change finds nothing: a lab that breaks nothing teaches nothing.
 */
export const changeTemplates = (
  files: readonly SourceFile[],
  changes: readonly TemplateChange[],
): readonly SourceFile[] => changes.reduce(changeOnce, files);

function changeOnce(files: readonly SourceFile[], change: TemplateChange): readonly SourceFile[] {
  let found = 0;
  const changed = files.map((file) => {
    const template = JSON.parse(file.text) as Template;
    const resources = changeResources(template.Resources, change);
    if (resources === undefined) return file;
    found += 1;
    return { ...file, text: JSON.stringify({ ...template, Resources: resources }) };
  });
  if (found > 0) return changed;
  throw new Failure(
    'no-such-resource',
    `no template has a ${change.resource} called ${change.id}…`,
    'look at the names in cdk.out, and change the lab',
  );
}

/** `undefined` where this template has nothing of the kind; additions go where their siblings are. */
function changeResources(
  resources: Template['Resources'],
  { resource, id, change }: TemplateChange,
): Template['Resources'] | undefined {
  const all = Object.entries(resources);
  const isSibling = ([, { Type }]: (typeof all)[number]): boolean => Type === resource;
  const isMeant = (entry: (typeof all)[number]): boolean =>
    isSibling(entry) && entry[0].startsWith(id);
  switch (change.kind) {
    case 'add':
      return all.some(isSibling)
        ? { ...resources, [id]: { Type: resource, Properties: change.properties } }
        : undefined;
    case 'remove':
      return all.some(isMeant)
        ? Object.fromEntries(all.filter((entry) => !isMeant(entry)))
        : undefined;
    case 'set':
      return all.some(isMeant)
        ? Object.fromEntries(
            all.map(([name, one]) =>
              isMeant([name, one])
                ? [name, { ...one, Properties: { ...one.Properties, ...change.properties } }]
                : [name, one],
            ),
          )
        : undefined;
  }
}

import type { SourceFile } from '../../lib/model/problem';
import { type Context, labTemplates } from '../lab-templates';

export interface Resource {
  readonly id: string;
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own shape, judged by the tests
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Omit<Resource, 'id'>>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** What one lab synthesizes to. */
export interface Synthesized {
  readonly templates: Readonly<Record<string, Template>>;
  readonly files: readonly SourceFile[];
}

const cache = new Map<string, Synthesized>();

/** What a lab synthesizes to; the same context is synthesized once a run, and read once a file. */
export function synthesize(context: Context): Synthesized {
  const key = JSON.stringify(context);
  const known = cache.get(key) ?? parsed(labTemplates(context));
  cache.set(key, known);
  return known;
}

function parsed(files: readonly SourceFile[]): Synthesized {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const templates = sorted.map(({ path, text }) => [
    path.replace('.template.json', ''),
    JSON.parse(text) as Template,
  ]);
  return { files, templates: Object.fromEntries(templates) };
}

/** Resources of a type in one of a lab's stacks (`network`, `cluster`, `addons`, `expiry`). */
export function resources(lab: Synthesized, part: string, type: string): readonly Resource[] {
  const name = Object.keys(lab.templates).find((stack) => stack.endsWith(`-${part}`));
  const template = lab.templates[name ?? ''];
  if (template === undefined) throw new Error(`no stack ends with -${part}`);
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => ({ id, ...resource }));
}

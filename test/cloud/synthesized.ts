import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { type LabConfig, readConfig } from '../../lib/cloud/config';
import { addLab, createDraft } from '../../lib/cloud/lab-app';
import type { SourceFile } from '../../lib/model/problem';

/** The day tests synthesize on, so templates are the same every day. */
export const TEST_DAY = new Date('2026-11-21T10:00:00Z');

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
  readonly app: App;
  readonly templates: Readonly<Record<string, Template>>;
  readonly files: readonly SourceFile[];
}

type Context = Readonly<Record<string, string>>;

const cache = new Map<string, Synthesized>();

/** Synthesizes a lab in this process; the same context only once a test file. */
export function synthesize(context: Context): Synthesized {
  const key = JSON.stringify(context);
  const known = cache.get(key) ?? run(context);
  cache.set(key, known);
  return known;
}

export function configOf(context: Context): LabConfig {
  const reading = readConfig(context, TEST_DAY);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.value;
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

function run(context: Context): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), 'synthesized-'));
  try {
    const app = createDraft(folder);
    addLab(app, configOf(context));
    app.synth();
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.template.json'))
      .map((name) => ({ path: name, text: readFileSync(join(folder, name), 'utf8') }));
    const templates = files.map(({ path, text }) => [
      path.replace('.template.json', ''),
      JSON.parse(text) as Template,
    ]);
    return { app, files, templates: Object.fromEntries(templates) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

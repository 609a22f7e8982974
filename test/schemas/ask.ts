import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { KUBERNETES_RELEASES } from '../../lib/cloud/config/versions';
import { calicoSchemas } from './calico';
import { type Schemas, schemasOf } from './crd';
import { definitionFiles, python } from './install';

/** A text with objects, and where it is from. */
export interface ManifestFile {
  readonly path: string;
  readonly text: string;
}

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

interface Answer {
  readonly object: number;
  readonly path: string;
  readonly problem: string;
  readonly schema: string;
}

/**
 * What the schemas refuse in these files: `file: Kind namespace/name: path: problem (schema)`, every
 * problem once, where several versions of Kubernetes agree by the oldest. All files in one question,
 * and equal objects once: most stages repeat their workloads.
 */
export function refusals(files: readonly ManifestFile[]): readonly string[] {
  const found = files.flatMap(({ path, text }) =>
    objectsIn(text).map((object) => ({ path, object, key: JSON.stringify(object) })),
  );
  const distinct = [...new Map(found.map(({ key, object }) => [key, object])).values()];
  const answers = ask(distinct);
  const lines = new Map<string, string>();
  for (const { path, object, key } of found)
    for (const { object: at, path: field, problem, schema } of answers) {
      if (JSON.stringify(distinct[at]) !== key) continue;
      const line = `${path}: ${nameOf(object)}: ${field}: ${problem}`;
      if (!lines.has(line)) lines.set(line, `${line} (${schema})`);
    }
  return [...lines.values()];
}

/** Objects of a text, read by YAML 1.1 as kubectl reads it: there `on` is a boolean. */
const objectsIn = (text: string): readonly KubernetesObject[] =>
  parseAllDocuments(text, { version: '1.1' })
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);

const nameOf = ({ kind, metadata }: KubernetesObject): string => {
  const { namespace, name } = metadata ?? {};
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
};

function ask(objects: readonly KubernetesObject[]): readonly Answer[] {
  const versions = KUBERNETES_RELEASES.map(({ version }) => version);
  const answer = execFileSync(python, [join(__dirname, 'ask.py')], {
    input: JSON.stringify({ versions, schemas: definedKinds(), objects }),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    timeout: 120_000,
  });
  return JSON.parse(answer);
}

/** Schemas of all kinds that are not Kubernetes' own, by `apiVersion kind`. */
export function definedKinds(): Schemas {
  const texts = definitionFiles().map((path) => readFileSync(path, 'utf8'));
  const found: Schemas = Object.assign({}, ...texts.map(schemasOf));
  return { ...found, ...calicoSchemas(found) };
}

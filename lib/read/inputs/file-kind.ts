import type { SourceFile } from '../../model/problem';

/** What a file is, as far as one can tell without reading it whole. */
export type FileKind =
  | 'objects'
  | 'template'
  | 'terraform plan'
  | 'terraform state'
  | 'terraform source'
  | 'pulumi'
  | 'kustomization'
  | 'chart'
  | 'empty'
  | 'broken'
  | 'other';

/** Above this size (characters) a JSON file is not parsed here: its first characters decide. */
const MAX_PARSED = 4_000_000;
/** Characters of a large file that are looked at. */
const HEAD = 100_000;

/**
 * What a file is. Kubernetes objects have `apiVersion` and `kind` at the top, a CloudFormation template
 * has `Resources` (template anatomy); Terraform and Pulumi name themselves in what they write
 * (Terraform: JSON output format; Pulumi: `pulumi stack export`).
 */
export function fileKind({ path, text }: SourceFile): FileKind {
  const named = kindByName(path);
  if (named !== undefined) return named;
  const bare = text.trim();
  if (bare === '') return 'empty';
  const isJson = bare.startsWith('{') || bare.startsWith('[');
  if (isJson && text.length <= MAX_PARSED) {
    const parsed = parseJson(bare);
    if (parsed !== undefined) return kindOfValue(parsed);
    // Several JSON documents, or YAML in flow style.
    return kindByKeys((key) => new RegExp(`["']?\\b${key}["']?\\s*:`).test(text)) ?? 'broken';
  }
  const head = text.slice(0, HEAD);
  if (isJson) return kindByKeys((key) => head.includes(`"${key}"`)) ?? 'objects';
  return kindOfYaml(path, text);
}

/** Kinds that a file's name alone tells. */
function kindByName(path: string): FileKind | undefined {
  const name = path.split('/').at(-1) ?? path;
  if (/\.tf(\.json)?$/.test(name)) return 'terraform source';
  if (/\.tfstate$/.test(name)) return 'terraform state';
  if (/^Pulumi(\.[\w-]+)?\.ya?ml$/.test(name)) return 'pulumi';
  if (/^kustomization\.ya?ml$|^Kustomization$/.test(name)) return 'kustomization';
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function kindOfValue(value: unknown): FileKind {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'other';
  const has = (key: string): boolean => Object.hasOwn(value, key);
  const inner: unknown = has('deployment') ? Reflect.get(value, 'deployment') : undefined;
  if (typeof inner === 'object' && inner !== null && 'resources' in inner) return 'pulumi';
  return kindByKeys(has) ?? 'other';
}

/** The kind that keys at the top of a document tell. */
function kindByKeys(has: (key: string) => boolean): FileKind | undefined {
  if (has('terraform_version') || has('format_version')) {
    const isPlan = has('planned_values') || has('resource_changes') || has('planned');
    return isPlan ? 'terraform plan' : 'terraform state';
  }
  if (has('apiVersion') || has('kind')) return 'objects';
  if (has('Resources')) return 'template';
  return has('metadata') && has('spec') ? 'objects' : undefined;
}

/** The kind that the keys at a document's least indentation tell; one document of a kind is enough. */
function kindOfYaml(path: string, text: string): FileKind {
  const documents = text.split(/^---(?:[ \t].*)?$/m).map(contentLines);
  if (documents.every((lines) => lines.length === 0)) return 'empty';
  const kinds = documents.flatMap((lines) => kindOfLines(lines) ?? []);
  const isChart = /(^|\/)Chart\.ya?ml$/.test(path) && !kinds.includes('template');
  if (isChart) return 'chart';
  return kinds[0] ?? 'other';
}

const contentLines = (document: string): readonly string[] =>
  document.split(/\r?\n/).filter((line) => !/^\s*(?:#|$|%|\.\.\.)/.test(line));

function kindOfLines(lines: readonly string[]): FileKind | undefined {
  const least = lines.reduce((sum, line) => Math.min(sum, indentOf(line)), Number.MAX_SAFE_INTEGER);
  const top = lines.filter((line) => indentOf(line) === least);
  const isFlow = top[0]?.trimStart().startsWith('{') === true;
  const lookedAt = isFlow ? lines : top;
  return kindByKeys((key) => {
    const pattern = isFlow
      ? new RegExp(`["']?\\b${key}["']?\\s*:`)
      : new RegExp(`^\\s*["']?${key}["']?\\s*:`);
    return lookedAt.some((line) => pattern.test(line));
  });
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

import type { SkippedFile } from '../../model/input-summary';
import type { SourceFile } from '../../model/problem';
import { type FileKind, fileKind } from './file-kind';
import { skippedFile, type WantedInput } from './skipped-file';

/** A path that a person gave, with the files that it stands for. */
export interface GivenInput {
  readonly path: string;
  /** A folder or a pipe holds what it holds; a file was named by itself. */
  readonly form: 'file' | 'folder' | 'pipe';
  readonly files: readonly SourceFile[];
}

/** The files of the wanted kind, and what the others are. */
export interface SortedInputs {
  readonly wanted: readonly SourceFile[];
  readonly skipped: readonly SkippedFile[];
  /** Paths that give nothing of the kind, each with why. */
  readonly barren: readonly SkippedFile[];
}

/**
 * Tells the files that hold what a command wants from those that do not. The templates of a Helm chart
 * are part of the chart: they are no objects until it is rendered.
 */
export function sortInputs(given: readonly GivenInput[], want: WantedInput): SortedInputs {
  const sorted = given.map((one) => sortOne(one, want));
  const wanted = sorted.flatMap((one) => one.wanted);
  const skipped = sorted.flatMap((one) => one.skipped);
  const barren = sorted.flatMap((own, i) => {
    const one = given[i];
    const isBarren = one !== undefined && own.wanted.length === 0 && one.form !== 'file';
    return isBarren ? [barrenInput(one, own.skipped, want)] : [];
  });
  if (barren.length > 0 || given.length === 0 || wanted.length > 0) {
    return { wanted, skipped, barren };
  }
  const path = given.map((one) => one.path).join(', ');
  return { wanted, skipped, barren: [barrenInput({ path, form: 'file' }, skipped, want)] };
}

function sortOne({ form, files }: GivenInput, want: WantedInput) {
  const kinds = new Map(files.map((file) => [file.path, fileKind(file)]));
  const charts = files
    .filter(({ path }) => kinds.get(path) === 'chart')
    .map(({ path }) => path.replace(/[^/]*$/, ''));
  const isPart = (path: string): boolean =>
    charts.some((chart) => path.startsWith(`${chart}templates/`));
  const skipped: SkippedFile[] = [];
  const wanted: SourceFile[] = [];
  for (const file of files) {
    const kind = kinds.get(file.path) ?? 'other';
    if (isPart(file.path)) continue;
    if (isWanted(file, { kind, want, form })) wanted.push(file);
    else skipped.push(skippedFile(file.path, kind, want));
  }
  return { wanted, skipped };
}

interface Candidate {
  readonly kind: FileKind;
  readonly want: WantedInput;
  readonly form: GivenInput['form'];
}

/** A broken file that was named by itself is the reader's to refuse, and so is what a name promises. */
function isWanted({ path }: SourceFile, { kind, want, form }: Candidate): boolean {
  if (kind === want) return true;
  if (kind === 'broken') return form !== 'folder';
  return want === 'template' && /\.template\.(ya?ml|json)$/.test(path) && kind !== 'empty';
}

const LOOKED_FOR: Readonly<Record<WantedInput, string>> = {
  objects:
    'a .yaml, .yml or .json file with Kubernetes objects (apiVersion and kind at the top of a document)',
  template: 'a .yaml, .yml or .json file with a CloudFormation template (Resources at its top)',
};

/** Why a path gives nothing, with what was looked for. */
export function barrenInput(
  { path, form }: Pick<GivenInput, 'path' | 'form'>,
  skipped: readonly SkippedFile[],
  want: WantedInput,
): SkippedFile {
  const what = want === 'objects' ? 'Kubernetes object' : 'CloudFormation template';
  const where = form === 'pipe' ? 'standard input' : path;
  const advised = skipped.find(({ fix }) => fix !== undefined);
  const found = skipped.length === 0 ? '' : `; found: ${listed(skipped)}`;
  return {
    file: where,
    because: `${where} gives no ${what}: looked for ${LOOKED_FOR[want]}${found}`,
    fix: advised?.fix ?? `give files or folders that hold a ${what}`,
  };
}

/** Names that are listed in full. */
const MOST_NAMED = 10;

/** `package.json (no Kubernetes object), values.yaml (…)`, at most ten and how many more. */
export function listed(skipped: readonly SkippedFile[]): string {
  const named = skipped.slice(0, MOST_NAMED).map(({ file, because }) => `${file} (${because})`);
  const more = skipped.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
